"""A court's own figures, and the sheets that it prints."""

from collections.abc import AsyncIterator, Collection, Iterator
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

import grpc
import pytest
from openpyxl import load_workbook
from sqlalchemy import Connection, func, insert, update
from tests.integration.desk.desk import refusal
from tests.integration.node.pair import CASE, SENDER, Court, Pair, open_pair
from tests.integration.node.test_ladder import complete, outcome

from xiezhi.v1 import channel_pb2
from xiezhi.v1 import indicator_pb2 as indicators
from xiezhi.v1 import ledger_service_pb2 as sheets
from xiezhi.v1 import statistics_service_pb2 as statistics
from xiezhi.v1.ledger_service_pb2_grpc import LedgerServiceStub, add_LedgerServiceServicer_to_server
from xiezhi.v1.statistics_service_pb2_grpc import (
    StatisticsServiceStub,
    add_StatisticsServiceServicer_to_server,
)
from xiezhi_desk.access import AccessFilter, read_accesses
from xiezhi_desk.statistics.records import MatterRecords
from xiezhi_desk.statistics.service import StatisticsService
from xiezhi_domain.court_time import to_date
from xiezhi_domain.indicators import shipped_edition
from xiezhi_journal.tables import instruction, outside_matter, outside_step
from xiezhi_node.figures.outside import outside_records
from xiezhi_node.sheets.layout import load_layouts
from xiezhi_node.sheets.printing import Press
from xiezhi_node.sheets.service import LedgerService, Printer
from xiezhi_papers.workshop import Workshop
from xiezhi_wire.startup import StartupError

COLUMNS = """
[ledger]
title = "查人找物登记表"
columns = [{field = "SERIAL"}, {field = "CASE_NUMBER", heading = "案号"}, {field = "SUBJECTS"}]
"""


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    workshop = Workshop(helpers=1)
    workshop.start()
    yield workshop
    workshop.close()


async def everybody_knows(matters: Collection[str]) -> Collection[str]:
    return matters


@pytest.fixture
async def pair(journal_url: str, tmp_path: Path, workshop: Workshop) -> AsyncIterator[Pair]:
    columns = tmp_path / "columns.toml"
    columns.write_text(COLUMNS, encoding="utf-8")

    def add_services(court: Court, server: grpc.aio.Server) -> None:
        journal, seat = court.node.journal, court.node.seat
        records = MatterRecords(journal, seat.hub_court, partial(outside_records, court=seat.court))
        figures = StatisticsService(
            records, shipped_edition(), seat.court, [seat.court], journal.clock, everybody_knows
        )
        add_StatisticsServiceServicer_to_server(figures, server)
        layouts = load_layouts(columns if court.code == SENDER else None)
        printer = Printer(layouts, Press("", workshop))
        add_LedgerServiceServicer_to_server(LedgerService(journal, seat, records, printer), server)

    urls = [f"sqlite:///{tmp_path / 'hub.db'}", f"sqlite:///{tmp_path / 'sender.db'}", journal_url]
    async with open_pair(urls, more=add_services) as pair:
        yield pair


def period(pair: Pair) -> indicators.Period:
    first = to_date(pair.clock.now)
    return indicators.Period(first_day=first.isoformat(), last_day=(first + timedelta(days=20)).isoformat())


async def figures(pair: Pair, court: Court, name: str = "chief") -> dict[int, indicators.Figure]:
    request = statistics.GetFiguresRequest(period=period(pair))
    answer = await court.stub(StatisticsServiceStub, name).GetFigures(request)
    assert {figure.court for figure in answer.figures} == {court.code}
    return {figure.indicator: figure for figure in answer.figures}


async def ledger(pair: Pair, court: Court, name: str = "centre", **changes: object) -> tuple[str, bytes]:
    values = {
        "period": period(pair),
        "box": sheets.LEDGER_BOX_RECEIVED,
        "format": sheets.SHEET_FORMAT_XLSX,
        "purpose": "报送台账",
        **changes,
    }
    pieces = court.stub(LedgerServiceStub, name).ExportLedger(sheets.ExportLedgerRequest(**values))
    return await whole(pieces)


async def whole(pieces: object) -> tuple[str, bytes]:
    name, content = "", b""
    async for piece in pieces:
        name, content = name or piece.file_name, content + piece.data
    return name, content


def cells(content: bytes, *, empty: bool = False) -> list[list[object]]:
    page = load_workbook(BytesIO(content)).active
    return [[cell.value for cell in row if empty or cell.value is not None] for row in page.iter_rows()]


async def done(pair: Pair) -> str:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    await complete(pair, identifier, outcome(1), outcome(2))
    return identifier


async def test_each_court_counts_its_own_side_and_both_agree_with_the_hub(pair: Pair) -> None:
    await done(pair)
    await pair.issued()
    received, sent = await figures(pair, pair.receiver), await figures(pair, pair.sender)
    in_time = received[indicators.INDICATOR_COMPLETED_IN_TIME]
    assert (in_time.numbers.numerator, in_time.numbers.denominator) == (1, 1 + 1)
    assert sent[indicators.INDICATOR_COMPLETED_IN_TIME].shown == "—"
    passed = sent[indicators.INDICATOR_PASSED_AT_ONCE]
    assert (passed.numbers.numerator, passed.numbers.denominator) == (1, 1)
    hub = MatterRecords(pair.hub.journal, pair.sender.node.seat.hub_court)
    for court in (pair.sender, pair.receiver):
        own = MatterRecords(court.node.journal, court.node.seat.hub_court)
        assert (await own.read(0)).records == (await hub.read(0)).records


def outside(
    number: int, days: list[tuple[str, str]], due_on: str, **changes: object
) -> tuple[dict, list[dict]]:
    """A matter by letter, and what was typed about it."""
    began_on = days[0][1]
    matter = {
        "outside_id": f"outside-{number}",
        "channel": "PAPER",
        "external_number": f"（2026）苏0505协{number}号",
        "kind": "FIND",
        "sent": False,
        "other_court": "浙0102",
        "case_number": "",
        "subject_names": "测试丙",
        "request_text": "",
        "officer": "",
        "officer_name": "",
        "began_on": began_on,
        "due_on": due_on,
        "state": days[-1][0],
        "open": True,
        "result": "",
        "backfilled": False,
        "ranked_from": began_on,
        "trial": False,
        "registered_at": 0,
        **changes,
    }
    steps = [
        {
            "outside_id": matter["outside_id"],
            "state": state,
            "happened_on": day,
            "text": "",
            "account": "",
            "name": "",
            "entered_at": 0,
        }
        for state, day in days
    ]
    return matter, steps


async def test_matters_of_other_channels_stand_in_figures_of_their_own(pair: Pair) -> None:
    asked = period(pair)
    first, last = asked.first_day, asked.last_day
    told = [
        outside(1, [("AWAITING_SIGNATURE", first), ("IN_PROGRESS", first), ("REPORTED", first)], first),
        outside(2, [("IN_PROGRESS", first), ("REPORTED", first), ("REWORK", first)], first),
        outside(3, [("IN_PROGRESS", first), ("RETURNED", last)], last),
        outside(4, [("IN_PROGRESS", first), ("CONFIRMED", last)], first),
        outside(5, [("AWAITING_SUPPLEMENT", first), ("WITHDRAWN", last)], first),
        outside(6, [("CONFIRMED", first)], first, trial=True),
        # A clock that stands has no end, and one that stood ends later.
        outside(7, [("IN_PROGRESS", first), ("SUSPENDED", first)], first),
        outside(8, [("AWAITING_SUPPLEMENT", first), ("IN_PROGRESS", last), ("REPORTED", last)], first),
    ]

    def register(connection: Connection) -> None:
        for matter, steps in told:
            connection.execute(insert(outside_matter), matter)
            connection.execute(insert(outside_step), steps)

    await pair.receiver.node.journal.write(register)
    await done(pair)
    request = statistics.GetFiguresRequest(period=asked)
    answer = await pair.receiver.stub(StatisticsServiceStub, "chief").GetFigures(request)
    found = {
        figure.channel: (figure.numbers.numerator, figure.numbers.denominator)
        for figure in answer.figures
        if figure.indicator == indicators.INDICATOR_COMPLETED_IN_TIME
    }
    assert found == {channel_pb2.CHANNEL_PLATFORM: (1, 1), channel_pb2.CHANNEL_PAPER: (2, 4)}


async def test_matters_behind_a_figure_are_for_those_who_see_all(pair: Pair) -> None:
    await done(pair)
    request = statistics.ListCountedMattersRequest(
        period=period(pair),
        choice=indicators.IndicatorChoice(indicator=indicators.INDICATOR_SIGNED_IN_TIME),
    )
    answer = await pair.receiver.stub(StatisticsServiceStub, "director").ListCountedMatters(request)
    assert [row.amount for row in answer.matters] == [1]
    for name in ("judge", "auxiliary"):
        told = await refusal(pair.receiver.stub(StatisticsServiceStub, name).ListCountedMatters(request))
        assert told.reason == "WRONG_ROLE"


async def test_the_ledger_has_every_matter_of_the_period(pair: Pair) -> None:
    await done(pair)
    await pair.issued()
    name, content = await ledger(pair, pair.receiver)
    rows = cells(content)
    assert name.startswith("受托事项台账-")
    assert name.endswith(".xlsx")
    head, lines = rows[3], rows[4:]
    assert [line[head.index("执行案号")] for line in lines] == [CASE, CASE]
    assert [line[head.index("序号")] for line in lines] == ["1", "2"]
    assert "是" in lines[0]
    assert cells((await ledger(pair, pair.receiver, box=sheets.LEDGER_BOX_SENT))[1])[4:] == []
    [look, *_] = await pair.receiver.node.journal.read(
        lambda connection: read_accesses(connection, AccessFilter(), limit=5)
    )
    assert (look[1].method, look[1].purpose) == ("ExportLedger", "报送台账")


async def test_the_ledger_has_matters_of_other_channels_and_none_of_a_trial(pair: Pair) -> None:
    await done(pair)
    first = period(pair).first_day
    told = [
        outside(1, [("IN_PROGRESS", first), ("REPORTED", first)], first),
        outside(2, [("IN_PROGRESS", "2020-01-06"), ("CONFIRMED", "2020-02-06")], "2020-01-20", open=False),
        outside(3, [("IN_PROGRESS", "2020-01-06")], "2020-01-20"),
        outside(4, [("IN_PROGRESS", first)], first, trial=True),
        outside(5, [("IN_PROGRESS", first)], first, sent=True),
    ]

    def register(connection: Connection) -> None:
        for matter, steps in told:
            connection.execute(insert(outside_matter), matter)
            connection.execute(insert(outside_step), steps)

    await pair.receiver.node.journal.write(register)
    head, *lines = cells((await ledger(pair, pair.receiver))[1], empty=True)[3:]
    shown = [
        [line[head.index(name)] for name in ("渠道", "事项编号", "用时（天）", "按期")] for line in lines
    ]
    assert [each[0] for each in shown] == ["本平台", "纸质来函", "纸质来函"]
    assert shown[1][1:] == ["（2026）苏0505协3号", None, None]
    assert shown[2][1:] == ["（2026）苏0505协1号", "0.0", "是"]
    paper = await ledger(pair, pair.receiver, channel=channel_pb2.CHANNEL_PAPER)
    assert len(cells(paper[1])[4:]) == 2

    def try_out(connection: Connection) -> None:
        number = func.replace(instruction.c.number, "委〔", "试〔")
        connection.execute(update(instruction).values(number=number))

    await pair.receiver.node.journal.write(try_out)
    assert [line[2] for line in cells((await ledger(pair, pair.receiver))[1])[4:]] == ["纸质来函"] * 2


async def test_a_court_has_the_columns_that_it_wants(pair: Pair) -> None:
    await pair.issued()
    _, content = await ledger(pair, pair.sender, box=sheets.LEDGER_BOX_SENT)
    rows = cells(content)
    assert (rows[0], rows[3], rows[4]) == (
        ["查人找物登记表"],
        ["序号", "案号", "当事人"],
        ["1", CASE, "测试甲"],
    )


async def test_sheets_are_printed_as_pdf(pair: Pair) -> None:
    identifier = await pair.issued()
    name, content = await ledger(pair, pair.receiver, format=sheets.SHEET_FORMAT_PDF)
    assert (name[-4:], content[:5]) == (".pdf", b"%PDF-")
    request = sheets.ExportHandoutRequest(
        instruction_ids=[identifier], format=sheets.SHEET_FORMAT_PDF, purpose="交办"
    )
    name, content = await whole(pair.receiver.stub(LedgerServiceStub, "centre").ExportHandout(request))
    assert (name, content[:5]) == ("交办单.pdf", b"%PDF-")


async def test_the_hand_out_sheet_has_the_open_matters_of_each_officer(pair: Pair) -> None:
    await done(pair)
    first, second = await pair.issued(), await pair.issued()
    await pair.assigned(first)
    stub = pair.receiver.stub(LedgerServiceStub, "centre")
    request = sheets.ExportHandoutRequest(format=sheets.SHEET_FORMAT_XLSX, purpose="交办")
    rows = cells((await whole(stub.ExportHandout(request)))[1])
    assert rows[0] == ["交办单"]
    headings = [row[0] for row in rows if len(row) == 1 and "承办：" in str(row[0])]
    assert headings == ["承办：尚未指定人员　1 件", "承办：测试field　2 件"]
    assert [row[0] for row in rows if str(row[0]).isdecimal()] == ["1", "2", "3"]
    request.officer_account_id = pair.receiver.account("field")
    request.instruction_ids.extend([first, second])
    rows = cells((await whole(stub.ExportHandout(request)))[1])
    assert [row[0] for row in rows if str(row[0]).isdecimal()] == ["1"]


async def test_what_a_sheet_cannot_be_made_of_is_refused(pair: Pair) -> None:
    identifier = await pair.issued()
    wrong = [
        ({"purpose": " "}, "purpose"),
        ({"box": sheets.LEDGER_BOX_UNSPECIFIED}, "box"),
        ({"format": sheets.SHEET_FORMAT_UNSPECIFIED}, "format"),
        ({"period": indicators.Period(first_day="昨天", last_day="今天")}, "period.first_day"),
    ]
    for changes, field in wrong:
        told = await refusal(ledger(pair, pair.receiver, **changes))
        assert told.fields == [field]
    assert (await refusal(ledger(pair, pair.receiver, "judge"))).reason == "WRONG_ROLE"
    # A court hands out what it has received, not what it has sent.
    request = sheets.ExportHandoutRequest(
        instruction_ids=[identifier], format=sheets.SHEET_FORMAT_XLSX, purpose="交办"
    )
    told = await refusal(whole(pair.sender.stub(LedgerServiceStub, "centre").ExportHandout(request)))
    assert told.reason == "UNKNOWN_INSTRUCTION"


@pytest.mark.parametrize(
    "text",
    [
        "[ledger",
        "[ledgers]\ntitle = '表'",
        "[ledger]\ncolumns = []",
        "[ledger]\ncolumns = [{field = 'COLOUR'}]",
        "[ledger]\ncolumns = ['SERIAL']",
        "[ledger]\ncolour = 'red'",
    ],
)
def test_a_slip_in_the_columns_is_found_at_start(text: str, tmp_path: Path) -> None:
    file = tmp_path / "columns.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(StartupError):
        load_layouts(file)
