"""The scheduler of a real hub: every rung once, in order, whatever the clock and the process do."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.integration.hub.court import RECEIVER, SENDER, instruction_of
from tests.integration.hub.stand import Serving, new_hub

from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_domain.calendar import CalendarRow, WorkingCalendar
from xiezhi_domain.clocks import Outage
from xiezhi_domain.court_time import parse_text, to_text
from xiezhi_domain.terms import OutageReason
from xiezhi_hub.deadlines.publish import PublishCalendar, RecordOutage
from xiezhi_journal import tables

LADDER = ["remind/3", "remind/1", "alert", "breach", "call", "supervise", "bulletin", "talk", "rectify"]


@pytest.fixture
async def hub(tmp_path: Path, journal_url: str) -> AsyncIterator[Serving]:
    async with new_hub(tmp_path / "hub", database=journal_url) as serving:
        yield serving


def at(hub: Serving, moment: str) -> None:
    hub.parts.hub.journal.clock = lambda: parse_text(moment)


async def rows(hub: Serving, table, *columns) -> list[tuple]:
    query = select(*(table.c[column] for column in columns))
    return await hub.parts.hub.journal.read(
        lambda connection: [tuple(row) for row in connection.execute(query)]
    )


async def arrived(hub: Serving, directory: Path) -> StoredEvent:
    """An order of Monday, 7 December 2026, that has arrived and been signed for the same day: due on the 14th."""
    at(hub, "2026-12-07 10:00")
    now = hub.parts.hub.journal.clock()
    sender, receiver = await hub.joined(SENDER, directory), await hub.joined(RECEIVER, directory)
    order = sender.issue(RECEIVER, at=now)
    assert await hub.parts.intake.rule(SENDER, [order]) == [None]
    events = [
        receiver.follow("Delivered", order, SENDER),
        receiver.follow("Signed", order, SENDER, {"role": "CENTRE_OFFICER"}),
    ]
    assert await hub.parts.intake.rule(RECEIVER, events) == [None, None]
    return order


async def handled(hub: Serving) -> list[tuple]:
    found = await rows(hub, tables.firing, "clock", "planned_at", "step", "fired_at", "automatic")
    return sorted((row[1], row[2], row[3], row[4]) for row in found if row[0] == "handle")


async def test_each_rung_is_climbed_once_in_order(hub: Serving, tmp_path: Path) -> None:
    await arrived(hub, tmp_path)
    assert await hub.parts.scheduler.tick() == 0
    for day in range(8, 32):
        at(hub, f"2026-12-{day:02} 08:00")
        while await hub.parts.scheduler.tick():
            pass
    fired = await handled(hub)
    assert [(to_text(planned), step) for planned, step, _, _ in fired][:5] == [
        ("2026-12-09 00:00", "remind/3"),
        ("2026-12-11 00:00", "remind/1"),
        ("2026-12-14 00:00", "alert"),
        ("2026-12-15 00:00", "breach"),
        ("2026-12-15 00:00", "call"),
    ]
    assert all(to_text(done)[:10] == to_text(planned)[:10] for planned, _, done, _ in fired)
    notices = await rows(hub, tables.notice, "court", "rung", "text")
    assert {court for court, _, _ in notices} == {RECEIVER}
    assert len(notices) == len([each for each in fired if each[3]]) == 4
    assert any("2026-12-14 23:59" in text and "办理期限" in text for _, _, text in notices)


async def test_after_days_of_downtime_nothing_is_left_out_or_fired_twice(
    hub: Serving, tmp_path: Path
) -> None:
    await arrived(hub, tmp_path)
    at(hub, "2027-02-01 10:00")
    while await hub.parts.scheduler.tick():
        pass
    fired = await handled(hub)
    assert {step for _, step, _, _ in fired} == set(LADDER)
    assert len(fired) == len(LADDER)
    at(hub, "2026-12-08 10:00")
    assert await hub.parts.scheduler.tick() == 0
    at(hub, "2027-02-02 10:00")
    await hub.parts.scheduler.tick()
    assert await handled(hub) == fired


async def test_an_outage_moves_the_deadline_and_it_is_warned_of_again(hub: Serving, tmp_path: Path) -> None:
    order = await arrived(hub, tmp_path)
    at(hub, "2026-12-11 10:00")
    await hub.parts.scheduler.tick()
    outage = Outage(RECEIVER, parse_text("2026-12-09 08:00"), parse_text("2026-12-11 09:00"))
    done = await hub.parts.hub.journal.submit(RecordOutage(hub.parts.hub.seat, outage, OutageReason.POWER))
    assert done.moved == 1
    [moved] = await rows(hub, tables.moved_deadline, "instruction", "clock", "due_before", "due_after")
    assert moved[:2] == (instruction_of(order), "handle")
    assert [to_text(due) for due in moved[2:]] == ["2026-12-14 23:59", "2026-12-16 23:59"]
    at(hub, "2026-12-11 11:00")
    await hub.parts.scheduler.tick()
    steps = await rows(hub, tables.firing, "clock", "due_at", "step")
    handle = sorted((to_text(due)[:10], step) for clock, due, step in steps if clock == "handle")
    assert handle == [("2026-12-14", "remind/1"), ("2026-12-14", "remind/3"), ("2026-12-16", "remind/3")]


async def test_a_published_2027_recomputes_what_was_provisional_and_lists_what_moved(
    hub: Serving, tmp_path: Path
) -> None:
    at(hub, "2026-12-29 10:00")
    sender, receiver = await hub.joined(SENDER, tmp_path), await hub.joined(RECEIVER, tmp_path)
    moving, staying = [sender.issue(RECEIVER, number, at=hub.parts.hub.journal.clock()) for number in (1, 2)]
    assert await hub.parts.intake.rule(SENDER, [moving, staying]) == [None, None]
    for order, day in ((moving, "2026-12-29 11:00"), (staying, "2026-12-30 11:00")):
        at(hub, day)
        assert await hub.parts.intake.rule(RECEIVER, [receiver.follow("Delivered", order, SENDER)]) == [None]

    async def handles() -> dict[str, tuple[str, bool]]:
        found = await rows(hub, tables.deadline, "instruction", "clock", "due_at", "provisional")
        return {row[0]: (to_text(row[2])[:10], row[3]) for row in found if row[1] == "handle"}

    first, second = instruction_of(moving), instruction_of(staying)
    assert await handles() == {first: ("2027-01-05", True), second: ("2027-01-06", True)}
    free = [CalendarRow(date(2027, 1, day), False, "测试安排") for day in (1, 5)]
    worked = [CalendarRow(date(2027, 1, 9), True, "测试安排")]
    year = WorkingCalendar({}, frozenset()).with_rows(free + worked, complete_years={2027})
    done = await hub.parts.hub.journal.submit(PublishCalendar(hub.parts.hub.seat, year, 2027))
    assert await handles() == {first: ("2027-01-06", False), second: ("2027-01-06", False)}
    moved = await rows(
        hub, tables.moved_deadline, "event_id", "instruction", "clock", "due_before", "due_after"
    )
    assert [(*row[:3], to_text(row[3])[:10], to_text(row[4])[:10]) for row in moved] == [
        (done.event_id, first, "handle", "2027-01-05", "2027-01-06")
    ]
    hub.parts.hub.journal.rebuild()
    assert await handles() == {first: ("2027-01-06", False), second: ("2027-01-06", False)}


async def test_rows_are_rebuilt_equal(hub: Serving, tmp_path: Path) -> None:
    await arrived(hub, tmp_path)
    columns = [column.name for column in tables.deadline.columns]
    before = sorted(await rows(hub, tables.deadline, *columns))
    assert len(before) == 3
    hub.parts.hub.journal.rebuild()
    assert sorted(await rows(hub, tables.deadline, *columns)) == before


async def test_a_closed_hub_fires_nothing(hub: Serving, tmp_path: Path) -> None:
    await arrived(hub, tmp_path)
    at(hub, "2026-12-20 10:00")
    hub.parts.gate.recover("缺少记录")
    assert await hub.parts.scheduler.tick() == 0
