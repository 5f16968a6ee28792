"""A hub that rules in memory: everything is accepted, unless a test says otherwise."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from tests.integration.link.events import ORIGIN, read

from xiezhi.v1.link_service_pb2 import (
    CheckpointNotice,
    Cosignature,
    FeedCursor,
    Hello,
    Rejected,
    StoredEvent,
    Welcome,
)
from xiezhi_domain.events.feed import FIRST, feed_item_hash
from xiezhi_link.feed_entry import FeedEntry
from xiezhi_link.signal import Signal


class MemoryHub:
    """Survives its listener, as a database does."""

    def __init__(self) -> None:
        self._commits = Signal()
        self.log: list[StoredEvent] = []
        self.feeds: dict[tuple[str, int], list[FeedEntry]] = {}
        self.batches: list[int] = []
        self.times_pushed: Counter[bytes] = Counter()
        self.stored: dict[tuple[str, int], int] = {}
        self.hellos: list[Hello] = []
        self.gone: list[str] = []
        self.open = asyncio.Event()
        self.open.set()
        """Cleared, rulings wait."""
        self.rejections: dict[bytes, list[Rejected]] = {}
        """By header: answers to give before the event is accepted."""
        self.recovering = False
        self.missing: tuple[int, int] | None = None
        self.returned: list[StoredEvent] = []
        self.returned_all = asyncio.Event()

    @property
    def commits(self) -> Signal:
        return self._commits

    async def welcome(self, court: str, hello: Hello) -> Welcome:
        self.hellos.append(hello)
        return Welcome(
            program_version="test",
            origin=ORIGIN,
            checkpoint=await self.checkpoint(),
            recovering=self.recovering,
            clock_ms=hello.clock_ms + 7_000,
        )

    async def rule(self, court: str, records: Sequence[StoredEvent]) -> Sequence[Rejected | None]:
        await self.open.wait()
        self.batches.append(len(records))
        answers = [self._rule_one(court, record) for record in records]
        await asyncio.sleep(0)
        self._commits.notify()
        return answers

    def _rule_one(self, court: str, record: StoredEvent) -> Rejected | None:
        self.times_pushed[record.header] += 1
        if self.rejections.get(record.header):
            return self.rejections[record.header].pop(0)
        if record.header not in {each.header for each in self.log}:
            self.accept(record)
        return None

    def accept(self, record: StoredEvent) -> None:
        """Rule on an event and put it on the feeds of both courts."""
        header = read(record)
        ruled = StoredEvent()
        ruled.CopyFrom(record)
        ruled.ruling, ruled.log_index = b"{}", len(self.log)
        self.log.append(ruled)
        for court in dict.fromkeys((header.sender, header.to)):
            self._append(court, int(header.facts["lane"]), ruled)  # type: ignore[arg-type]

    def accept_all(self, records: Sequence[StoredEvent]) -> None:
        """Rule on events of another road than the link, in one commit."""
        for record in records:
            self.accept(record)
        self._commits.notify()

    def _append(self, court: str, lane: int, ruled: StoredEvent) -> None:
        feed = self.feeds.setdefault((court, lane), [])
        previous = feed[-1].item_hash if feed else FIRST
        leaf = sha256(ruled.header).digest()
        seq = len(feed) + 1
        item_hash = feed_item_hash(previous, seq, ruled.log_index, leaf)
        feed.append(
            FeedEntry(
                lane,
                seq,
                item_hash,
                ruled.log_index,
                ruled.header,
                ruled.push,
                ruled.body,
                ruled.ruling,
                leaf.hex(),
            )
        )

    async def feed(self, court: str, lane: int, after: int, max_bytes: int) -> list[FeedEntry]:
        found: list[FeedEntry] = []
        size = 0
        for item in self.feeds.get((court, lane), [])[after:]:
            size += item.size
            if found and size > max_bytes:
                break
            found.append(item)
        return found

    async def feed_hash(self, court: str, lane: int, feed_seq: int) -> bytes | None:
        feed = self.feeds.get((court, lane), [])
        return feed[feed_seq - 1].item_hash if feed_seq <= len(feed) else None

    async def checkpoint(self) -> bytes:
        return b"checkpoint %d" % len(self.log)

    async def acknowledged(self, court: str, cursors: Sequence[FeedCursor]) -> None:
        for cursor in cursors:
            self.stored[(court, cursor.lane)] = cursor.feed_seq

    async def left(self, court: str) -> None:
        self.gone.append(court)

    async def recalled(self, court: str, records: Sequence[StoredEvent], done: bool) -> None:
        self.returned.extend(records)
        if done:
            self.returned_all.set()

    def recall_range(self) -> tuple[int, int] | None:
        return self.missing


class MemoryWitnesses:
    """The hub's part of cosigning."""

    def __init__(self, hub: MemoryHub) -> None:
        self._hub = hub
        self.cosignatures: list[tuple[str, int]] = []

    async def notice(self, court: str, after: bytes) -> CheckpointNotice | None:
        newest = await self._hub.checkpoint()
        return CheckpointNotice(checkpoint=newest, consistency=[after]) if newest != after else None

    async def cosigned(self, court: str, cosignature: Cosignature) -> None:
        self.cosignatures.append((court, cosignature.size))
