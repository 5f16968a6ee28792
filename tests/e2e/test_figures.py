"""Figures and sheets by the `xiezhi` command, of real programs: hub and node count the same."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.e2e.test_cli import REFUSED, Terminals
from tests.stage.company import Company
from tests.stage.people import CASE_NUMBER, DISPATCHER, GUSU, SUPERVISOR
from tests.stage.plugin import Stage

from xiezhi_domain.court_time import to_date
from xiezhi_domain.indicators import Period

pytestmark = pytest.mark.long


@pytest.fixture
async def terminals(stage: Stage, tmp_path: Path) -> Terminals:
    terminals = Terminals(stage, tmp_path)
    for player in (DISPATCHER, SUPERVISOR):
        await terminals.log_in(player)
    return terminals


def days() -> tuple[str, ...]:
    today = to_date(time.time_ns() // 1_000_000)
    period = Period(today - timedelta(days=1), today + timedelta(days=1))
    return "--from", period.first.isoformat(), "--to", period.last.isoformat()


async def test_hub_and_node_count_the_same(terminals: Terminals, company: Company) -> None:
    matter = await company.report()
    asked = ("figures", "show", *days(), "--indicator", "期限内办结率", "--indicator", "签收及时率")
    own = await terminals.json(DISPATCHER, *asked)
    all_courts = await terminals.json(SUPERVISOR, *asked, "--court", GUSU)
    assert own["figures"] == all_courts["figures"]
    assert [figure["shown"] for figure in own["figures"]] == ["100.00%", "100.00%"]
    counted = await terminals.json(SUPERVISOR, "figures", "matters", "期限内办结率", *days(), "--court", GUSU)
    assert [(row["instruction_id"], row["amount"]) for row in counted] == [(matter, 1)]
    shown = await terminals.run(
        DISPATCHER, "figures", "show", *days(), "--indicator", "期限内办结率=仅办结口径"
    )
    assert "仅办结口径" in shown["out"]
    defined = await terminals.run(DISPATCHER, "figures", "definitions")
    assert "期间内退回件数" in defined["out"]
    assert (await terminals.json(DISPATCHER, "bulletin", "list")) == []
    refused = await terminals.run(SUPERVISOR, "bulletin", "draft", *days(), code=REFUSED)
    assert "岗位" in refused["err"]


async def test_the_ledger_is_saved_as_workbook_and_pdf(
    terminals: Terminals, company: Company, tmp_path: Path
) -> None:
    await company.deliver()
    asked = ("ledger", "export", *days(), "--purpose", "报送台账", "--into", tmp_path)
    saved = await terminals.json(DISPATCHER, *asked)
    page = load_workbook(saved["file"]).active
    assert CASE_NUMBER in [cell.value for row in page.iter_rows() for cell in row]
    printed = await terminals.json(DISPATCHER, *asked, "--format", "pdf")
    assert Path(printed["file"]).read_bytes().startswith(b"%PDF-")
    handout = ("ledger", "handout", "--purpose", "交办", "--into", tmp_path)
    assert Path((await terminals.json(DISPATCHER, *handout))["file"]).name == "交办单.xlsx"
