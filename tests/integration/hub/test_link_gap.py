"""A court cut off: from the hub's own record of the link to the verdict on a deadline (protocol §5, practice.md §4).

The sign limit of an order of Monday runs out with Tuesday. The court signs on Tuesday at 17:00, as it claims, and the
hub hears of it on Wednesday morning. What the hub's record of the line says decides whether it is believed.
"""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from tests.integration.hub.court import RECEIVER, SENDER, Court, Link, instruction_of
from tests.integration.hub.stand import Serving, new_hub
from tests.integration.hub.test_scheduler import at, rows

from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_domain.court_time import parse_text, to_text
from xiezhi_journal import tables

THIRD = "苏0505"
MONDAY, CLAIMED, BACK = "2026-12-07 10:00", "2026-12-08 17:00", "2026-12-09 09:00"


@pytest.fixture
async def hub(tmp_path: Path, journal_url: str) -> AsyncIterator[Serving]:
    async with new_hub(tmp_path / "hub", database=journal_url) as serving:
        yield serving


async def arrived(hub: Serving, directory: Path) -> tuple[Court, StoredEvent]:
    # Certificates begin at the hub's time and are checked by the machine's: joining comes before the hub's clock moves.
    sender, receiver = await hub.joined(SENDER, directory), await hub.joined(RECEIVER, directory)
    at(hub, MONDAY)
    now = hub.parts.hub.journal.clock()
    order = sender.issue(RECEIVER, at=now)
    assert await hub.parts.intake.rule(SENDER, [order]) == [None]
    delivered = receiver.follow("Delivered", order, SENDER, at=now)
    assert await hub.parts.intake.rule(RECEIVER, [delivered]) == [None]
    return receiver, order


async def connected(hub: Serving, court: Court, since: str, until: str) -> None:
    """The court's node was on the line from *since* to *until*."""
    at(hub, since)
    async with hub.connect(court) as channel:
        link = Link(channel)
        await link.hello(clock_ms=hub.parts.hub.journal.clock())
        at(hub, until)
        await link.leave()


async def signed_late(hub: Serving, court: Court, order: StoredEvent, claimed: str) -> tuple[str, str]:
    """The court comes back and says that it signed at *claimed*; returns the state of its limit and the verdict."""
    at(hub, BACK)
    signed = court.follow("Signed", order, SENDER, {"role": "CENTRE_OFFICER"}, at=parse_text(claimed))
    async with hub.connect(court) as channel:
        link = Link(channel)
        await link.hello(clock_ms=hub.parts.hub.journal.clock())
        await link.push(signed)
        await link.items(3)
        await link.leave()
    return await verdict(hub, order)


async def verdict(hub: Serving, order: StoredEvent) -> tuple[str, str]:
    found = await rows(hub, tables.deadline, "instruction", "clock", "due_at", "state", "verdict")
    [(due, *judged)] = [row[2:] for row in found if row[:2] == (instruction_of(order), "sign")]
    assert to_text(due) == "2026-12-08 23:59"
    return tuple(judged)


async def gaps(hub: Serving) -> Sequence[tuple[str, str, str]]:
    found = await rows(hub, tables.link_gap, "court", "started_at", "ended_at")
    return sorted((court, to_text(start), to_text(end)) for court, start, end in found)


async def test_who_was_cut_off_over_the_end_of_the_limit_is_believed(hub: Serving, tmp_path: Path) -> None:
    receiver, order = await arrived(hub, tmp_path)
    await connected(hub, receiver, "2026-12-08 09:00", "2026-12-08 16:59")
    assert await signed_late(hub, receiver, order, CLAIMED) == ("MET", "IN_TIME")
    assert await gaps(hub) == [(RECEIVER, "2026-12-08 16:59", BACK)]


async def test_the_verdict_stands_when_rows_are_made_again(hub: Serving, tmp_path: Path) -> None:
    receiver, order = await arrived(hub, tmp_path)
    await connected(hub, receiver, "2026-12-08 09:00", "2026-12-08 16:59")
    judged = await signed_late(hub, receiver, order, CLAIMED)
    hub.parts.hub.journal.rebuild()
    assert await verdict(hub, order) == judged


async def test_whose_line_was_up_after_his_claim_is_left_to_people(hub: Serving, tmp_path: Path) -> None:
    receiver, order = await arrived(hub, tmp_path)
    await connected(hub, receiver, "2026-12-08 09:00", "2026-12-08 16:00")
    await connected(hub, receiver, "2026-12-08 18:00", "2026-12-08 20:00")
    assert await signed_late(hub, receiver, order, CLAIMED) == ("BREACHED", "TO_BE_CHECKED")
    assert await gaps(hub) == [
        (RECEIVER, "2026-12-08 16:00", "2026-12-08 18:00"),
        (RECEIVER, "2026-12-08 20:00", BACK),
    ]


async def test_who_was_back_before_the_end_is_left_to_people(hub: Serving, tmp_path: Path) -> None:
    receiver, order = await arrived(hub, tmp_path)
    await connected(hub, receiver, "2026-12-08 09:00", "2026-12-08 16:59")
    await connected(hub, receiver, "2026-12-08 23:00", BACK)
    assert await signed_late(hub, receiver, order, CLAIMED) == ("BREACHED", "TO_BE_CHECKED")


async def test_no_gap_makes_a_late_claim_good(hub: Serving, tmp_path: Path) -> None:
    receiver, order = await arrived(hub, tmp_path)
    await connected(hub, receiver, "2026-12-08 09:00", "2026-12-08 16:59")
    assert await signed_late(hub, receiver, order, "2026-12-09 00:01") == ("BREACHED", "LATE")


async def test_another_courts_gap_excuses_nobody(hub: Serving, tmp_path: Path) -> None:
    third = await hub.joined(THIRD, tmp_path)
    receiver, order = await arrived(hub, tmp_path)
    await connected(hub, third, "2026-12-08 09:00", "2026-12-08 16:59")
    await connected(hub, receiver, "2026-12-08 09:00", BACK)
    await connected(hub, third, BACK, BACK)
    assert await gaps(hub) == [(THIRD, "2026-12-08 16:59", BACK)]
    assert await signed_late(hub, receiver, order, CLAIMED) == ("BREACHED", "TO_BE_CHECKED")
