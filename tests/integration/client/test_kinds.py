"""The commands of whole cases, distributions, handovers and orders: what is typed is what arrives, in both forms."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.integration.client.conftest import Terminal
from tests.integration.client.test_commands import drafted

from xiezhi_domain.terms import Action

NINE = ("--at", "2026-01-05 09:30")
NINE_UTC = "2026-01-05T01:30:00Z"
DATED = ("--number", "苏高法执〔2026〕12号", "--dated", "2026-01-05")
PAPER = {"number": "苏高法执〔2026〕12号", "dated_on": "2026-01-05"}
HOUSE = {"category": "PROPERTY_CATEGORY_HOUSE", "description": "演示住房一套", "place": "演示路一号"}
DISTRIBUTION = "distribution-1"
OBJECTION = ("--objection", "objection-1")

FILES: Mapping[str, Any] = {
    "properties.json": {"properties": [{**HOUSE, "category": "HOUSE"}]},
    "renewals.json": {"renewals": [{"number": 1, "expires_on": "2029-01-04", "document_number": "之二"}]},
    "plan.json": {"debtor_name": "测试甲", "property": "变价款", "total_fen": 12_000},
    "seizures.json": {
        "first_claim": {"case_number": "（2026）苏0508执1号", "stage": "执行", "amount_fen": 100},
        "seizures": [{"court": "苏0508", "purpose": "ENFORCEMENT", "seized_on": "2026-01-05"}],
    },
    "shares.json": {
        "disposed_fen": 10_000,
        "costs_fen": 100,
        "reserved_fen": 900,
        "shares": [{"number": 1, "amount_fen": 9_000}],
    },
}
SEIZURES = [{"court": "苏0508", "purpose": "SEIZURE_PURPOSE_ENFORCEMENT", "seized_on": "2026-01-05"}]

Command = tuple[str, str, Action, dict[str, Any]]
"""What is typed after the matter, the method, the word for it, and what arrives."""

DELEGATE: dict[str, Command] = {
    "file-case": (
        "--case （2026）苏0508执1号 --on 2026-01-05 --officer 测试丙 --phone 0512-1 --attach 立案通知书=x.pdf",
        "FileCase",
        Action.FILE_CASE,
        {
            "filing": {
                "case_number": "（2026）苏0508执1号",
                "filed_on": "2026-01-05",
                "officer": {"name": "测试丙", "phone": "0512-1"},
            }
        },
    ),
    "cancel-case": (
        "--on 2026-01-05",
        "RecordCancellation",
        Action.CANCEL_CASE,
        {"cancelled_on": "2026-01-05"},
    ),
    "tell-applicant": (
        "--on 2026-01-05 --text 电话告知",
        "TellApplicant",
        Action.TELL_APPLICANT,
        {"told_on": "2026-01-05", "text": "电话告知"},
    ),
    "explain": ("--text 原件遗失", "ExplainSupplement", Action.EXPLAIN_SUPPLEMENT, {"text": "原件遗失"}),
    "return-materials": (
        "--text 全部材料",
        "ReturnMaterials",
        Action.RETURN_MATERIALS,
        {"text": "全部材料"},
    ),
    "apply-return": (
        "--reason 本辖区没有可供执行的财产 --text 无财产 --attach 受托执行案件退回审批表=x.pdf",
        "ApplyForReturn",
        Action.APPLY_FOR_RETURN,
        {"reason": "NO_PROPERTY", "text": "无财产", "application": PAPER},
    ),
    "return-decision": (
        "--permitted --attach 高级人民法院审批意见=x.pdf",
        "RecordReturnDecision",
        Action.RECORD_RETURN_DECISION,
        {"permitted": True, "decision": PAPER},
    ),
    "return-case": (
        "--text 经批准退回 --cancelled-on 2026-01-06 --attach 退回委托执行函=x.pdf",
        "ReturnCase",
        Action.RETURN_CASE,
        {"text": "经批准退回", "cancelled_on": "2026-01-06"},
    ),
    "revoke": (
        "--text 委托不当",
        "RevokeDelegation",
        Action.REVOKE_DELEGATION,
        {"text": "委托不当", "decision": PAPER},
    ),
    "report": ("", "ReportForRecord", Action.REPORT_FOR_RECORD, {"report": PAPER}),
    "tell-property": (
        "--file properties.json --text 新线索",
        "TellProperty",
        Action.TELL_PROPERTY,
        {"properties": [HOUSE], "text": "新线索"},
    ),
    "property-elsewhere": (
        "--file properties.json --text 已查封 --handling 直接异地执行",
        "NotePropertyElsewhere",
        Action.NOTE_PROPERTY_ELSEWHERE,
        {"handling": "DIRECT", "properties": [HOUSE], "text": "已查封"},
    ),
    "continue-seizures": (
        "--file renewals.json",
        "ContinueSeizures",
        Action.RENEW_SEIZURES,
        FILES["renewals.json"],
    ),
    "close-case": (
        "--as 执行完毕 --on 2026-01-05 --text 全部到位 --recovered 1,000.50 --attach 结案文书=x.pdf",
        "CloseCase",
        Action.CLOSE_CASE,
        {
            "closing": "FULLY_ENFORCED",
            "closed_on": "2026-01-05",
            "recovered_fen": "100050",
            "text": "全部到位",
        },
    ),
    "ask-higher": (
        "--wanted 提级执行 --court 苏05 --on 2026-01-05 --text 逾期 --attach 提级或指定执行申请书=x.pdf",
        "AskHigherCourt",
        Action.ASK_HIGHER_COURT,
        {"wanted": "ELEVATE", "court": "苏05", "asked_on": "2026-01-05", "text": "逾期"},
    ),
    "higher-answer": (
        "--answer 责令限期执行",
        "RecordHigherAnswer",
        Action.RECORD_HIGHER_ANSWER,
        {"answer": "LIMIT_SET", "decision": PAPER},
    ),
}
WITH_A_DATE = {"apply-return", "return-decision", "revoke", "report", "higher-answer"}
"""Steps that stand on a paper with number and day."""

CORRECTION = [{"claim": 2, "amount_fen": "5000000"}]
DISTRIBUTE: dict[str, Command] = {
    "received": (
        "--paper 方案 --way 直接送达 --attach 送达回证=x.pdf",
        "RecordReceipt",
        Action.RECORD_RECEIPT,
        {"paper": "DISTRIBUTION_PAPER_PLAN", "way": "DIRECT", "received_at": NINE_UTC},
    ),
    "object": (
        "--ground 债权数额 --claim 2=5000000 --text 利息有误 --attach 分配方案异议书=x.pdf",
        "ObjectToPlan",
        Action.OBJECT_TO_PLAN,
        {"ground": "AMOUNT", "corrections": CORRECTION, "text": "利息有误", "handed_in_at": NINE_UTC},
    ),
    "oppose": (
        "--objection objection-1 --text 利息应计入 --attach 反对意见书=x.pdf",
        "CounterObject",
        Action.COUNTER_OBJECT,
        {"objection_id": "objection-1", "text": "利息应计入", "handed_in_at": NINE_UTC},
    ),
    "sued": (
        "--objection objection-1 --attach 分配方案异议之诉受理材料=x.pdf",
        "ProveSuit",
        Action.PROVE_SUIT,
        {"objection_id": "objection-1", "filed_at": NINE_UTC},
    ),
    "pay": (
        "--amount 5000 --attach 付款凭证=x.pdf",
        "PayShare",
        Action.PAY_SHARE,
        {"paid_fen": "5000", "paid_at": NINE_UTC},
    ),
    "refuse": (
        "--reason 本院不是首先查封法院 --text 由他院查封",
        "RefuseParticipation",
        Action.REFUSE_PARTICIPATION,
        {"reason": "NOT_FIRST_SEIZURE", "text": "由他院查封"},
    ),
    "end": (
        "--reason 受理破产申请 --text 已受理",
        "EndDistribution",
        Action.END_DISTRIBUTION,
        {"reason": "BANKRUPTCY", "text": "已受理"},
    ),
}
WITHOUT_A_TIME = {"refuse", "end"}

TOGETHER: dict[str, Command] = {
    "served": (
        "--party 0 --paper 方案 --way 邮寄送达 --attach 送达回证=x.pdf",
        "RecordReceipt",
        Action.RECORD_RECEIPT,
        {"paper": "DISTRIBUTION_PAPER_PLAN", "way": "POST", "received_at": NINE_UTC},
    ),
    "notify": (
        "--party 2 --ground 参与分配资格 --claim 2=5000000 --text 已清偿 --attach 分配方案异议书=x.pdf",
        "NotifyObjection",
        Action.NOTIFY_OBJECTION,
        {
            "party": 2,
            "ground": "PARTICIPATION",
            "corrections": CORRECTION,
            "text": "已清偿",
            "handed_in_at": NINE_UTC,
        },
    ),
    "opposed": (
        "--objection objection-1 --party 2 --attach 反对意见书=x.pdf",
        "TellCounterObjection",
        Action.TELL_COUNTER_OBJECTION,
        {"objection_id": "objection-1", "party": 2, "handed_in_at": NINE_UTC},
    ),
    "own-suit": (
        "--objection objection-1 --attach 分配方案异议之诉受理材料=x.pdf",
        "ProveSuit",
        Action.PROVE_SUIT,
        {"objection_id": "objection-1", "filed_at": NINE_UTC},
    ),
    "release": (
        "--judgment （2026）苏0508民初1号 --claim 2=5000000 --attach 分配方案异议之诉裁判文书=x.pdf",
        "ReleaseDeposit",
        Action.RELEASE_DEPOSIT,
        {"judgment_number": "（2026）苏0508民初1号", "corrections": CORRECTION, "judged_at": NINE_UTC},
    ),
}

ON = "2026-01-05"
HANDOVER: dict[str, Command] = {
    "agree": ("--text 同意", "AgreeToHandover", Action.AGREE_HANDOVER, {"text": "同意"}),
    "refuse": (
        "--reason 查封财产属于争议标的 --text 正在审理",
        "RefuseHandover",
        Action.REFUSE_HANDOVER,
        {"reason": "IN_DISPUTE", "text": "正在审理"},
    ),
    "report-up": ("--text 逾期未复", "ReportToSuperior", Action.ESCALATE, {"text": "逾期未复"}),
    "hand-over": (
        "--file seizures.json --attach 移送执行函=x.pdf",
        "HandOverProperty",
        Action.HAND_OVER,
        {
            "first_claim": {"case_number": "（2026）苏0508执1号", "stage": "执行", "amount_fen": "100"},
            "seizures": SEIZURES,
        },
    ),
    "seizures": (
        "--file seizures.json",
        "StateSeizures",
        Action.STATE_SEIZURES,
        {"seizures": SEIZURES},
    ),
    "renew": (
        f"--seizure 1 --on {ON} --until 2029-01-04",
        "RenewSeizure",
        Action.RENEW_SEIZURE,
        {"seizure": 1, "renewed_on": ON, "expires_on": "2029-01-04"},
    ),
    "lift": (f"--seizure 1 --on {ON}", "LiftSeizure", Action.LIFT_SEIZURE, {"seizure": 1, "lifted_on": ON}),
    "tell-parties": (
        f"--on {ON} --text 已告知",
        "TellParties",
        Action.TELL_PARTIES,
        {"told_on": ON, "text": "已告知"},
    ),
    "registry": (f"--on {ON}", "ReportRegistryChange", Action.CHANGE_REGISTRY, {"registered_on": ON}),
    "disposed": (
        f"--how 网络司法拍卖 --fen 10000 --on {ON}",
        "ReportDisposal",
        Action.REPORT_DISPOSAL,
        {"disposal": "AUCTION", "disposed_fen": "10000", "sold_on": ON},
    ),
    "distribute": (
        f"--file shares.json --on {ON}",
        "DistributeProceeds",
        Action.DISTRIBUTE,
        {
            "disposed_fen": "10000",
            "costs_fen": "100",
            "reserved_fen": "900",
            "shares": [{"number": 1, "amount_fen": "9000"}],
            "distributed_on": ON,
        },
    ),
    "release-reserve": (
        f"--released-fen 800 --returned-fen 100 --on {ON} --text 判决生效",
        "ReleaseReserve",
        Action.RELEASE_RESERVE,
        {"released_fen": "800", "returned_fen": "100", "decided_on": ON, "text": "判决生效"},
    ),
    "tell-first": (
        f"--on {ON} --parties-on {ON} --text 已分配",
        "TellFirstCourt",
        Action.TELL_FIRST_COURT,
        {"told_on": ON, "parties_on": ON, "text": "已分配"},
    ),
}

CASES = "（2026）苏0591执1号=（2026）苏0508执2号=5000"
FILED = {
    "cases": [
        {
            "old_case_number": "（2026）苏0591执1号",
            "new_case_number": "（2026）苏0508执2号",
            "balance_fen": "5000",
        }
    ]
}
ORDER: dict[str, Command] = {
    "answer": ("--text 依法办理", "AnswerConsultation", Action.ANSWER_CONSULTATION, {"text": "依法办理"}),
    "change": (
        "--text 延长 --until 2026-02-05 --balance-fen 100",
        "ChangeOrder",
        Action.CHANGE_ORDER,
        {"text": "延长", "until_on": "2026-02-05", "balance_fen": "100"},
    ),
    "elevate": (f"--case {CASES}", "RecordElevatedCase", Action.ELEVATE_CASE, {"filing": FILED}),
    "return": ("--text 请补充", "ReturnOrderReport", Action.RETURN_REPLY, {"text": "请补充"}),
    "close": ("--result 已落实", "CloseOrder", Action.CLOSE_ORDER, {"result": "DONE"}),
    "revoke": ("--text 情况变化", "RevokeOrder", Action.REVOKE, {"text": "情况变化"}),
    "consult": (
        "--text 有困难 --difficulty",
        "Consult",
        Action.CONSULT,
        {"matter": "DIFFICULTY", "text": "有困难"},
    ),
    "close-case": (
        "--case （2026）苏0591执1号=5000",
        "CloseOldCase",
        Action.CLOSE_OLD_CASE,
        {"closing": {"cases": [{"case_number": "（2026）苏0591执1号", "balance_fen": "5000"}]}},
    ),
    "file-case": (f"--case {CASES}", "FileNewCase", Action.FILE_NEW_CASE, {"filing": FILED}),
    "report": (
        "--result 部分落实 --text 已执行一部分",
        "ReportOrder",
        Action.ANSWER_ORDER,
        {"result": "PARTLY_DONE", "text": "已执行一部分"},
    ),
    "request accept": ("", "AcceptRequest", Action.ACCEPT_REQUEST, {}),
    "request hear": (
        "--on 2026-01-05 --text 双方陈述 --place 演示会议室 --attach 听取意见笔录=x.pdf",
        "RecordHearing",
        Action.HOLD_HEARING,
        {"hearing": {"held_on": "2026-01-05", "place": "演示会议室", "summary": "双方陈述"}},
    ),
    "request decide": (
        "--result 不予准许 --text 理由不足",
        "DecideRequest",
        Action.DECIDE_REQUEST,
        {"result": "REFUSED", "text": "理由不足"},
    ),
}


@pytest.fixture
def desk(xiezhi: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal in a folder with the files that commands name, and a matter of the node."""
    for name, values in FILES.items():
        (tmp_path / name).write_text(json.dumps(values, ensure_ascii=False), "utf-8")
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7 paper")
    monkeypatch.chdir(tmp_path)
    return xiezhi


def arrived(desk: Terminal, matter: str) -> tuple[str, dict[str, Any], list[str]]:
    """The method that came last for a matter, what it said, and the papers that it named."""
    last = desk.json("show", matter)["timeline"][-1]
    content = json.loads(last["text"])
    papers = [document["name"] for document in content.pop("documents", [])]
    for number in ("distribution_id",):
        content.pop(number, None)
    return last["kind"], content, papers


def check(desk: Terminal, words: list[str], matter: str, command: Command) -> None:
    """Type a command twice, for people and for programs, and compare what is said and what arrives."""
    typed, method, action, content = command
    for said in (desk(*words).stdout, desk(*words, "--json").stdout):
        attached = ["x.pdf"] if "--attach" in typed else []
        assert arrived(desk, matter) == (method, content, attached)
        if said.startswith(("{", "[")):
            answer = json.loads(said)
            [receipt] = answer if isinstance(answer, list) else [answer]
            assert (receipt["instruction_id"], receipt["pending"]) == (matter, True)
        else:
            assert said.startswith(f"{action.zh}：")
            assert "现为" in said


@pytest.mark.parametrize("name", DELEGATE)
def test_a_step_of_a_delegated_case(desk: Terminal, name: str) -> None:
    matter = drafted(desk)
    dated = DATED if name in WITH_A_DATE else ()
    check(desk, ["delegate", name, matter, *DELEGATE[name][0].split(), *dated], matter, DELEGATE[name])


@pytest.mark.parametrize("name", DISTRIBUTE)
def test_a_step_in_one_matter_of_a_distribution(desk: Terminal, name: str) -> None:
    matter = drafted(desk)
    at = () if name in WITHOUT_A_TIME else NINE
    check(desk, ["distribution", name, matter, *DISTRIBUTE[name][0].split(), *at], matter, DISTRIBUTE[name])


@pytest.mark.parametrize("name", TOGETHER)
def test_a_step_in_all_matters_of_a_distribution(desk: Terminal, name: str) -> None:
    matter = drafted(desk)
    words = ["distribution", name, DISTRIBUTION, *TOGETHER[name][0].split(), *NINE]
    check(desk, words, matter, TOGETHER[name])


@pytest.mark.parametrize("name", HANDOVER)
def test_a_step_of_a_handover(desk: Terminal, name: str) -> None:
    matter = drafted(desk)
    check(desk, ["handover", name, matter, *HANDOVER[name][0].split()], matter, HANDOVER[name])


@pytest.mark.parametrize("name", ORDER)
def test_a_step_on_an_order(desk: Terminal, name: str) -> None:
    matter = drafted(desk)
    check(desk, ["order", *name.split(), matter, *ORDER[name][0].split()], matter, ORDER[name])
