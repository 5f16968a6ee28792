"""Drafts, looks, lists and wrong words of the same commands, in the form for people and in that for programs."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.integration.client.conftest import Terminal
from tests.integration.client.orders import CASE_NUMBER
from tests.integration.client.test_commands import drafted

GROUPS = {
    "delegate": {"case_number": CASE_NUMBER, "receiver": "苏0508", "recovered_fen": 100},
    "distribution": {"case_number": CASE_NUMBER, "receiver": "苏0508", "creditor": "测试乙"},
    "handover": {"case_number": CASE_NUMBER, "receiver": "苏0508", "basis": "PRIORITY"},
}
DISTRIBUTION = "distribution-1"


@pytest.fixture
def desk(xiezhi: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal in a folder with a paper."""
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7 paper")
    monkeypatch.chdir(tmp_path)
    return xiezhi


def write(name: str, text: str) -> str:
    Path(name).write_text(text, "utf-8")
    return name


@pytest.mark.parametrize("group", GROUPS)
def test_a_draft_from_a_file_takes_its_papers_along(desk: Terminal, group: str) -> None:
    values: dict[str, Any] = {**GROUPS[group], "attach": ["其他材料=x.pdf"]}
    file = write("order.json", json.dumps(values, ensure_ascii=False))
    answer = desk.json(group, "draft", "--file", file)
    matter = answer["draft"]["receipt"]["instruction_id"]
    assert answer["submitted"] is None
    arrived = json.loads(desk.json("show", matter)["timeline"][-1]["text"])["order"]
    assert arrived["receiver"] == "苏0508"
    assert [document["name"] for document in arrived["documents"]] == ["x.pdf"]
    said = desk(group, "draft", "--file", file, "--redraft", matter, "--submit").stdout
    assert "发起事项：" in said
    assert "提交审批：" in said
    assert len(desk.json("outbox", "--all")) == 1


@pytest.mark.parametrize("group", GROUPS)
def test_a_slip_in_a_file_is_told_with_its_field(desk: Terminal, group: str) -> None:
    told = desk(group, "draft", "--file", write("order.json", '{"speed": 1}'), code=1)
    assert "字段 speed" in told.stderr
    told = desk(group, "draft", "--file", write("order.toml", "receiver = "), code=1)
    assert "文件格式不正确" in told.stderr
    papers = write("order.json", '{"receiver": "苏0508", "attach": ["情书=x.pdf"]}')
    assert "应为下列之一" in desk(group, "draft", "--file", papers, code=2).stderr


def test_the_balance_of_a_delegated_case_is_said(desk: Terminal) -> None:
    file = write("order.json", json.dumps(GROUPS["delegate"], ensure_ascii=False))
    said = desk("delegate", "draft", "--file", file).stdout
    assert "请注意：请核对余额" in said
    assert "未执行到位的余额：8,000.00 元" in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("delegate show {matter}", ("现由哪个法院办理", "苏0508", "8,000.00 元")),
        ("handover show {matter}", ("查封登记簿", "首封", "到达证明", "99.00")),
        ("decide show {matter}", ("查封登记簿", "预留份额")),
        ("distribution show {matter}", ("第 1 号分配方案", "已退出", "异议期未满")),
        (f"distribution show --id {DISTRIBUTION}", ("普通债权按比例受偿", "100.00")),
        ("order show {matter} --reason 跟踪落实", ("关于演示案件的决定", "指令执行", "尚不能归结")),
        ("order show --received {matter}", ("限期执行", "苏0508")),
        ("order list", ("苏0591委〔2026〕1187号",)),
        ("order list --received", ("苏0591委〔2026〕1187号",)),
        ("order drafts", ("draft-1", "范督办", "尚缺执行裁定书")),
        ("order candidates", ("candidate-1", "同一被执行人", "苏0509")),
        ("order request list", ("苏0591委〔2026〕1187号",)),
        ("order request list --own", ("苏0591委〔2026〕1187号",)),
        ("order request show {matter} --reason 审查报请", ("关于演示争议的报告", "应由本院处置")),
        ("order request show --own {matter}", ("应由本院处置",)),
        ("decide drafts", ("decision-1",)),
    ],
)
def test_what_a_look_shows(desk: Terminal, words: str, told: tuple[str, ...]) -> None:
    typed = words.format(matter=drafted(desk)).split()
    said = desk(*typed).stdout
    for each in told:
        assert each in said, each
    answer = desk.json(*typed)
    assert answer
    # Programs get the contract's names, and nothing that is meant for people.
    assert "┃" not in json.dumps(answer, ensure_ascii=False)


def test_a_plan_is_previewed_saved_issued_and_settled(desk: Terminal) -> None:
    matter = drafted(desk)

    def attached() -> list[str]:
        arrived = json.loads(desk.json("show", matter)["timeline"][-1]["text"])
        return [each["paper_type"] for each in arrived.get("documents", ())]

    file = write("plan.toml", 'debtor_name = "测试甲"\nproperty = "变价款"\ntotal_fen = 12000\n')
    said = desk("distribution", "preview", DISTRIBUTION, "--file", file, "--out", "表.pdf").stdout
    assert "总额 120.00 元，执行费用 20.00 元" in said
    assert "已保存：表.pdf" in said
    assert Path("表.pdf").read_bytes() == b"%PDF"
    desk("distribution", "preview", DISTRIBUTION, "--file", file, "--out", "表.xlsx")
    assert Path("表.xlsx").read_bytes() == b"PK"
    assert "发出分配方案" in desk("distribution", "plan", DISTRIBUTION, "--file", file).stdout
    issued = desk.json("distribution", "plan", DISTRIBUTION, "--file", file)
    assert issued["plan"]["claims"][0]["share_fen"] == 10_000
    assert "提存：50.00 元" in desk("distribution", "settle", DISTRIBUTION).stdout
    assert desk.json("distribution", "settle", DISTRIBUTION)["deposited_fen"] == 5_000
    assert attached() == []
    paper = write("x.pdf", "%PDF-1.4")
    desk("distribution", "plan", DISTRIBUTION, "--file", file, "--attach", f"财产分配方案={paper}")
    assert attached() == ["PAPER_TYPE_DISTRIBUTION_PLAN"]
    desk("distribution", "settle", DISTRIBUTION, "--attach", f"送达回证={paper}")
    assert attached() == ["PAPER_TYPE_PROOF_OF_SERVICE"]


def test_a_claim_that_takes_part_gets_its_number(desk: Terminal) -> None:
    matter = drafted(desk)
    words = ("distribution", "admit", matter, "--amount", "10000", "--debtor", "自然人")
    assert "参与分配标识：distribution-1，债权序号：1" in desk(*words).stdout
    assert desk.json(*words)["claim"] == 1
    arrived = json.loads(desk.json("show", matter)["timeline"][-1]["text"])
    assert (arrived["amount_fen"], arrived["debtor"]) == ("10000", "NATURAL_PERSON")


def test_matters_go_over_or_it_is_said_why_not(desk: Terminal) -> None:
    matter = drafted(desk)
    said = desk("order", "move", matter).stdout
    assert "已移转 1 件" in said
    assert "并入受托法院案件 1 件：苏0591委〔2026〕3号" in said
    assert "已办结" in said
    assert desk.json("order", "move", matter)["kept"][0]["reason"] == "已办结"


def test_an_order_is_drafted_by_one_and_approved_by_another(desk: Terminal) -> None:
    matter = drafted(desk)
    file = write("order.toml", 'kind = "ORDER_INSTRUCT"\nsubject = "决定"\nrequirement = "限期"\n')
    said = desk("order", "draft", file, "--attach", "执行裁定书=x.pdf").stdout
    assert "已拟稿，待审批：draft-1" in said
    assert "尚缺：尚缺执行裁定书" in said
    arrived = json.loads(desk.json("show", matter)["timeline"][-1]["text"])["order"]
    assert [document["name"] for document in arrived["documents"]] == ["x.pdf"]
    assert desk.json("order", "from-candidate", "candidate-1", "--court", "苏0509")["draft_id"] == "draft-1"
    assert "下发" in desk("order", "approve", "draft-1", "--seen", "00" * 32, "--opinion", "同意").stdout
    assert desk.json("order", "reject", "draft-1", "--opinion", "重拟")["draft_id"] == "draft-1"
    assert desk.json("order", "discard", "draft-1")["draft_id"] == "draft-1"


def test_a_report_to_the_superior_is_a_matter_of_its_own(desk: Terminal) -> None:
    file = write("request.toml", 'kind = "COORDINATION_DISPUTE"\nsubject = "争议"\nposition = "应由本院"\n')
    filed = desk.json("order", "request", "file", file, "--attach", "执行争议报告=x.pdf")
    arrived = json.loads(desk.json("show", filed["instruction_id"])["timeline"][-1]["text"])["request"]
    assert (arrived["subject"], arrived["documents"][0]["name"]) == ("争议", "x.pdf")


def test_a_decision_on_a_handover_is_drafted_and_approved(desk: Terminal) -> None:
    matter = drafted(desk)
    words = ("decide", "draft", matter, "--decision", "限期处置", "--ground", "逾期", "--until", "2026-03-01")
    words += ("--attach", "执行裁定书=x.pdf")
    assert "已拟稿，待审批：decision-1" in desk(*words).stdout
    arrived = json.loads(desk.json("show", matter)["timeline"][-1]["text"])["order"]
    assert (arrived["decision"], arrived["until_on"]) == ("DISPOSAL_DECISION_DEADLINE", "2026-03-01")
    assert [document["name"] for document in arrived["documents"]] == ["x.pdf"]
    assert "限期处置" in desk("decide", "drafts").stdout
    assert "现为" in desk("decide", "approve", "decision-1", "--seen", "00" * 32).stdout
    assert desk.json("decide", "reject", "decision-1", "--opinion", "不同意")["opinion"] == "不同意"
    assert desk.json("decide", "discard", "decision-1")["draft_id"] == "decision-1"
    assert "拟稿已废弃" in desk("decide", "discard", "decision-1").stdout


def test_the_paper_of_a_plan_is_made_for_every_matter_that_takes_part(desk: Terminal) -> None:
    matter = drafted(desk)
    made = desk.json("distribution", "paper", DISTRIBUTION, "--as", "pdf", "--as", "word")
    assert {matter: ["PDF", "DOCX"]} == {
        key: [each["format"] for each in value] for key, value in made.items()
    }
    before = len(desk.json("show", matter)["timeline"])
    assert "，已发送" in desk("distribution", "paper", DISTRIBUTION, "--send").stdout
    sent = desk.json("show", matter)["timeline"][before:]
    assert [len(entry["documents"]) for entry in sent] == [1]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (
            "delegate close-case {matter} --as 执行完毕 --on 2026-01-05 --text 好 --recovered 一万",
            2,
            "应为金额（元）",
        ),
        (
            "delegate close-case {matter} --as 执行完毕 --on 2026-01-05 --text 好 --recovered 0.001",
            2,
            "最多两位小数",
        ),
        ("delegate tell-property {matter} --file wrong.json --text 好", 1, "应为列表"),
        ("delegate continue-seizures {matter} --file slip.json", 1, "renewals[0].colour"),
        (
            "delegate file-case {matter} --case x --on y --officer z --phone 1 --attach 情书=x.pdf",
            2,
            "应为下列之一",
        ),
        ("delegate revoke {matter} --text 好", 2, "--number"),
        (
            "distribution received {matter} --paper 判决 --way 直接送达 --at 2026-01-05",
            2,
            "方案、异议、反对意见",
        ),
        ("distribution pay {matter} --amount 1 --at 昨天", 2, "2026-01-05 09:30"),
        ("distribution object {matter} --ground 其他 --text 好 --claim 二=三", 1, "序号=金额（分）[:顺位]"),
        ("distribution pay {matter} --amount -1", 2, "--amount"),
        ("distribution settle unknown", 1, "本院没有主持该参与分配"),
        ("handover hand-over {matter} --file slip.json --attach 移送执行函=y.pdf", 2, "找不到文件"),
        ("handover seizures {matter} --file wrong.json", 1, "seizures"),
        ("handover renew {matter} --seizure 0 --on x --until y", 2, "--seizure"),
        ("handover agree 苏0591委〔2026〕9999号", 1, "找不到该事项"),
        ("decide draft {matter} --decision 处罚 --ground 好", 2, "限期处置"),
        ("order close-case {matter} --case （2026）苏0591执1号=十元", 2, "余额应为以分计的整数"),
        ("order file-case {matter} --case （2026）苏0591执1号", 2, "余额应为以分计的整数"),
        ("order draft wrong.toml", 2, "不是正确的 TOML"),
        ("order request hear {matter} --on 2026-01-05 --text 好", 2, "--attach"),
        ("order show 苏0591委〔2026〕9999号", 1, "找不到该事项"),
    ],
)
def test_what_is_typed_wrong_is_told_in_chinese(desk: Terminal, words: str, code: int, told: str) -> None:
    write("wrong.json", '{"properties": "房屋", "seizures": "查封"}')
    write("slip.json", '{"renewals": [{"colour": "红"}]}')
    write("wrong.toml", "kind = ")
    typed = words.format(matter=drafted(desk)).split()
    if "--at" not in typed and typed[0] == "distribution" and typed[1] in {"pay", "object"}:
        typed += ["--at", "2026-01-05 09:30"]
    refused = desk(*typed, code=code)
    assert told in refused.stderr
    assert refused.stdout == ""
    programs = desk(*typed, "--json", code=code)
    assert programs.stdout == ""
    assert told in programs.stderr
