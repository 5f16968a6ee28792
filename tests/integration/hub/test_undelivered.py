"""A matter that does not arrive: the hub's own court says so, once, and alerts both courts (practice.md §4).

30 minutes of working time: the clock `delivered` of the rulebook, looked at by the one scheduler.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.integration.hub.court import HUB_COURT, RECEIVER, SENDER, header_of, instruction_of
from tests.integration.hub.stand import Serving, new_hub
from tests.integration.hub.test_scheduler import at, rows

from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_domain.court_time import to_text
from xiezhi_domain.events.ruling import decode_ruling
from xiezhi_domain.evidence.push import check_membership, check_signature
from xiezhi_domain.terms import EventKind, Mark
from xiezhi_hub.deadlines.deciding import SetRules
from xiezhi_journal import tables
from xiezhi_journal.keys import verify_signature
from xiezhi_journal.ledger import RequestKey
from xiezhi_journal.proofs import decode_push
from xiezhi_journal.reading import history

MONDAY = "2026-12-07 10:00"
LATE = "2026-12-07 10:31"


@pytest.fixture
async def hub(tmp_path: Path, journal_url: str) -> AsyncIterator[Serving]:
    async with new_hub(tmp_path / "hub", database=journal_url) as serving:
        at(serving, MONDAY)
        yield serving


async def look(hub: Serving, moment: str) -> None:
    """Let the scheduler do everything up to *moment*."""
    at(hub, moment)
    while await hub.parts.scheduler.tick():
        pass


async def issued(hub: Serving, directory: Path, court: str = SENDER, **facts: object) -> StoredEvent:
    sender = await hub.joined(court, directory)
    order = sender.issue(RECEIVER, at=hub.parts.hub.journal.clock(), **facts)
    assert await hub.parts.intake.rule(court, [order]) == [None]
    return order


async def events(hub: Serving, order: StoredEvent) -> list[str]:
    found = await hub.parts.hub.journal.read(lambda connection: history(connection, instruction_of(order)))
    return [row.kind for row in found if row.accepted]


async def test_what_has_not_arrived_is_logged_once_and_fed_to_both(hub: Serving, tmp_path: Path) -> None:
    order = await issued(hub, tmp_path)
    await look(hub, "2026-12-07 10:30")
    assert await events(hub, order) == [EventKind.ISSUED]
    for moment in (LATE, "2026-12-07 11:00", "2026-12-28 10:00"):
        await look(hub, moment)
        assert await events(hub, order) == [EventKind.ISSUED, EventKind.UNDELIVERED]
    for court in (SENDER, RECEIVER, HUB_COURT):
        items = await hub.parts.feeds.items(court, 2, 0, 1 << 20)
        assert [header_of(item).kind for item in items] == [EventKind.ISSUED, EventKind.UNDELIVERED]


@pytest.mark.parametrize(
    ("sent", "not_yet", "late"),
    [
        ("2026-12-07 11:50", "2026-12-07 14:20", "2026-12-07 14:21"),
        ("2026-12-11 17:45", "2026-12-14 09:15", "2026-12-14 09:16"),
        ("2026-12-31 17:50", "2027-01-04 09:20", "2027-01-04 09:21"),
    ],
    ids=["over noon", "over a week-end", "over New Year"],
)
async def test_only_working_time_counts(
    hub: Serving, tmp_path: Path, sent: str, not_yet: str, late: str
) -> None:
    at(hub, sent)
    order = await issued(hub, tmp_path)
    await look(hub, not_yet)
    assert await events(hub, order) == [EventKind.ISSUED]
    await look(hub, late)
    assert await events(hub, order) == [EventKind.ISSUED, EventKind.UNDELIVERED]


async def test_both_courts_and_the_superior_are_alerted(hub: Serving, tmp_path: Path) -> None:
    order = await issued(hub, tmp_path)
    await look(hub, LATE)
    told = await rows(hub, tables.notice, "court", "rung", "instruction", "roles", "text", "due_at")
    alerts = [row for row in told if row[1] == "ALERT"]
    assert sorted(row[0] for row in alerts) == sorted({SENDER, RECEIVER, HUB_COURT})
    for _, _, instruction, roles, text, due_at in alerts:
        assert instruction == instruction_of(order)
        assert "DUTY_OFFICER" in roles.split()
        assert EventKind.UNDELIVERED.zh in text
        assert to_text(due_at) in text


async def test_it_is_signed_by_the_hubs_own_key(hub: Serving, tmp_path: Path) -> None:
    await issued(hub, tmp_path)
    await look(hub, LATE)
    [_, item] = await hub.parts.feeds.items(HUB_COURT, 2, 0, 1 << 20)
    proof, key = decode_push(item.push), hub.parts.hub.journal.key
    assert key is not None
    check_membership(proof, item.header)
    check_signature(proof, key.public_key, verify_signature)
    assert decode_ruling(item.ruling).seq == 2


async def test_what_has_arrived_is_left_alone(hub: Serving, tmp_path: Path) -> None:
    order, receiver = await issued(hub, tmp_path), await hub.joined(RECEIVER, tmp_path)
    await hub.parts.intake.rule(RECEIVER, [receiver.follow("Delivered", order, SENDER)])
    await look(hub, "2026-12-11 10:00")
    assert await events(hub, order) == [EventKind.ISSUED, EventKind.DELIVERED]


async def test_it_may_still_arrive(hub: Serving, tmp_path: Path) -> None:
    order, receiver = await issued(hub, tmp_path), await hub.joined(RECEIVER, tmp_path)
    await look(hub, LATE)
    # The receiver's node took the order before it heard that it was thought lost.
    assert await hub.parts.intake.rule(RECEIVER, [receiver.follow("Delivered", order, SENDER)]) == [None]
    assert await events(hub, order) == [EventKind.ISSUED, EventKind.UNDELIVERED, EventKind.DELIVERED]


async def test_lists_show_it_until_it_arrives(hub: Serving, tmp_path: Path) -> None:
    order, receiver = await issued(hub, tmp_path), await hub.joined(RECEIVER, tmp_path)

    async def marks() -> list[Mark]:
        [(shown,)] = await rows(hub, tables.instruction, "marks")
        return [Mark(name) for name in shown.split()]

    assert await marks() == []
    await look(hub, LATE)
    assert await marks() == [Mark.UNDELIVERED]
    await hub.parts.intake.rule(RECEIVER, [receiver.follow("Delivered", order, SENDER)])
    assert await marks() == []


async def test_a_matter_of_the_hubs_own_court_can_be_lost_too(hub: Serving, tmp_path: Path) -> None:
    order = await issued(hub, tmp_path, HUB_COURT)
    await look(hub, LATE)
    assert await events(hub, order) == [EventKind.ISSUED, EventKind.UNDELIVERED]


async def test_rules_of_the_ladder_without_a_breach_do_not_silence_it(hub: Serving, tmp_path: Path) -> None:
    content = '[step.talk]\nrung = "TALK"\nat = 9\nunit = "working_days"\nautomatic = false\n'
    rules = SetRules(
        f'{content}source = "x"\nconfirmed = true\n', "somebody", RequestKey("a", "b", "c", b"d")
    )
    await hub.parts.hub.journal.submit(rules)
    order = await issued(hub, tmp_path)
    await look(hub, LATE)
    assert await events(hub, order) == [EventKind.ISSUED, EventKind.UNDELIVERED]


async def test_a_closed_hub_logs_nothing(hub: Serving, tmp_path: Path) -> None:
    order = await issued(hub, tmp_path)
    hub.parts.gate.recover("缺少记录")
    await look(hub, LATE)
    assert await events(hub, order) == [EventKind.ISSUED]
