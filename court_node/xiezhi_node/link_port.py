"""The node as its end of the link sees it (`xiezhi_link.ports.NodePort`)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial
from importlib.metadata import version
from typing import cast

import structlog

from xiezhi.v1 import event_pb2, link_service_pb2
from xiezhi_domain.errors import DomainError, Reason, Unavailable
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.note import VerifierKey
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_journal.journal import Journal
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.keys import verify_signature
from xiezhi_journal.reading import pending_after, ruled_records
from xiezhi_journal.translog import checkpoint_at, newest_checkpoint
from xiezhi_link.signal import Signal
from xiezhi_node.outbox import GiveUpEvent
from xiezhi_node.pins import write_courts
from xiezhi_node.seat import Seat
from xiezhi_node.state import read_cursors, read_journal_position
from xiezhi_node.taking.check import CheckedItem, FeedChecker
from xiezhi_node.taking.take import TakeFeed
from xiezhi_node.traffic.bring import DocumentBringer
from xiezhi_node.traffic.rulebooks import RulebookSource

OUTGOING_EVENTS = 1_024
RECALL_EVENTS = 256
_log = structlog.get_logger(__name__)


class NodeLinkPort:
    """What the node says, takes and sends on the link."""

    def __init__(
        self,
        journal: Journal,
        seat: Seat,
        commits: Signal,
        documents: DocumentBringer,
        rulebooks: RulebookSource,
    ) -> None:
        self._journal = journal
        self._seat = seat
        self._commits = commits
        self._documents = documents
        self._rulebooks = rulebooks
        self._trusted = TrustedLog(seat.origin, (VerifierKey.parse(seat.log_vkey),))

    @property
    def commits(self) -> Signal:
        """Told after every commit."""
        return self._commits

    async def hello(self) -> link_service_pb2.Hello:
        """Return how far this node is."""
        journal = self._journal
        return link_service_pb2.Hello(
            program_version=version("xiezhi"),
            cursors=await journal.read(read_cursors),
            last_checkpoint=await journal.read(newest_checkpoint),
            journal_position=await journal.read(read_journal_position),
            clock_ms=journal.clock(),
        )

    async def welcomed(self, welcome: link_service_pb2.Welcome) -> None:
        """Check the hub against what is pinned: origin, log key, and that its log has not lost or changed anything."""
        if welcome.origin != self._seat.origin:
            raise Unavailable(Reason.SIGNATURE_INVALID, "平台日志名称与加入时登记的不一致，已停止连接")
        if not welcome.checkpoint or welcome.recovering:
            return
        theirs = self._open(welcome.checkpoint)
        own_note = await self._journal.read(newest_checkpoint)
        if not own_note:
            return
        own = self._open(own_note)
        if theirs.size < own.size:
            raise Unavailable(Reason.SIGNATURE_INVALID, "平台日志比本院所存的短，已停止连接，请联系上级法院")
        if theirs.size == own.size and theirs.root != own.root:
            raise Unavailable(
                Reason.SIGNATURE_INVALID, "平台日志与本院所存的不一致，已停止连接，请联系上级法院"
            )

    async def outgoing(self, after_position: int, max_bytes: int) -> list[event_pb2.EventRecord]:
        """Return pending events after a journal position, in order, of about *max_bytes*."""
        records = await self._journal.read(
            lambda connection: pending_after(connection, after_position, OUTGOING_EVENTS)
        )
        room, taken = max_bytes, 0
        for record in records:
            room -= record.ByteSize()
            if taken and room < 0:
                break
            taken += 1
        return records[:taken]

    async def bring_documents(self, records: Sequence[event_pb2.EventRecord]) -> list[event_pb2.EventRecord]:
        """Bring the documents that the events name to the hub first."""
        return await self._documents.bring(records)

    async def take(self, deliver: link_service_pb2.Deliver) -> list[link_service_pb2.FeedCursor]:
        """Check the items off the writer, store them, return the cursors."""
        await self._rulebooks.fetch_missing(item.record.header for item in deliver.items)
        keyring = await self._journal.read(read_keyring)
        checker = FeedChecker(keyring)
        items = await asyncio.to_thread(_check_all, checker, deliver.items)
        checkpoint = self._open(deliver.checkpoint) if deliver.checkpoint else None
        moved = await self._journal.submit(TakeFeed(self._seat, items, checkpoint, deliver.checkpoint))
        return [
            link_service_pb2.FeedCursor(
                lane=cast("link_service_pb2.Lane.ValueType", lane), feed_seq=feed_seq, item_hash=item_hash
            )
            for lane, (feed_seq, item_hash) in moved.items()
        ]

    async def rejected(self, rejected: link_service_pb2.Rejected) -> None:
        """Give up an event that can never be ruled on; the link itself tries again where that helps."""
        _log.warning("event_rejected", reason=rejected.reason, retry=rejected.retry, event=rejected.event_id)
        if not rejected.retry and rejected.event_id:
            work = GiveUpEvent(rejected.event_id, rejected.reason, rejected.message)
            await self._journal.submit(work)

    async def recall(self, from_index: int, to_index: int) -> AsyncIterator[Sequence[event_pb2.EventRecord]]:
        """Yield the ruled events of a range that lie here, by log index."""
        start = from_index
        while start < to_index:
            query = partial(ruled_records, first=start, end=to_index, limit=RECALL_EVENTS)
            records = await self._journal.read(query)
            if not records:
                return
            yield records
            start = records[-1].log_index + 1

    async def checkpoint(
        self, notice: link_service_pb2.CheckpointNotice
    ) -> link_service_pb2.Cosignature | None:
        """Check and store a checkpoint that came by itself."""
        checkpoint = self._open(notice.checkpoint)
        same_size = await self._journal.read(lambda connection: checkpoint_at(connection, checkpoint.size))
        if same_size and self._open(same_size).root != checkpoint.root:
            raise Unavailable(
                Reason.SIGNATURE_INVALID, "平台对同一长度的日志给出了两个不同的根，请联系上级法院"
            )
        await self._journal.submit(TakeFeed(self._seat, (), checkpoint, notice.checkpoint))
        return None

    async def directory(self, update: link_service_pb2.DirectoryUpdate) -> None:
        """Store directory entries that changed."""
        now = self._journal.clock()
        await self._journal.write(lambda connection: write_courts(connection, update.courts, now))

    def _open(self, note: bytes) -> Checkpoint:
        return self._trusted.open(note, verify_signature).checkpoint


def _check_all(checker: FeedChecker, items: Sequence[link_service_pb2.FeedItem]) -> list[CheckedItem]:
    try:
        return [checker.check(item) for item in items]
    except DomainError as error:
        # The hub signs what it delivers; bytes that do not hold together are its misconduct or a broken line.
        _log.error("feed_refused", reason=error.reason, problem=error.message)
        raise
