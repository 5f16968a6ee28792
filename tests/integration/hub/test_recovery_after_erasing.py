"""A hub restored from before an erasure: it heals from nodes that have erased, and shows nobody what had to go."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from tests.integration.hub.court import RECEIVER, SENDER, header_of, instruction_of
from tests.integration.hub.stand import new_hub, serving
from tests.integration.hub.story import HUB_DIR, Story, collect

from xiezhi.v1 import erasure_service_pb2 as pb
from xiezhi.v1 import event_pb2
from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_desk.erasing.contents import erase_parts
from xiezhi_domain.terms import EventKind
from xiezhi_hub.ruling.directory import rule_on_directory_event
from xiezhi_hub.ruling.own import own_directory_event
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal import tables
from xiezhi_journal.erasures import ORDER_PART, ordered_facts


@dataclass(frozen=True)
class Order:
    """Order the erasure of everything about a matter."""

    seat: Seat
    order: pb.ErasureOrder

    def prepare(self, ledger) -> None:
        pass

    def run(self, ledger) -> None:
        part = event_pb2.BodyPart(name=ORDER_PART, salt=bytes(32), content=self.order.SerializeToString())
        body = event_pb2.Body(parts=[part])
        event = own_directory_event(
            ledger, self.seat, EventKind.ERASURE_ORDERED, ordered_facts(self.order), body
        )
        assert rule_on_directory_event(ledger, event, self.seat).accepted


class ErasedStory(Story):
    """A backup, then a second matter, then an order about each of the two, followed at both courts."""

    async def play(self) -> None:
        async with new_hub(self.directory / HUB_DIR) as hub:
            self.sender = await hub.joined(SENDER, self.directory)
            self.receiver = await hub.joined(RECEIVER, self.directory)
            self.order = self.sender.issue(RECEIVER)
            await self._rule(hub, self.sender, self.order)
            await asyncio.to_thread(self._back_up)
            self.later = self.sender.issue(RECEIVER, 2)
            await self._rule(hub, self.sender, self.later)
            for each in (self.order, self.later):
                ordered = pb.ErasureOrder(instruction_id=instruction_of(each), whole=True)
                await hub.parts.hub.journal.submit(Order(hub.parts.hub.seat, ordered))
            for court in (self.sender, self.receiver):
                self.held[court.code] = [self._erased(each) for each in await collect(hub, court)]

    def _erased(self, record: StoredEvent) -> StoredEvent:
        """The record as a court's node has it that has followed the orders."""
        if header_of(record).instruction in {instruction_of(self.order), instruction_of(self.later)}:
            body = event_pb2.Body.FromString(record.body)
            erase_parts(body, "", pb.ErasureOrder(whole=True))
            record.body = body.SerializeToString()
        return record


async def test_lost_entries_come_back_erased_and_what_the_backup_had_goes(tmp_path: Path) -> None:
    story = ErasedStory(tmp_path)
    await story.play()
    story.restore()
    async with serving(story.settings) as hub:
        assert not hub.parts.gate.is_open
        for court, records in story.held.items():
            await hub.parts.recovery.take(court, records, done=True)
        assert hub.parts.gate.is_open
        event, body = tables.event, tables.body
        query = (
            select(body.c.content)
            .join(event, event.c.position == body.c.position)
            .where(event.c.kind == EventKind.ISSUED)
        )
        bodies = await hub.parts.hub.journal.read(lambda connection: list(connection.scalars(query)))
        assert len(bodies) == 2
        for content in bodies:
            assert all(part.erased_hash for part in event_pb2.Body.FromString(content).parts)
        # Only now that it is open it answers, and sweeps its files.
        await hub.parts.eraser.follow()
        answers = await hub.parts.hub.journal.read(
            lambda connection: connection.execute(select(tables.erasure_answer)).all()
        )
        assert [(row.court, row.holder, row.parts) for row in answers] == [("苏05", "HUB", 1)] * 2
    files = [path for path in (tmp_path / HUB_DIR).rglob("*") if path.is_file()]
    assert not any(
        word in path.read_bytes() for path in files for word in ("执1号".encode(), "执2号".encode())
    )


async def test_of_two_copies_the_fuller_is_taken_and_erased_again(tmp_path: Path) -> None:
    story = ErasedStory(tmp_path)
    await story.play()
    story.restore()
    fuller = {header_of(story.later).id: story.later.body}
    for record in story.held[SENDER]:
        record.body = fuller.get(header_of(record).id, record.body)
    async with serving(story.settings) as hub:
        for court in (RECEIVER, SENDER):
            await hub.parts.recovery.take(court, story.held[court], done=True)
        assert hub.parts.gate.is_open
        contents = await hub.parts.hub.journal.read(
            lambda connection: list(connection.scalars(select(tables.body.c.content)))
        )
    assert not any("执2号".encode() in content for content in contents)
