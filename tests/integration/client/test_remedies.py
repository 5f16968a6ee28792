"""The remedies on the command line and in the SDK: what is typed is what arrives."""

import json
from typing import Any

import pytest
from tests.integration.client.conftest import Terminal
from tests.integration.client.fake_node import Running
from tests.integration.client.orders import order
from tests.integration.client.test_commands import drafted

from xiezhi_client.sdk import AskedPaper, Client, Officer
from xiezhi_domain.rulebook import shipped_rulebook

CONTACT = ["--contact", "测试联系人", "--phone", "0512-00000001"]
COMMANDS: dict[str, tuple[list[str], str, dict[str, Any]]] = {
    "ask-material": (
        ["--paper", "裁定书=缺少第二页", "--text", "一次性告知", *CONTACT],
        "AskForMaterial",
        {
            "papers": [{"paper_type": "PAPER_TYPE_RULING", "note": "缺少第二页"}],
            "text": "一次性告知",
            "contact": {"name": "测试联系人", "phone": "0512-00000001"},
        },
    ),
    "object": (["--text", "有管辖权"], "ObjectToReturn", {"text": "有管辖权"}),
    "stop": (["--reason", "被执行人已履行"], "StopInstruction", {"reason": "PAID"}),
    "stop-report": (
        ["--text", "未及办理", "--item", "1=不再需要"],
        "ReportStop",
        {"text": "未及办理", "outcomes": [{"number": 1, "outcome": "OUTCOME_NOT_NEEDED"}]},
    ),
    "suspend": (["--reason", "STAYED"], "SuspendInstruction", {"reason": "STAYED"}),
    "resume": (["--text", "恢复"], "ResumeInstruction", {"text": "恢复"}),
    "case-status": (
        ["--status", "终本", "--then", "停止办理", "--reason", "案件已结案"],
        "ChangeCaseStatus",
        {
            "status": "CASE_STATUS_CHANGE_TERMINATED_FOR_NOW",
            "choice": "CASE_CHOICE_STOP",
            "reason": "CASE_CLOSED",
        },
    ),
    "case-continue": (["--text", "继续"], "ContinueCase", {"text": "继续"}),
    "extend": (
        ["--until", "2026-12-01", "--reason", "情况复杂", "--text", "需再次上门"],
        "AskExtension",
        {"until_on": "2026-12-01", "reason": "COMPLEX", "text": "需再次上门"},
    ),
    "extend-grant": (["--until", "2026-11-30"], "GrantExtension", {"until_on": "2026-11-30"}),
    "extend-refuse": (["--text", "情况紧迫"], "RefuseExtension", {"text": "情况紧迫"}),
    "nudge": ([], "Nudge", {}),
    "nudge-answer": (["--text", "本周办结"], "AnswerNudge", {"text": "本周办结"}),
    "nudge-confirm": (["--text", "请确认"], "NudgeConfirmation", {"text": "请确认"}),
    "confirm-for": (["--reason", "承办人已调离"], "ConfirmFor", {"reason": "MOVED"}),
    "evaluate": (["--grade", "满意"], "Evaluate", {"grade": "GOOD"}),
    "complain": (
        ["--reason", "消极办理", "--text", "久拖不办"],
        "Complain",
        {"reason": "IDLE", "text": "久拖不办"},
    ),
    "explain": (["--text", "已到现场三次"], "ExplainComplaint", {"text": "已到现场三次"}),
    "call": (
        [
            "--name",
            "测试乙",
            "--phone",
            "0512-00000002",
            "--text",
            "今晚前往",
            "--at",
            "2026-01-05 09:30",
            "--promised",
            "2026-01-05 20:00",
        ],
        "LogCall",
        {
            "counterpart": {"name": "测试乙", "phone": "0512-00000002"},
            "text": "今晚前往",
            "called_at": "2026-01-05T01:30:00Z",
            "promised_at": "2026-01-05T12:00:00Z",
        },
    ),
    "ask-ordinary": (["--text", "线索不紧迫"], "AskForOrdinary", {"text": "线索不紧迫"}),
    "rule-urgency": (["--ordinary"], "RuleOnUrgency", {"ordinary": True}),
    "recuse": (["--text", "系当事人近亲属"], "Recuse", {"text": "系当事人近亲属"}),
    "wrong-court": (
        ["--court", "苏0509", "--text", "不在本院辖区", *CONTACT],
        "ReportWrongCourt",
        {
            "court": "苏0509",
            "text": "不在本院辖区",
            "contact": {"name": "测试联系人", "phone": "0512-00000001"},
        },
    ),
    "escalate": (["--text", "两次退回仍有争议"], "Escalate", {"text": "两次退回仍有争议"}),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_typed_is_what_arrives(xiezhi: Terminal, command: str) -> None:
    typed, method, content = COMMANDS[command]
    matter = drafted(xiezhi)
    said = xiezhi(command, matter, *typed).stdout
    assert "现为" in said
    last = xiezhi.json("show", matter)["timeline"][-1]
    assert (last["kind"], json.loads(last["text"])) == (method, content)


def test_an_officer_is_named_as_people_name_him(xiezhi: Terminal) -> None:
    created = ["account", "create", "li", "--name", "李警官", "--role", "执行专员/外勤", "--stdin"]
    account = json.loads(xiezhi(*created, "--json", text="a long first password\n").stdout)
    matter = drafted(xiezhi)
    xiezhi("change-officer", matter, "--to", "李警官", "--reason", "请假")
    arrived = json.loads(xiezhi.json("show", matter)["timeline"][-1]["text"])
    assert arrived == {"successor_account_id": account["account_id"], "reason": "LEAVE"}
    assert "没有这个承办人" in xiezhi("recuse", matter, "--text", "近亲属", "--to", "无此人", code=1).stderr


def test_a_new_letter_is_uploaded_first(xiezhi: Terminal, tmp_path: Any) -> None:
    letter = tmp_path / "新委托函.pdf"
    letter.write_bytes(b"%PDF-1.7 letter")
    matter = drafted(xiezhi)
    xiezhi("confirm-letter", matter, "--paper", f"委托函={letter}")
    arrived = json.loads(xiezhi.json("show", matter)["timeline"][-1]["text"])
    assert arrived["documents"][0]["name"] == "新委托函.pdf"


def test_a_choice_after_a_change_of_the_case_is_one_call(xiezhi: Terminal) -> None:
    matter = drafted(xiezhi)
    assert xiezhi.json("case", "changes")[0]["change"]["change_id"] == "closed"
    words = ["--reason", "案件已结案", "--text", "已执行完毕"]
    chosen = xiezhi.json("case", "choose", "closed", matter, "停止办理", *words)
    assert chosen["receipt"]["instruction_id"] == matter
    arrived = json.loads(xiezhi.json("show", matter)["timeline"][-1]["text"])
    assert arrived == {
        "change_id": "closed",
        "choice": "CASE_CHOICE_STOP",
        "reason": "CASE_CLOSED",
        "text": "已执行完毕",
    }
    assert "案件状态变更" in xiezhi("case", "choose", "closed", matter, "继续办理").stdout


def test_a_change_that_no_case_system_reports_is_recorded(xiezhi: Terminal) -> None:
    told = ["（2026）苏0505执1234号", "移送", "--on", "2026-11-20", "--court", "苏0508"]
    assert "已登记" in xiezhi("case", "change", *told).stdout
    [listed] = xiezhi.json("case", "changes")
    assert listed["change"]["change"] == "TRANSFERRED"
    assert listed["change"]["happened_at"] == "2026-11-19T16:00:00+00:00"


def test_every_reason_can_be_written_in_chinese() -> None:
    from xiezhi_client.typed.reasons import code_of

    for table, reasons in shipped_rulebook().kind("FIND").reasons.items():
        assert [code_of(table, words) for words in reasons.values()] == list(reasons)
    assert code_of("stop", "无此原因") == "无此原因"


async def test_the_sdk_repeats_a_remedy_under_one_id(client: Client, fake: Running) -> None:
    receipt = (await client.find.draft(order())).receipt
    assert receipt is not None
    matter, act = receipt.instruction_id, client.instructions
    paper = AskedPaper(paper_type="RULING", note="缺少第二页")
    first = await act.ask_for_material(
        matter, [paper], contact=Officer(name="测试联系人", phone="0512"), request_id="mine"
    )
    assert (
        await act.ask_for_material(
            matter, [paper], contact=Officer(name="测试联系人", phone="0512"), request_id="mine"
        )
        == first
    )
    assert len(await act.timeline(matter)) == 1
    await act.rule_on_urgency(matter, ordinary=False, text="仍然紧急", base_event_id="event-1")
    asked = fake.node.calls["RuleOnUrgency"][0]
    assert (asked.ordinary, asked.base_event_id) == (False, "event-1")
