"""Papers on the command line: letters, templates, seals."""

import json
from pathlib import Path

from tests.integration.client.conftest import Terminal
from tests.integration.client.fake_papers import SHIPPED
from tests.integration.client.orders import CASE_NUMBER
from tests.integration.client.test_commands import drafted

HASH = "ab" * 32


def test_what_can_be_made_and_what_has_to_be_entered(xiezhi: Terminal) -> None:
    shown = xiezhi("letter", "list").stdout
    assert "停止办理函" in shown
    assert "reason（停止事由）" in shown
    assert [letter["about_case"] for letter in xiezhi.json("letter", "list")] == [False, True]


def test_a_letter_about_a_matter_becomes_its_document(xiezhi: Terminal) -> None:
    matter = drafted(xiezhi)
    made = xiezhi.json(
        "letter", "make", "停止办理函", matter, "--set", "reason=撤销", "--as", "pdf", "--as", "word"
    )
    assert [each["name"] for each in made] == ["停止办理函.pdf", "停止办理函.docx"]
    assert made[0]["document"]["sha256"]
    told = xiezhi("letter", "make", "停止办理函", matter, code=1)
    assert "请填写停止事由" in told.stderr


def test_what_is_typed_wrong_is_told(xiezhi: Terminal) -> None:
    matter = drafted(xiezhi)
    assert "停止办理函" in xiezhi("letter", "make", "情书", matter, code=2).stderr
    assert "字段=内容" in xiezhi("letter", "make", "停止办理函", matter, "--set", "x", code=2).stderr
    assert "pdf" in xiezhi("letter", "make", "停止办理函", matter, "--as", "odt", code=2).stderr
    assert ".toml" in xiezhi("template", "put", "停止办理函", __file__, code=2).stderr
    assert "sha256" in xiezhi("paper", "check", matter, "--document", "x", code=2).stderr


def test_a_letter_about_a_case_is_saved(xiezhi: Terminal, tmp_path: Path) -> None:
    saved = xiezhi.json("letter", "case", "执行通知书", CASE_NUMBER, "--to", str(tmp_path))
    assert saved == [str(tmp_path / "执行通知书.pdf")]
    assert (tmp_path / "执行通知书.pdf").read_bytes()


def test_a_batch_goes_on_after_a_bad_row_and_can_be_repeated(xiezhi: Terminal, tmp_path: Path) -> None:
    listed = [
        {"paper": "执行通知书", "case": CASE_NUMBER, "row": "甲"},
        {"paper": "停止办理函", "matter": drafted(xiezhi)},
        {"paper": "PERFORMANCE_NOTICE", "case": CASE_NUMBER, "subject": 2, "as": ["word"]},
    ]
    file = tmp_path / "letters.json"
    file.write_text(json.dumps({"letters": listed}), "utf-8")
    results = xiezhi.json("letter", "batch", str(file), "--to", str(tmp_path), code=1)
    assert [(each["row"], each["reason"]) for each in results] == [
        ("甲", ""),
        ("2", "INVALID_FIELD"),
        ("3", ""),
    ]
    assert (tmp_path / "甲-执行通知书.pdf").exists()
    assert (tmp_path / "3-执行通知书.docx").exists()
    assert "请填写停止事由" in xiezhi("letter", "batch", str(file), "--to", str(tmp_path), code=1).stdout


def test_a_batch_names_matters_by_number_as_well(xiezhi: Terminal, tmp_path: Path) -> None:
    number = xiezhi.json("show", drafted(xiezhi))["instruction"]["summary"]["matter_number"]
    entries = {"reason": "已履行"}
    listed = [
        {"paper": "停止办理函", "matter": number, "entries": entries},
        {"paper": "停止办理函", "matter": "苏0591委〔2026〕9999号", "entries": entries},
    ]
    file = tmp_path / "letters.json"
    file.write_text(json.dumps({"letters": listed}), "utf-8")
    results = xiezhi.json("letter", "batch", str(file), "--to", str(tmp_path), code=1)
    assert [bool(each["reason"]) for each in results] == [False, True]


def test_the_papers_at_filing_are_made_for_every_debtor_of_every_case(
    xiezhi: Terminal, tmp_path: Path
) -> None:
    company = {"name": "演示公司", "credit_code": "91320500MA0000007J"}
    subjects = [
        {"number": 1, "role": "DEBTOR", "organisation": company},
        {"number": 2, "role": "APPLICANT", "person": {"name": "测试甲"}},
        {"number": 3, "role": "DEBTOR", "person": {"name": "测试乙"}},
    ]
    case = tmp_path / "case.json"
    case.write_text(json.dumps({"case_number": CASE_NUMBER, "subjects": subjects}), "utf-8")
    xiezhi("case", "put", str(case))
    listed = tmp_path / "cases.txt"
    listed.write_text(f"{CASE_NUMBER}\n（2026）苏0591执9999号\n", "utf-8")
    filing = ("letter", "filing", "--to", str(tmp_path))
    made = xiezhi.json(*filing, "--case", CASE_NUMBER, "--list", str(listed), code=1)
    good = [each for each in made if not each["reason"]]
    assert [each["debtor"] for each in good] == ["演示公司", "测试乙"]
    assert {each["paper"] for each in good} == {"PERFORMANCE_NOTICE"}
    assert len({file for each in good for file in each["files"]}) == 2
    assert all(Path(file).parent.name == CASE_NUMBER for each in good for file in each["files"])
    assert [each["case"] for each in made if each["reason"]] == ["（2026）苏0591执9999号"]
    assert "请用 --case" in xiezhi(*filing, code=2).stderr
    told = xiezhi(*filing, "--case", CASE_NUMBER, "--set", "colour=red", code=1)
    assert "没有这个字段" in told.stderr


def test_a_list_that_is_none(xiezhi: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "letters.json"
    for values, field in (
        ({}, "letters"),
        ({"letters": [{"paper": "执行通知书", "colour": "红"}]}, "letters[0].colour"),
        (
            {"letters": [{"paper": "执行通知书", "row": 1}, {"paper": "执行通知书", "row": "1"}]},
            "letters[1].row",
        ),
    ):
        file.write_text(json.dumps(values), "utf-8")
        assert field in xiezhi("letter", "batch", str(file), code=1).stderr


def test_a_template_is_taken_out_changed_put_and_taken_back(xiezhi: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "停止.toml"
    assert "随平台提供的" in xiezhi("template", "get", "停止办理函", str(file)).stdout
    assert file.read_bytes() == SHIPPED
    file.write_text('paragraphs = ["自拟"]', "utf-8")
    assert "文字" in xiezhi("template", "put", "停止办理函", str(file)).stdout
    [own] = xiezhi.json("template", "list")
    assert (own["paper_type"], own["format"], own["own"]) == ("STOP_LETTER", "WORDING", True)
    assert "停止办理函" in xiezhi("template", "list").stdout
    file.write_text("colour", "utf-8")
    assert "colour" in xiezhi("template", "put", "停止办理函", str(file), code=1).stderr
    assert "改回" in xiezhi("template", "reset", "停止办理函", "toml").stdout
    assert xiezhi.json("template", "list") == []


def test_what_is_missing_is_shown_with_what_the_other_court_wants(xiezhi: Terminal) -> None:
    matter = drafted(xiezhi)
    shown = xiezhi("paper", "missing", matter).stdout
    for word in ("委托函", "法发〔2017〕27号", "本地要求", "工作证"):
        assert word in shown
    assert len(xiezhi.json("paper", "missing", matter)["acts"]) == 2


def test_a_paper_is_sealed_and_its_seal_checked(xiezhi: Terminal) -> None:
    matter = drafted(xiezhi)
    assert "签章有效" in xiezhi("paper", "seal", matter, "--document", HASH).stdout
    checked = xiezhi("paper", "check", matter, "--document", HASH).stdout
    assert "签章后被改动" in checked
    assert "测试法院" in checked
    assert xiezhi.json("paper", "check", matter, "--document", HASH)["state"] == "ALTERED"
    assert "找不到该文书" in xiezhi("paper", "check", matter, "--document", "00" * 32, code=1).stderr
