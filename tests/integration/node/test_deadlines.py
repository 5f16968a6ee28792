"""Deadlines at a node: what is due is seen while the hub is away, and an imported calendar holds at once."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import grpc
import pytest
from sqlalchemy import select
from tests.integration.desk.desk import refusal
from tests.integration.journal.scene import RECEIVER, SENDER
from tests.integration.node.pair import Court, Pair, new_id, open_pair
from tests.integration.node.remedies import call, request, take

from xiezhi.v1 import deadline_pb2, instruction_service_pb2
from xiezhi.v1 import deadline_service_pb2 as pb
from xiezhi.v1.deadline_service_pb2_grpc import (
    DeadlineServiceStub,
    add_DeadlineServiceServicer_to_server,
)
from xiezhi_desk.deadlines import row_message
from xiezhi_domain.calendar import CalendarRow, WorkingCalendar, shipped_calendar
from xiezhi_domain.clocks import Outage
from xiezhi_domain.court_time import parse_text, to_date, to_text
from xiezhi_domain.errors import Reason
from xiezhi_domain.terms import OutageReason
from xiezhi_hub.deadlines.publish import PublishCalendar, RecordOutage
from xiezhi_journal import tables
from xiezhi_journal.reading import history
from xiezhi_journal.reading.deadlines import deadlines_of_matter
from xiezhi_node.calendar_in_force import CalendarInForce
from xiezhi_node.deadlines.service import DeadlineService
from xiezhi_node.pins import Pins, seat_of

# A Tuesday.
MORNING = "2026-03-03 10:00"


def with_deadlines(court: Court, server: grpc.aio.Server) -> None:
    service = DeadlineService(court.node.journal, court.node.seat, court.hub_channel)
    add_DeadlineServiceServicer_to_server(service, server)


@pytest.fixture
async def pair(journal_url: str, tmp_path: Path) -> AsyncIterator[Pair]:
    """A hub and two courts; the receiver's node stands on the database under test."""
    urls = [f"sqlite:///{tmp_path / 'hub.db'}", f"sqlite:///{tmp_path / 'sender.db'}", journal_url]
    async with open_pair(urls, more=with_deadlines) as pair:
        pair.clock.now = parse_text(MORNING)
        yield pair


async def due(node: Court, name: str, **asked: Any) -> list[tuple[str, str]]:
    """The open deadlines that *name* sees: limit and end, over all pages."""
    return [(each.clock, ends(each)) for each in await rows(node, name, **asked)]


async def rows(node: Court, name: str, **asked: Any) -> list[deadline_pb2.Deadline]:
    stub, found = node.stub(DeadlineServiceStub, name), list[deadline_pb2.Deadline]()
    wanted = pb.ListDeadlinesRequest(**asked)
    while True:
        page = await stub.ListDeadlines(wanted)
        found += page.deadlines
        if not page.next_page_token:
            return found
        wanted.page_token = page.next_page_token


def ends(deadline: deadline_pb2.Deadline) -> str:
    return to_text(deadline.due_at.ToMilliseconds())


async def clocks(court: Court, name: str, identifier: str) -> dict[str, deadline_pb2.Deadline]:
    stub = court.stub(DeadlineServiceStub, name)
    answer = await stub.ListMatterDeadlines(pb.ListMatterDeadlinesRequest(instruction_id=identifier))
    return {each.clock: each for each in answer.deadlines}


async def sign(pair: Pair, identifier: str) -> None:
    asked = instruction_service_pb2.SignInstructionRequest(
        request_id=new_id(pair.clock), instruction_id=identifier
    )
    await pair.receiver.as_("centre").matters.SignInstruction(asked)


async def publish(pair: Pair, *free: str) -> None:
    days = [CalendarRow(date.fromisoformat(day), False, "测试安排") for day in free]
    years = WorkingCalendar({}, frozenset()).with_rows(days, complete_years={days[0].day.year})
    await pair.hub.journal.submit(PublishCalendar(pair.hub.seat, years, days[0].day.year))


# --- Lists -----------------------------------------------------------------------------------------------------------


async def test_what_is_due_comes_first_and_is_what_the_hub_says(pair: Pair) -> None:
    identifier = await pair.issued()
    own = await due(pair.receiver, "centre", court=RECEIVER)
    assert own == [("sign", "2026-03-04 23:59"), ("handle", "2026-03-10 23:59")]
    table = tables.deadline
    query = select(table.c.clock, table.c.due_at).where(
        table.c.instruction == identifier, table.c.owner == RECEIVER, table.c.open
    )
    found = pair.hub.journal.read_now(lambda connection: connection.execute(query).all())
    assert sorted(own) == sorted((row.clock, to_text(row.due_at)) for row in found)
    assert not await due(pair.sender, "centre", court=SENDER)


async def test_today_overdue_and_soon(pair: Pair) -> None:
    await pair.issued()
    assert not await due(pair.receiver, "centre", court=RECEIVER, today_only=True)
    pair.clock.now = parse_text("2026-03-04 09:00")
    assert await due(pair.receiver, "centre", court=RECEIVER, today_only=True) == [
        ("sign", "2026-03-04 23:59")
    ]
    pair.clock.now = parse_text("2026-03-05 09:00")
    [late] = await rows(pair.receiver, "centre", court=RECEIVER, overdue_only=True)
    assert (late.clock, late.state) == ("sign", deadline_pb2.DEADLINE_STATE_BREACHED)
    assert not await due(pair.receiver, "centre", court=RECEIVER, today_only=True)
    before = pb.ListDeadlinesRequest()
    before.due_before.FromMilliseconds(parse_text("2026-03-10 00:00"))
    soon = await due(pair.receiver, "centre", court=RECEIVER, due_before=before.due_before)
    assert [clock for clock, _ in soon] == ["sign"]


async def test_what_was_done_while_the_hub_is_away_is_not_due_any_more(pair: Pair) -> None:
    identifier = await pair.issued()
    assert "sign" in dict(await due(pair.receiver, "centre"))
    await sign(pair, identifier)
    assert "sign" not in dict(await due(pair.receiver, "centre"))
    assert (await clocks(pair.receiver, "centre", identifier))[
        "sign"
    ].state == deadline_pb2.DEADLINE_STATE_MET


async def test_only_own_matters_and_only_what_one_may_know_of(pair: Pair) -> None:
    first, second = await pair.issued(), await pair.issued()
    await pair.assigned(first, "field")
    await pair.assigned(second, "other_field")
    assert {each.instruction_id for each in await rows(pair.receiver, "centre")} == {first, second}
    for name in ("field", "other_field"):
        seen = {each.instruction_id for each in await rows(pair.receiver, name)}
        assert seen == {first if name == "field" else second}
        assert seen == {each.instruction_id for each in await rows(pair.receiver, name, mine_only=True)}
    assert not await rows(pair.receiver, "centre", mine_only=True)


async def test_pages_show_everything_once_and_in_order(pair: Pair) -> None:
    matters = [await pair.issued() for _ in range(3)]
    whole = [
        (each.due_at.ToMilliseconds(), each.instruction_id, each.clock)
        for each in await rows(pair.receiver, "centre")
    ]
    assert whole == sorted(whole)
    assert {matter for _, matter, _ in whole} == set(matters)
    paged = await rows(pair.receiver, "centre", page_size=2)
    assert [(each.due_at.ToMilliseconds(), each.instruction_id, each.clock) for each in paged] == whole
    told = await refusal(rows(pair.receiver, "centre", page_token="of another list"))
    assert told.code is grpc.StatusCode.INVALID_ARGUMENT


async def test_a_closed_matter_has_nothing_due(pair: Pair) -> None:
    identifier = await pair.issued()
    assert await due(pair.receiver, "centre")
    asked = instruction_service_pb2.WithdrawInstructionRequest(
        request_id=new_id(pair.clock), instruction_id=identifier, reason="案件已执行完毕"
    )
    await pair.sender.as_("judge").matters.WithdrawInstruction(asked)
    await pair.exchange()
    assert not await due(pair.receiver, "centre")


async def test_rebuilt_rows_are_the_same(pair: Pair) -> None:
    await sign(pair, await pair.issued())
    await pair.issued()
    before = await rows(pair.receiver, "centre")
    assert before
    pair.receiver.node.journal.rebuild()
    assert await rows(pair.receiver, "centre") == before


async def test_an_extension_is_told_by_node_and_hub_alike(pair: Pair) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    content = {"until_on": "2026-03-13", "reason": "COMPLEX", "text": "需再次上门"}
    await take(pair, pair.receiver, "field", "AskExtension", identifier, **content)
    await take(pair, pair.sender, "judge", "GrantExtension", identifier)
    of_node = (await clocks(pair.receiver, "field", identifier))["handle"]
    found = pair.hub.journal.read_now(lambda connection: deadlines_of_matter(connection, identifier))
    [row] = [row for row in found if row.clock == "handle"]
    of_hub = row_message(row, pair.hub.journal.rulebooks, pair.clock.now)
    assert of_node == of_hub
    assert ends(of_node) == "2026-03-13 23:59"
    assert [to_text(each.ToMilliseconds()) for each in of_node.not_before] == ["2026-03-13 23:59"]


# --- Calendar and outages --------------------------------------------------------------------------------------------


async def test_an_imported_calendar_moves_limits_and_orders_at_once(pair: Pair) -> None:
    identifier = await pair.issued()
    assert ("handle", "2026-03-10 23:59") in await due(pair.receiver, "centre")
    await publish(pair, "2026-03-10", "2026-03-11")
    await pair.exchange()
    moved = ("handle", "2026-03-12 23:59")
    assert moved in await due(pair.receiver, "centre")
    assert ends((await clocks(pair.receiver, "centre", identifier))["handle"]) == moved[1]
    # The order states its end by the sender's calendar.
    later = await pair.issued()
    view = await pair.sender.as_("judge").matters.GetInstruction(
        instruction_service_pb2.GetInstructionRequest(instruction_id=later)
    )
    assert to_text(view.instruction.summary.due_at.ToMilliseconds()) == moved[1]


async def test_hub_and_node_judge_windows_by_the_imported_calendar(pair: Pair) -> None:
    identifier = await pair.issued()
    await publish(pair, "2026-03-04")
    pair.clock.now = parse_text("2026-03-05 09:00")
    # The sender has not heard of it yet: by its calendar the sign limit is over, by the hub's it ends tonight.
    asked = request(pair, "Nudge", identifier, text="请尽快签收")
    await call(pair.sender, "judge", "Nudge", asked)
    await pair.exchange()
    told = pair.hub.journal.read_now(lambda connection: history(connection, identifier))[-1]
    assert (told.kind, told.accepted, told.reason) == ("Nudged", False, Reason.TOO_EARLY)
    again = await refusal(
        call(pair.sender, "judge", "Nudge", request(pair, "Nudge", identifier, text="再催"))
    )
    assert again.reason == Reason.TOO_EARLY


async def test_an_imported_calendar_survives_a_restart(pair: Pair) -> None:
    await publish(pair, "2026-03-10")
    await pair.exchange()
    for court in (pair.sender, pair.receiver):
        journal, seat = court.node.journal, court.node.seat
        again = journal.read_now(CalendarInForce.read)
        assert (again.calendar, again.published_at) == (seat.calendar, seat.in_force.published_at)
        assert not again.calendar.is_workday(date(2026, 3, 10))
        pins = Pins(court.code, seat.hub_court, seat.origin, "", "")
        rulebooks = seat.rulebooks
        restarted = journal.read_now(
            lambda connection, pins=pins, rulebooks=rulebooks: seat_of(connection, pins, rulebooks)
        )
        assert restarted.calendar == seat.calendar


async def test_the_calendar_published_last_is_in_force_whatever_comes_again(pair: Pair) -> None:
    await publish(pair, "2026-03-10")
    await pair.exchange()
    in_force = pair.sender.node.seat.in_force
    last, at = in_force.calendar, in_force.published_at
    with pair.sender.node.journal.open_ledger() as ledger:
        in_force.take(ledger, shipped_calendar(), at - 1)
        assert in_force.calendar == last
        with suppress(RuntimeError), ledger.attempt():
            in_force.take(ledger, shipped_calendar(), at + 1)
            assert in_force.calendar == shipped_calendar()
            raise RuntimeError
    assert (in_force.calendar, in_force.published_at) == (last, at)


async def test_a_provisional_end_says_so_until_its_year_is_published(pair: Pair) -> None:
    pair.clock.now = parse_text("2026-12-29 10:00")
    await pair.issued()

    async def shown() -> dict[str, tuple[str, bool]]:
        found = await rows(pair.receiver, "centre", court=RECEIVER)
        return {each.clock: (ends(each), each.provisional) for each in found}

    assert await shown() == {
        "sign": ("2026-12-30 23:59", False),
        "handle": ("2027-01-05 23:59", True),
    }
    await publish(pair, "2027-01-01", "2027-01-04", "2027-01-05")
    await pair.exchange()
    assert (await shown())["handle"] == ("2027-01-06 23:59", False)


async def test_a_recorded_outage_moves_the_rows(pair: Pair) -> None:
    await pair.issued()
    assert ("sign", "2026-03-04 23:59") in await due(pair.receiver, "centre")
    pair.clock.now = parse_text("2026-03-05 10:00")
    outage = Outage(RECEIVER, parse_text("2026-03-04 08:00"), parse_text("2026-03-05 09:00"))
    await pair.hub.journal.submit(RecordOutage(pair.hub.seat, outage, OutageReason.POWER))
    await pair.exchange()
    assert ("sign", "2026-03-05 23:59") in await due(pair.receiver, "centre")
    assert to_date(pair.clock.now) == date(2026, 3, 5)
