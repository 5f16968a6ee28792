"""A node whose journal is a list; it checks what it takes as a real one does."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from hashlib import sha256

from tests.integration.link.events import ORIGIN, event, position_of, read

from xiezhi.v1.link_service_pb2 import (
    LANE_NORMAL,
    CheckpointNotice,
    Cosignature,
    DirectoryUpdate,
    FeedCursor,
    FeedItem,
    Hello,
    Rejected,
    StoredEvent,
    Welcome,
)
from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_domain.events.feed import FIRST, feed_item_hash
from xiezhi_link.inbox import Received
from xiezhi_link.signal import Signal
from xiezhi_link.under_way import Outgoing


class MemoryNode:
    """Survives its link, as a database does."""

    def __init__(self, court: str) -> None:
        self.court = court
        self._commits = Signal()
        self.journal: list[StoredEvent] = []
        self.answered: set[bytes] = set()
        self.lanes: dict[int, list[FeedItem]] = {}
        self.taken: list[FeedItem] = []
        """Everything taken, in the order of taking."""
        self.batches: list[int] = []
        self.open = asyncio.Event()
        self.open.set()
        """Cleared, storing waits."""
        self.taking = asyncio.Event()
        self.welcomes: list[Welcome] = []
        self.pinned_origin = ORIGIN
        self.rejections: list[Rejected] = []
        self.without_documents: set[bytes] = set()
        self.held: list[StoredEvent] = []
        self.notices: list[CheckpointNotice] = []
        self.courts: list[str] = []
        self.asked = 0
        """How often it was told to ask again."""

    @property
    def commits(self) -> Signal:
        return self._commits

    def act(
        self, to: str, *, lane: int = LANE_NORMAL, instruction: str | None = None, size: int = 100
    ) -> StoredEvent:
        """Store an own event, as a user's action does."""
        position = len(self.journal) + 1
        record = event(self.court, to, position, lane=lane, instruction=instruction, size=size)
        self.journal.append(record)
        self._commits.notify()
        return record

    def restore_backup(self, lane: int, feed_seq: int, position: int) -> None:
        """Forget what came after a backup."""
        del self.lanes[lane][feed_seq:]
        for record in self.journal[position:]:
            self.answered.discard(record.header)
        del self.journal[position:]

    async def hello(self) -> Hello:
        cursors = [_cursor(items[-1]) for items in self.lanes.values() if items]
        return Hello(program_version="test", cursors=cursors, clock_ms=1_000)

    async def welcomed(self, welcome: Welcome) -> None:
        if welcome.origin != self.pinned_origin:
            raise NotAllowed(Reason.KEY_UNKNOWN, "枢纽的日志名称与本机登记的不一致")
        self.welcomes.append(welcome)

    async def outgoing(self, after_position: int, max_bytes: int) -> list[Outgoing]:
        found: list[Outgoing] = []
        size = 0
        for record in self.journal:
            if position_of(record) <= after_position or record.header in self.answered:
                continue
            size += record.ByteSize()
            if found and size > max_bytes:
                break
            found.append(Outgoing.of(position_of(record), read(record).instruction, record))
        await asyncio.sleep(0)
        return found

    async def bring_documents(self, records: Sequence[StoredEvent]) -> list[StoredEvent]:
        return [record for record in records if record.header not in self.without_documents]

    async def take(self, received: Received) -> list[FeedCursor]:
        self.taking.set()
        await self.open.wait()
        moved: dict[int, FeedItem] = {}
        for item in received.items:
            self._store(item)
            moved[item.lane] = item
        self.batches.append(len(received.items))
        return [_cursor(item) for item in moved.values()]

    def _store(self, item: FeedItem) -> None:
        items = self.lanes.setdefault(item.lane, [])
        if item.feed_seq <= len(items):
            return
        previous = items[-1].item_hash if items else FIRST
        leaf = sha256(item.record.header).digest()
        assert item.feed_seq == len(items) + 1, "a gap"
        assert item.item_hash == feed_item_hash(previous, item.feed_seq, item.record.log_index, leaf)
        items.append(item)
        self.taken.append(item)
        self.answered.add(item.record.header)

    async def rejected(self, rejected: Rejected) -> None:
        self.rejections.append(rejected)
        if not rejected.retry:
            digests = {sha256(record.header).digest(): record.header for record in self.journal}
            self.answered.add(digests[rejected.header_sha256])

    async def recall(self, from_index: int, to_index: int) -> AsyncIterator[Sequence[StoredEvent]]:
        for record in self.held:
            if from_index <= record.log_index < to_index:
                yield [record]

    async def checkpoint(self, notice: CheckpointNotice) -> Cosignature | None:
        self.notices.append(notice)
        return Cosignature(size=int(notice.checkpoint.split()[-1]))

    async def directory(self, update: DirectoryUpdate) -> None:
        self.courts.extend(court.code for court in update.courts)
        self.asked += update.ask_again


def _cursor(item: FeedItem) -> FeedCursor:
    return FeedCursor(lane=item.lane, feed_seq=item.feed_seq, item_hash=item.item_hash)
