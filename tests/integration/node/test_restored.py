"""A node restored from an older copy: it makes nothing before its feed has brought what it had made."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from tests.integration.journal.scene import RECEIVER, RULES, SENDER, Clock, Hub, Make, Node
from tests.integration.node.linked import NORMAL, URGENT, Copy, HubEnd, NodeEnd, copy_of, restore
from tests.unit.ladder.moves import facts_of

from xiezhi_domain.errors import Reason, Unavailable
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.terms import State
from xiezhi_journal import tables
from xiezhi_node.acting.numbers import next_number
from xiezhi_node.acting.own import OwnEvent
from xiezhi_node.seat import Seat

TOO_FAR_AHEAD_MS = 20 * 60 * 1000


@dataclass(frozen=True)
class GiveNumber:
    """Takes a number for a matter."""

    seat: Seat

    def prepare(self, ledger: Any) -> None:
        pass

    def run(self, ledger: Any) -> str:
        return next_number(ledger, self.seat, RULES.kind("FIND"))


class Courts:
    """Two courts and their hub; each node can be started again, from a backup if need be."""

    def __init__(self, urls: dict[str, str], hub: Hub, clock: Clock, directory: Path) -> None:
        self._urls, self.clock, self._directory = urls, clock, directory
        self.hub = HubEnd(hub)
        self.sender, self.receiver = self._start(SENDER), self._start(RECEIVER)

    def _start(self, court: str) -> NodeEnd:
        node = Node(self._urls[court], court, self.clock)
        return NodeEnd(self.hub, node, self._directory / f"{court}-documents")

    def start_again(self, end: NodeEnd, copy: Copy | None = None) -> NodeEnd:
        end.node.journal.close()
        node = Node(end.node.url, end.node.court, self.clock)
        if copy is not None:
            restore(node.journal, copy)
        return NodeEnd(self.hub, node, self._directory / f"{node.court}-documents")

    async def send(self, number: int, lane: int = NORMAL) -> str:
        """An order of the sender reaches the hub; returns its matter."""
        self.clock.now += 1_000
        make = self.sender.node.issue(number, RECEIVER)
        make = replace(make, event=replace(make.event, facts={**make.event.facts, "lane": lane}))
        await self.sender.node.journal.submit(make)
        await self.sender.push()
        return make.instruction

    async def receive(self, lane: int = NORMAL, *, answer: bool = True) -> None:
        """The receiver takes what there is; its receipts come to the hub and back."""
        self.clock.now += 1_000
        await self.receiver.pull(lane)
        if answer:
            await self.receiver.push()
            await self.receiver.pull(lane)

    def close(self) -> None:
        self.sender.node.journal.close()
        self.receiver.node.journal.close()
        self.hub.close()


@pytest.fixture
async def courts(journal_url: str, tmp_path: Path) -> AsyncIterator[Courts]:
    clock = Clock()
    hub = Hub(f"sqlite:///{tmp_path / 'hub.db'}", clock)
    urls = {SENDER: f"sqlite:///{tmp_path / 'sender.db'}", RECEIVER: journal_url}
    courts = Courts(urls, hub, clock, tmp_path)
    for end in (courts.sender, courts.receiver):
        await end.meet()
    yield courts
    courts.close()


def receipts(end: NodeEnd) -> list[tuple[str, int]]:
    """Matter and journal position of every `Delivered`, in the order in which they lie here."""
    rows = [row for row in end.rows(tables.event) if row.kind == "Delivered"]
    return [(row.instruction, row.journal_position) for row in rows]


def signed(seat: Seat, instruction: str) -> Make:
    return Make(seat, instruction, OwnEvent("Signed", SENDER, facts_of("Signed", "CENTRE_OFFICER"), []))


async def refused(make: Callable[[], Any]) -> Reason:
    with pytest.raises(Unavailable) as caught:
        await make()
    return caught.value.reason


async def test_nothing_is_made_before_all_lanes_have_caught_up(courts: Courts) -> None:
    empty = copy_of(courts.receiver.node.journal)
    slow = await courts.send(1)
    await courts.receive()
    fast = await courts.send(2, URGENT)
    await courts.receive(URGENT)
    assert receipts(courts.receiver) == [(slow, 1), (fast, 2)]

    end = courts.receiver = courts.start_again(courts.receiver, empty)
    await end.meet()
    await end.pull(URGENT)
    # The highest position is here again; the other lane still has a receipt that the node does not know.
    end = courts.receiver = courts.start_again(end)
    await end.meet()
    await end.pull(NORMAL, limit=1)
    journal = end.node.journal
    assert await refused(lambda: journal.submit(signed(end.node.seat, fast))) is Reason.RECOVERING
    await end.pull(NORMAL)
    assert sorted(receipts(end)) == sorted([(slow, 1), (fast, 2)])
    assert end.rows(tables.pending) == []

    await journal.submit(signed(end.node.seat, fast))
    late = await courts.send(3)
    await courts.receive()
    assert receipts(end)[-1] == (late, 4)
    own = [row.journal_position for row in end.rows(tables.event) if row.court == RECEIVER]
    assert sorted(own) == [1, 2, 3, 4]
    assert {row.state for row in end.rows(tables.instruction)} == {State.AWAITING_SIGNATURE, State.SIGNED}


async def test_a_receipt_that_never_reached_the_hub_is_made_when_all_is_back(courts: Courts) -> None:
    empty = copy_of(courts.receiver.node.journal)
    known = await courts.send(1)
    await courts.receive()
    lost = await courts.send(2)
    await courts.receive(answer=False)

    end = courts.receiver = courts.start_again(courts.receiver, empty)
    await end.meet()
    await end.pull(limit=1)
    assert receipts(end) == []
    await end.pull()
    assert sorted(receipts(end)) == sorted([(known, 1), (lost, 2)])
    await courts.receive()
    assert end.rows(tables.pending) == []
    assert {row.state for row in end.rows(tables.instruction)} == {State.AWAITING_SIGNATURE}
    # From now on it is as any other node, over restarts too.
    end = courts.receiver = courts.start_again(end)
    await end.meet()
    await end.node.journal.submit(signed(end.node.seat, lost))


async def test_a_refused_receipt_is_made_again_at_the_next_welcome(courts: Courts) -> None:
    end = courts.receiver
    matter = await courts.send(1)
    courts.clock.now += TOO_FAR_AHEAD_MS
    await end.pull()
    courts.clock.now -= TOO_FAR_AHEAD_MS
    await end.push()
    await end.pull()
    assert [row.reason for row in end.rows(tables.returned_work)] == [Reason.CLOCK_SKEW]
    assert end.rows(tables.instruction)[0].state == State.IN_TRANSIT
    await end.meet()
    await courts.receive()
    assert receipts(end) == [(matter, 1), (matter, 2)]
    assert end.rows(tables.instruction)[0].state == State.AWAITING_SIGNATURE
    await end.meet()
    assert end.rows(tables.pending) == []


async def test_a_node_that_is_only_late_goes_on_working(courts: Courts) -> None:
    end = courts.receiver
    first = await courts.send(1)
    await courts.receive()
    await courts.send(2)
    end = courts.receiver = courts.start_again(end)
    await end.meet()
    assert len(end.items()) == 1
    await end.node.journal.submit(signed(end.node.seat, first))


async def test_matter_numbers_are_not_given_twice(courts: Courts) -> None:
    end = courts.sender
    empty = copy_of(end.node.journal)
    assert await end.node.journal.submit(GiveNumber(end.node.seat)) == "苏0505委〔2026〕1号"
    assert await end.node.journal.submit(GiveNumber(end.node.seat)) == "苏0505委〔2026〕2号"
    await courts.send(2)
    end = courts.sender = courts.start_again(end, empty)
    await end.meet()
    journal, seat = end.node.journal, end.node.seat
    assert await refused(lambda: journal.submit(GiveNumber(seat))) is Reason.RECOVERING
    await end.pull()
    [issued] = [decode_header(row.header) for row in end.rows(tables.event)]
    assert issued.facts["number"] == "苏0505委〔2026〕2号"
    assert await journal.submit(GiveNumber(seat)) == "苏0505委〔2026〕3号"
