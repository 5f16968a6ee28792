"""The node as its end of the link sees it (`xiezhi_link.ports.NodePort`)."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from functools import partial
from importlib.metadata import version
from typing import cast

import structlog

from xiezhi.v1 import link_service_pb2
from xiezhi_domain.errors import DomainError, FormatError, Reason, Unavailable
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.terms import EventKind, LogFault
from xiezhi_journal.journal import Journal
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.reading import pending_after, ruled_records
from xiezhi_journal.translog import checkpoint_at, newest_checkpoint
from xiezhi_link.inbox import Received
from xiezhi_link.signal import Signal
from xiezhi_link.under_way import Outgoing
from xiezhi_node.catching_up import is_marked, mark
from xiezhi_node.outbox import GiveUpEvent
from xiezhi_node.pins import write_courts
from xiezhi_node.seat import Seat
from xiezhi_node.state import read_cursors, read_journal_position
from xiezhi_node.taking.again import pinned_in_quarantine, take_again
from xiezhi_node.taking.check import CheckedItem, FeedChecker
from xiezhi_node.taking.proofs import BrokenFeedError, FeedAlarm
from xiezhi_node.taking.take import AcknowledgeArrivals, TakeFeed
from xiezhi_node.traffic.bring import DocumentBringer
from xiezhi_node.traffic.rulebooks import RulebookSource
from xiezhi_node.witnessing.store import kept_of
from xiezhi_node.witnessing.witness import Witness

OUTGOING_EVENTS = 1_024
RECALL_EVENTS = 64
_TWO_ROOTS = "平台对同一长度的日志给出了两个不同的根，请联系上级法院"
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
        witness: Witness,
        ask_again: Callable[[], None] = lambda: None,
    ) -> None:
        self._journal = journal
        self._seat = seat
        self._commits = commits
        self._documents = documents
        self._rulebooks = rulebooks
        self._witness = witness
        self._ask_again = ask_again
        self._alarm = FeedAlarm(journal)

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
            clock_ms=journal.clock(),
        )

    async def welcomed(self, welcome: link_service_pb2.Welcome) -> None:
        """Check the hub against what is pinned: origin, log key, and that its log has not lost or changed anything."""
        if welcome.origin != self._seat.origin:
            raise Unavailable(Reason.SIGNATURE_INVALID, "平台日志名称与加入时登记的不一致，已停止连接")
        if not welcome.checkpoint or welcome.recovering:
            return
        await self._check_log(welcome.checkpoint)
        # What the hub lost it asks for again, and receipts that a restored or refused node owes are made now.
        self._documents.forget()
        await self._find_missing(welcome)
        await self._fetch_rulebooks(await self._journal.read(pinned_in_quarantine))
        await self._journal.submit(AcknowledgeArrivals(self._seat))
        # While the line was down nobody could say that something is another.
        self._ask_again()

    async def _find_missing(self, welcome: link_service_pb2.Welcome) -> None:
        """Begin to catch up, if the hub knows of own events that lie not here: this node was restored."""
        journal, catching_up = self._journal, self._seat.catching_up
        marked = await journal.read(is_marked)
        known = await journal.read(read_journal_position)
        if not marked and known >= welcome.ruled_position:
            catching_up.settle()
            return
        catching_up.begin(welcome.feed_ends, await journal.read(read_cursors))
        if catching_up.is_behind != marked:
            _log.warning("node_restored", known=known, ruled=welcome.ruled_position)
            await journal.write(partial(mark, behind=catching_up.is_behind))

    async def _check_log(self, note: bytes) -> None:
        theirs = self._open(note)
        own_note = await self._journal.read(newest_checkpoint)
        if not own_note:
            return
        if theirs.size < kept_of(own_note).checkpoint.size:
            self._witness.record(LogFault.SHRUNK, own_note, note)
            raise Unavailable(Reason.SIGNATURE_INVALID, "平台日志比本院所存的短，已停止连接，请联系上级法院")
        await self._check_root(theirs, note)

    async def outgoing(self, after_position: int, max_bytes: int) -> list[Outgoing]:
        """Return pending events after a journal position, in order, of about *max_bytes*."""
        query = partial(
            pending_after, journal_position=after_position, limit=OUTGOING_EVENTS, max_bytes=max_bytes
        )
        return [Outgoing.of(*pending) for pending in await self._journal.read(query)]

    async def bring_documents(
        self, records: Sequence[link_service_pb2.StoredEvent]
    ) -> list[link_service_pb2.StoredEvent]:
        """Bring the documents that the events name to the hub first."""
        return await self._documents.bring(records)

    async def take(self, received: Received) -> list[link_service_pb2.FeedCursor]:
        """Check the items off the writer, store them, return the cursors."""
        keyring = await self._journal.read(read_keyring)
        checker = FeedChecker(keyring)
        items = await asyncio.to_thread(_check_all, checker, received.items)
        await self._fetch_rulebooks(item.header.rulebook for item in items)
        checkpoint = await self._covering(received.checkpoint, items)
        try:
            moved = await self._journal.submit(TakeFeed(self._seat, items, checkpoint, received.checkpoint))
        except BrokenFeedError as broken:
            await self._alarm.raise_for(broken)
            raise
        await self._alarm.end(*moved)
        if any(item.header.kind == EventKind.ERASURE_ORDERED for item in items):
            # What came erased before its order waits for it.
            await take_again(self._journal, self._seat)
        cursors = [
            link_service_pb2.FeedCursor(
                lane=cast("link_service_pb2.Lane.ValueType", lane), feed_seq=feed_seq, item_hash=item_hash
            )
            for lane, (feed_seq, item_hash) in moved.items()
        ]
        await self._catch_up(cursors)
        return cursors

    async def _fetch_rulebooks(self, hashes: Iterable[str]) -> None:
        """Fetch what is missing; what waited for it in quarantine is taken again."""
        if await self._rulebooks.fetch_missing(hashes):
            await take_again(self._journal, self._seat)

    async def _catch_up(self, cursors: Sequence[link_service_pb2.FeedCursor]) -> None:
        catching_up = self._seat.catching_up
        if catching_up.is_behind:
            catching_up.advance(cursors)
            if not catching_up.is_behind:
                await self._journal.write(partial(mark, behind=False))
                await self._journal.submit(AcknowledgeArrivals(self._seat))

    async def _covering(self, note: bytes, items: Sequence[CheckedItem]) -> Checkpoint | None:
        """Return the checkpoint that came with the items, if it can cover them and contradicts no stored one."""
        if not note:
            return None
        checkpoint = self._open(note)
        if any(item.log_index >= checkpoint.size for item in items):
            raise FormatError("平台给出的检查点不包含所送的记录")
        await self._check_root(checkpoint, note)
        return checkpoint

    async def _check_root(self, checkpoint: Checkpoint, note: bytes) -> None:
        stored = await self._journal.read(partial(checkpoint_at, size=checkpoint.size))
        if stored and kept_of(stored).checkpoint.root != checkpoint.root:
            self._witness.record(LogFault.TWO_ROOTS, stored, note)
            raise Unavailable(Reason.SIGNATURE_INVALID, _TWO_ROOTS)

    async def rejected(self, rejected: link_service_pb2.Rejected) -> None:
        """Give up an event that can never be ruled on; the link itself tries again where that helps."""
        _log.warning(
            "event_rejected", reason=rejected.reason, retry=rejected.retry, event_id=rejected.event_id
        )
        if not rejected.retry and rejected.event_id:
            work = GiveUpEvent(rejected.event_id, rejected.reason, rejected.message)
            await self._journal.submit(work)

    async def recall(
        self, from_index: int, to_index: int
    ) -> AsyncIterator[Sequence[link_service_pb2.StoredEvent]]:
        """Bring what the ruled events of a range name, as far as it lies here, and yield them, by log index."""
        # A hub that lost entries has lost their documents as well, and stays closed until both are there.
        self._documents.forget()
        start = from_index
        while start < to_index:
            query = partial(ruled_records, first=start, end=to_index, limit=RECALL_EVENTS)
            records = await self._journal.read(query)
            if not records:
                return
            await self._documents.bring(records)
            yield records
            start = records[-1].log_index + 1

    async def checkpoint(
        self, notice: link_service_pb2.CheckpointNotice
    ) -> link_service_pb2.Cosignature | None:
        """Check and store a checkpoint that came by itself; return this node's cosignature."""
        return await self._witness.vouch(notice)

    async def directory(self, update: link_service_pb2.DirectoryUpdate) -> None:
        """Store directory entries that changed; ask again for what is kept from elsewhere, where the hub says so."""
        if update.ask_again:
            self._ask_again()
        now = self._journal.clock()
        await self._journal.write(lambda connection: write_courts(connection, update.courts, now))

    def _open(self, note: bytes) -> Checkpoint:
        return self._witness.open(note).checkpoint


def _check_all(checker: FeedChecker, items: Sequence[link_service_pb2.FeedItem]) -> list[CheckedItem]:
    try:
        return [checker.check(item) for item in items]
    except DomainError as error:
        # The hub signs what it delivers; bytes that do not hold together are its misconduct or a broken line.
        _log.error("feed_refused", reason=error.reason, problem=error.message)
        raise
