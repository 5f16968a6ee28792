"""事项委托 and 协助执行 by the `xiezhi` command alone: one matter, and spreadsheets, with real processes."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from tests.stage.company import eventually
from tests.stage.people import (
    CASE_NUMBER,
    CHIEF,
    DISPATCHER,
    GUSU,
    JUDGE,
    LETTER,
    NOTICE,
    SEALER,
    SPECIALIST,
)
from tests.stage.plugin import Stage
from tests.stage.terminals import Terminals

from xiezhi_domain.court_time import SHANGHAI

pytestmark = [pytest.mark.timeout(600), pytest.mark.long]  # Dozens of commands, each a process of its own.
REFUSED, NOT_REACHED = 1, 3
DEPOSITS, ASSISTANCE = "事项委托·存款理财", "协助执行(法院间)"
NEXT_YEAR = (datetime.now(SHANGHAI).date() + timedelta(days=300)).isoformat()
FIELDS = {
    "财产类别": "银行存款",
    "财产说明": "活期存款账户",
    "开户银行或机构": "演示银行",
    "开户网点": "姑苏支行",
    "账号": "6200000000000000001",
    "币种": "CNY",
    "金额": "50000",
    "到期日": NEXT_YEAR,
    "办理范围": "冻结账户内存款",
    "协助单位名称": "演示银行",
    "协助单位分支机构": "姑苏支行",
    "协助单位地址": "姑苏区演示路二号",
    "协助单位电话": "0512-00000031",
    "协助单位类别": "银行",
}
PAPERS = ("委托函", "裁定书", "工作证", "执行公务证", "协助冻结存款通知书")


@pytest.fixture
async def terminals(stage: Stage, tmp_path: Path) -> Terminals:
    terminals = Terminals(stage, tmp_path)
    await terminals.log_in(JUDGE)
    for paper in PAPERS:
        # Papers of one matter differ, or they are one.
        (tmp_path / f"{paper}.pdf").write_bytes(LETTER.read_bytes() + f"\n% {paper}\n".encode())
    return terminals


def order(kind: str, act: str) -> list[str]:
    words = ["--kind", kind, "--case", CASE_NUMBER, "--to", GUSU, "--subject", "1", "--act", act]
    fields = [word for label, value in FIELDS.items() for word in ("--field", f"{label}={value}")]
    return [*words, *fields, "--request", "请协助办理"]


async def test_a_delegation_by_commands_alone(terminals: Terminals, tmp_path: Path) -> None:
    for player in (CHIEF, SEALER, DISPATCHER, SPECIALIST):
        await terminals.log_in(player)
    shown = await terminals.run(JUDGE, "entrust", "fields", DEPOSITS)
    assert "账号" in shown["out"]
    bare = await terminals.json(JUDGE, "entrust", "draft", *order(DEPOSITS, "冻结"), "--submit", code=REFUSED)
    matter = bare["draft"]["receipt"]["instruction_id"]
    missing = await terminals.run(JUDGE, "paper", "missing", matter)
    assert all(paper in missing["out"] for paper in ("裁定书", "协助冻结存款通知书"))
    papers = [word for paper in PAPERS for word in ("--attach", f"{paper}={tmp_path / paper}.pdf")]
    full = [*order(DEPOSITS, "冻结"), *papers]
    drafted = await terminals.json(JUDGE, "entrust", "draft", *full, "--redraft", matter, "--submit")
    assert drafted["submitted"]["instruction_id"] == matter
    assert "文书齐全" in (await terminals.run(JUDGE, "paper", "missing", matter))["out"]
    await terminals.run(CHIEF, "approve", matter, "--opinion", "同意")
    await terminals.run(SEALER, "seal", matter)
    await arrived(terminals, matter)
    await terminals.run(DISPATCHER, "assign", matter, "--to", SPECIALIST.login)
    outcomes = tmp_path / "结果.json"
    outcomes.write_text(json.dumps({"outcomes": [done()]}, ensure_ascii=False), "utf-8")
    report = ("--text", "已冻结", "--outcomes", outcomes, "--attach", f"回执={NOTICE}")
    await terminals.run(SPECIALIST, "complete", matter, *report)

    async def reported() -> bool:
        shown = await terminals.json(JUDGE, "show", matter)
        return shown["instruction"]["summary"]["state"] == "REPORTED"

    await eventually(reported)
    sums = await terminals.json(JUDGE, "entrust", "sums", CASE_NUMBER)
    assert (sums["ordered_fen"], sums["controlled_fen"]) == (5_000_000, 5_000_000)
    await terminals.run(JUDGE, "confirm", matter, "--text", "已收悉")
    release = tmp_path / "解冻.json"
    await terminals.run(JUDGE, "entrust", "follow-up", matter, "--as", "解除控制", "--to", release)
    again = await terminals.json(JUDGE, "entrust", "draft", "--file", release)
    assert {paper["paper_type"] for paper in again["draft"]["missing_papers"]} >= {"RELEASE_RULING"}


async def test_a_spreadsheet_of_delegations_is_taken_up_where_it_stopped(
    terminals: Terminals, stage: Stage, tmp_path: Path
) -> None:
    sheet = tmp_path / "批量.xlsx"
    await terminals.run(JUDGE, "import", "--kind", DEPOSITS, "--template", sheet)
    papers = ";".join(f"{paper}={paper}.pdf" for paper in PAPERS)
    fill(
        sheet,
        [{"文书": papers, "账号": f"62000000000000000{row:02}", "金额": "不详"} for row in range(10, 13)],
    )
    wrong = await terminals.run(JUDGE, "import", "--kind", DEPOSITS, sheet, code=REFUSED)
    assert wrong["out"].count("金额") >= 3
    fill(
        sheet,
        [{"文书": papers, "账号": f"62000000000000000{row:02}", "金额": "100"} for row in range(10, 13)],
    )
    checked = await terminals.json(JUDGE, "import", "--kind", DEPOSITS, sheet, "--check")
    assert checked["checked"] == 3
    before = await drafts(terminals)
    await stage.kill(JUDGE.place)
    await terminals.run(JUDGE, "import", "--kind", DEPOSITS, sheet, "--submit", code=NOT_REACHED)
    await stage.start(JUDGE.place)
    output = tmp_path / "log.txt"
    words = ("import", "--kind", DEPOSITS, sheet, "--submit", "--profile", tmp_path / f"{JUDGE.login}.json")
    pid = await stage.launch("xiezhi", *words, out=output)

    async def begun() -> bool:
        return len(await drafts(terminals)) > len(before)

    await eventually(begun)
    await stage.end(pid, kill=True)
    first = await terminals.json(JUDGE, "import", "--kind", DEPOSITS, sheet, "--submit")
    assert [each["problem"] for each in first["results"]] == [None] * 3
    again = await terminals.json(JUDGE, "import", "--kind", DEPOSITS, sheet, "--submit")
    assert again == first
    made = {each["receipt"]["instruction_id"] for each in first["results"]}
    assert await drafts(terminals) - before == made
    assert len(made) == 3


async def test_assistance_between_courts_from_a_spreadsheet(terminals: Terminals, tmp_path: Path) -> None:
    forms = await terminals.json(JUDGE, "entrust", "fields", ASSISTANCE)
    assert forms
    sheet = tmp_path / "协助.xlsx"
    await terminals.run(JUDGE, "import", "--kind", ASSISTANCE, "--template", sheet)
    fill(sheet, [{"办理行为": "现场勘查"}])
    results = (await terminals.json(JUDGE, "import", "--kind", ASSISTANCE, sheet))["results"]
    assert [each["problem"] for each in results] == [None]
    assert "尚缺文书" in results[0]["note"]


async def test_letters_come_singly_and_in_batches(terminals: Terminals, tmp_path: Path) -> None:
    drafted = await terminals.json(JUDGE, "entrust", "draft", *order(DEPOSITS, "冻结"))
    receipt = drafted["draft"]["receipt"]
    await terminals.run(
        JUDGE, "letter", "make", "委托函", receipt["instruction_id"], "--as", "pdf", "--as", "word"
    )
    missing = await terminals.json(JUDGE, "paper", "missing", receipt["instruction_id"])
    assert missing["acts"]
    filing = ("执行通知书", "报告财产令", "财产申报表", "限制消费令")
    letters: list[dict[str, Any]] = [{"paper": paper, "case": CASE_NUMBER, "subject": 1} for paper in filing]
    letters.append({"paper": "委托函", "matter": receipt["matter_number"] or receipt["instruction_id"]})
    letters.append({"row": "无此事项", "paper": "委托函", "matter": "苏0591委〔2026〕9999号"})
    listed, folder = tmp_path / "清单.json", tmp_path / "立案文书"
    listed.write_text(json.dumps({"letters": letters}, ensure_ascii=False), "utf-8")
    folder.mkdir()
    for _ in range(2):
        made = await terminals.json(JUDGE, "letter", "batch", listed, "--to", folder, code=REFUSED)
        told = {each["row"]: each["message"] for each in made if each["reason"]}
        assert told.keys() == {"1", "2", "无此事项"}, made
        assert "请填写报告期限" in told["2"]
    assert sorted(path.name[:1] for path in folder.iterdir()) == ["3", "4"]
    assert all(path.read_bytes().startswith(b"%PDF") for path in folder.iterdir())


async def test_the_papers_at_filing_come_with_one_command(terminals: Terminals, tmp_path: Path) -> None:
    filing, folder = ("letter", "filing", "--to", tmp_path / "立案文书"), tmp_path / "立案文书"
    folder.mkdir()
    lacking = await terminals.run(JUDGE, *filing, "--case", CASE_NUMBER, code=REFUSED)
    assert all(words in "".join(map(str, lacking.values())) for words in ("执行款专户户名", "报告期限"))
    listed, account = tmp_path / "案号.txt", tmp_path / "专户.toml"
    listed.write_text(f"{CASE_NUMBER}\n\n（2026）苏0591执9999号\n", "utf-8")
    bank = {
        "account_name": "演示法院执行款专户",
        "account_bank": "演示银行",
        "account_number": "6200000000000000009",
    }
    account.write_text("".join(f'{name} = "{value}"\n' for name, value in bank.items()), "utf-8")
    words = (
        *filing,
        "--list",
        listed,
        "--fields",
        account,
        "--set",
        "deadline=十日",
        "--as",
        "pdf",
        "--as",
        "word",
    )
    for _ in range(2):
        made = await terminals.json(JUDGE, *words, code=REFUSED)
        assert [(each["case"], each["reason"]) for each in made if each["reason"]] == [
            ("（2026）苏0591执9999号", "UNKNOWN_CASE")
        ]
        papers = {each["paper"] for each in made if each["files"]}
        assert papers == {
            *("PERFORMANCE_NOTICE", "PROPERTY_REPORT_ORDER"),
            *("PROPERTY_DECLARATION", "CONSUMPTION_RESTRICTION"),
        }
    [own] = folder.iterdir()
    found = sorted(own.iterdir())
    assert len(found) == 8
    texts = {path.name: words_of(path) for path in found if path.suffix == ".pdf"}
    [notice] = [text for name, text in texts.items() if "执行通知书" in name]
    [order] = [text for name, text in texts.items() if "报告财产令" in name]
    assert bank["account_number"] in notice
    assert "十日内" in order


def words_of(pdf: Path) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(pdf).pages)


def done() -> dict[str, Any]:
    now = datetime.now(SHANGHAI)
    return {
        "number": 1,
        "outcome": "DONE",
        "done_at": now.isoformat(),
        "officers": [{"name": SPECIALIST.name, "phone": "0512-00000000"}],
        "amount_obtained_fen": 5_000_000,
        "rank_obtained": "首封",
        "starts_on": now.date().isoformat(),
        "expires_on": NEXT_YEAR,
    }


def fill(sheet: Path, rows: list[dict[str, str]]) -> None:
    """Fill a template in: each row by the titles of its columns, over what all rows have."""
    common = {
        "案号": CASE_NUMBER,
        "受托法院": GUSU,
        "对象序号": "1",
        "办理行为": "冻结",
        "请求内容": "请协助办理",
        **FIELDS,
    }
    book = load_workbook(sheet)
    page = book.active
    titles = {str(cell.value).rstrip("*＊ "): cell.column for cell in page[1] if cell.value}
    for at, row in enumerate(rows, 2):
        for title, value in {**common, **row}.items():
            if title in titles:
                page.cell(at, titles[title]).value = value
    book.save(sheet)


async def drafts(terminals: Terminals) -> set[str]:
    """The judge's matters that were not sent yet."""
    found = await terminals.json(JUDGE, "outbox", "--state", "草稿", "--state", "待审批")
    return {each["instruction_id"] for each in found}


async def arrived(terminals: Terminals, matter: str) -> None:
    async def look() -> bool:
        rows = await terminals.json(DISPATCHER, "inbox", "--state", "待签收")
        return matter in {row["instruction_id"] for row in rows}

    await eventually(look)
