"""A hub that loses what happened after a backup, and courts that hold copies of it."""

import asyncio
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select
from tests.integration.hub.court import RECEIVER, SENDER, Court, Link
from tests.integration.hub.stand import Serving, hub_settings, new_hub

from xiezhi.v1 import link_service_pb2
from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_domain.court_time import to_date
from xiezhi_domain.rulebook import newest_rulebook
from xiezhi_domain.rulebook.publishing import next_rulebook
from xiezhi_hub.directory.rulebooks import PublishRulebook
from xiezhi_journal import tables
from xiezhi_journal.journal import request_key

HUB_DIR = "hub"


class Story:
    """Two courts, a hub, a backup of its database, and what happens after the backup."""

    def __init__(self, directory: Path) -> None:
        self.held: dict[str, list[StoredEvent]] = {SENDER: [], RECEIVER: []}
        self.state: dict[str, list] = {}
        self.move_to(directory)

    def move_to(self, directory: Path) -> None:
        self.directory = directory
        self.settings = hub_settings(directory / HUB_DIR)
        self.database = directory / HUB_DIR / "journal.db"
        self.backup = directory / "backup.db"

    async def play(self) -> None:
        async with new_hub(self.directory / HUB_DIR) as hub:
            self.sender = await hub.joined(SENDER, self.directory)
            self.receiver = await hub.joined(RECEIVER, self.directory)
            self.order = self.sender.issue(RECEIVER)
            await self._rule(hub, self.sender, self.order)
            await asyncio.to_thread(self._back_up)
            await self._rule(hub, self.receiver, self.receiver.follow("Delivered", self.order, SENDER))
            self.rulebook = await publish_overlay(hub)
            await self._rule(hub, self.sender, self.sender.issue(RECEIVER, 2), self.sender.issue(RECEIVER, 3))
            late = self.sender.follow("Confirmed", self.order, RECEIVER, {"role": "JUDGE"})
            await self._rule(hub, self.sender, late)
            self.third = await hub.joined("苏0505", self.directory)
            self.checkpoint = await hub.parts.link._hub.checkpoint()
            for court in (self.sender, self.receiver, self.third):
                self.held[court.code] = await collect(hub, court)
            self.state = await snapshot(hub)

    async def _rule(self, hub: Serving, court: Court, *records: StoredEvent) -> None:
        answers = await hub.parts.intake.rule(court.code, records)
        assert answers == [None] * len(records)

    def _back_up(self) -> None:
        with sqlite3.connect(self.database) as source, sqlite3.connect(self.backup) as target:
            source.backup(target)
        source.close()
        target.close()

    def restore(self) -> None:
        """What an operator does who knows no better: yesterday's database in the place of the lost one."""
        for path in self.database.parent.glob("journal.db*"):
            path.unlink()
        shutil.copy(self.backup, self.database)


async def publish_overlay(hub: Serving) -> str:
    """Publish an overlay of the receiving court, valid from today; returns the hash of the rulebook."""
    journal, seat = hub.parts.hub.journal, hub.parts.hub.seat
    newest = newest_rulebook(journal.rulebooks.values())
    documents = [("overlay.toml", f'court = "{RECEIVER}"\n')]
    rulebook = next_rulebook(newest, documents, to_date(journal.clock()))
    key = request_key("a-hub", "PublishRulebook", "overlay", b"")
    await journal.submit(PublishRulebook(seat, key, newest, rulebook))
    return rulebook.hash


async def collect(hub: Serving, court: Court) -> list[StoredEvent]:
    """Everything on a court's feed, bodies too."""
    messages = []
    for lane in (1, 2, 3):
        for entry in await hub.parts.feeds.items(court.code, lane, 0, 1 << 24):
            messages.append(link_service_pb2.FeedItem())
            entry.fill(messages[-1])
    return sorted((message.record for message in messages), key=lambda record: record.log_index)


async def snapshot(hub: Serving) -> dict[str, list]:
    """What the log leaves behind, without what a restored hub counts anew."""
    wanted = (
        (tables.ruling, ("log_index", "accepted", "seq", "reason", "ruled_at", "leaf", "ruling")),
        (tables.feed, ("court", "lane", "feed_seq", "log_index", "item_hash")),
        (tables.instruction, ("instruction", "state", "accepted", "last_event", "case_number")),
        (tables.tally, ("sender", "receiver", "state", "count")),
        (tables.court_key, ("key_id", "court", "added_at_index", "ended_at_index")),
        (tables.rulebook, ("hash", "content")),
        (tables.event, ("event_id", "header", "push")),
        (tables.log_hash, ("level", "number", "hash")),
    )
    found = {}
    for table, columns in wanted:
        query = select(*(table.c[column] for column in columns))
        rows = await hub.parts.hub.journal.read(
            lambda connection, query=query: connection.execute(query).all()
        )
        found[table.name] = sorted(tuple(row) for row in rows if row != (0,))
    found["tally"] = [row for row in found["tally"] if row[-1]]
    return found


def within(records: Sequence[StoredEvent], recall: link_service_pb2.Recall) -> list[StoredEvent]:
    return [record for record in records if recall.from_index <= record.log_index < recall.to_index]


def bare(record: StoredEvent) -> StoredEvent:
    without = StoredEvent()
    without.CopyFrom(record)
    without.ClearField("body")
    return without


async def answer_recall(link: Link, records: Sequence[StoredEvent]) -> None:
    recall = (await link.receive()).recall
    await link.send(recalled=link_service_pb2.Recalled(records=within(records, recall), done=True))
