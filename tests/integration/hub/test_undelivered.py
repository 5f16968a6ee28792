"""A matter that does not arrive: the hub's own court says so, once, and time is not stopped by an unplugged node."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.integration.hub.court import HUB_COURT, RECEIVER, SENDER, header_of, instruction_of
from tests.integration.hub.stand import Serving, new_hub

from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_domain.events.ruling import decode_ruling
from xiezhi_domain.evidence.push import check_membership, check_signature
from xiezhi_domain.terms import EventKind
from xiezhi_journal.keys import verify_signature
from xiezhi_journal.proofs import decode_push
from xiezhi_journal.reading import history

HOUR_MS = 3_600_000


@pytest.fixture
async def hub(tmp_path: Path, journal_url: str) -> AsyncIterator[Serving]:
    async with new_hub(tmp_path / "hub", database=journal_url) as serving:
        yield serving


def later(hub: Serving, hours: float) -> None:
    now = hub.parts.hub.journal.clock()
    hub.parts.hub.journal.clock = lambda: now + int(hours * HOUR_MS)


async def events(hub: Serving, order: StoredEvent) -> list[str]:
    rows = await hub.parts.hub.journal.read(lambda connection: history(connection, instruction_of(order)))
    return [row.kind for row in rows if row.accepted]


async def test_what_has_not_arrived_is_logged_once_and_fed_to_both(hub: Serving, tmp_path: Path) -> None:
    sender = await hub.joined(SENDER, tmp_path)
    order = sender.issue(RECEIVER)
    await hub.parts.intake.rule(SENDER, [order])
    assert await hub.parts.undelivered.look() == 0
    later(hub, 4.1)
    assert await hub.parts.undelivered.look() == 1
    assert await hub.parts.undelivered.look() == 0
    assert await events(hub, order) == [EventKind.ISSUED, EventKind.UNDELIVERED]
    for court in (SENDER, RECEIVER, HUB_COURT):
        items = await hub.parts.feeds.items(court, 2, 0, 1 << 20)
        assert [header_of(item.record).kind for item in items] == [EventKind.ISSUED, EventKind.UNDELIVERED]


async def test_it_is_signed_by_the_hubs_own_key(hub: Serving, tmp_path: Path) -> None:
    sender = await hub.joined(SENDER, tmp_path)
    await hub.parts.intake.rule(SENDER, [sender.issue(RECEIVER)])
    later(hub, 4.1)
    await hub.parts.undelivered.look()
    [_, item] = await hub.parts.feeds.items(HUB_COURT, 2, 0, 1 << 20)
    proof, key = decode_push(item.record.push), hub.parts.hub.journal.key
    assert key is not None
    check_membership(proof, item.record.header)
    check_signature(proof, key.public_key, verify_signature)
    assert decode_ruling(item.record.ruling).seq == 2


async def test_what_has_arrived_is_left_alone(hub: Serving, tmp_path: Path) -> None:
    sender, receiver = await hub.joined(SENDER, tmp_path), await hub.joined(RECEIVER, tmp_path)
    order = sender.issue(RECEIVER)
    await hub.parts.intake.rule(SENDER, [order])
    await hub.parts.intake.rule(RECEIVER, [receiver.follow("Delivered", order, SENDER)])
    later(hub, 100)
    assert await hub.parts.undelivered.look() == 0


async def test_it_may_still_arrive(hub: Serving, tmp_path: Path) -> None:
    sender, receiver = await hub.joined(SENDER, tmp_path), await hub.joined(RECEIVER, tmp_path)
    order = sender.issue(RECEIVER)
    await hub.parts.intake.rule(SENDER, [order])
    later(hub, 4.1)
    await hub.parts.undelivered.look()
    # The receiver's node took the order before it heard that it was thought lost.
    assert await hub.parts.intake.rule(RECEIVER, [receiver.follow("Delivered", order, SENDER)]) == [None]
    assert await events(hub, order) == [EventKind.ISSUED, EventKind.UNDELIVERED, EventKind.DELIVERED]


async def test_a_matter_of_the_hubs_own_court_can_be_lost_too(hub: Serving, tmp_path: Path) -> None:
    own = await hub.joined(HUB_COURT, tmp_path)
    order = own.issue(RECEIVER)
    assert await hub.parts.intake.rule(HUB_COURT, [order]) == [None]
    later(hub, 4.1)
    assert await hub.parts.undelivered.look() == 1
    assert await events(hub, order) == [EventKind.ISSUED, EventKind.UNDELIVERED]


async def test_a_closed_hub_logs_nothing(hub: Serving, tmp_path: Path) -> None:
    sender = await hub.joined(SENDER, tmp_path)
    await hub.parts.intake.rule(SENDER, [sender.issue(RECEIVER)])
    later(hub, 4.1)
    hub.parts.gate.recover("缺少记录")
    assert await hub.parts.undelivered.look() == 0
