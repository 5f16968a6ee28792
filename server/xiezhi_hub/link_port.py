"""The hub as its end of the link sees it (`xiezhi_link.ports.HubPort`)."""

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from importlib.metadata import version
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1.link_service_pb2 import FeedCursor, Hello, Rejected, StoredEvent, Welcome
from xiezhi_domain.errors import DomainError, NotAllowed, Reason, WrongState
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.misconduct import Misconduct
from xiezhi_domain.evidence.note import Note
from xiezhi_domain.terms import LogFault
from xiezhi_hub.directory.courts import note_back, note_heard
from xiezhi_hub.feeding import Feeds
from xiezhi_hub.hub_journal import HubJournal
from xiezhi_hub.recovery.compare import OwnLog
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.recovery.recovery import Recovery
from xiezhi_hub.ruling.check import CLOCK_TOLERANCE_MS
from xiezhi_hub.ruling.intake import Intake
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.feeds import feed_item
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.misconduct import MisconductFiles
from xiezhi_journal.reading.positions import last_position_of
from xiezhi_journal.translog import checkpoint_at, newest_checkpoint
from xiezhi_link.feed_entry import FeedEntry
from xiezhi_link.signal import Signal

HEARD_EVERY_MS: Final = 30_000
"""How often «last heard» of a court is written while its node acknowledges all the time."""


class HubLinkPort:
    """What the hub answers, rules on and gives out on the link."""

    def __init__(
        self,
        journal: HubJournal,
        seat: Seat,
        gate: Gate,
        recovery: Recovery,
        intake: Intake,
        feeds: Feeds,
        commits: Signal,
        misconduct: MisconductFiles,
    ) -> None:
        self._journal = journal
        self._seat = seat
        self._gate = gate
        self._recovery = recovery
        self._intake = intake
        self._feeds = feeds
        self._commits = commits
        self._misconduct = misconduct
        self._heard: dict[str, int] = {}
        self._greeted: dict[str, int] = {}

    @property
    def commits(self) -> Signal:
        """Told after every commit."""
        return self._commits

    async def welcome(self, court: str, hello: Hello) -> Welcome:
        """Return the answer to *hello*.

        :raises NotAllowed: WRONG_COURT; not one of this hub's courts.
        :raises WrongState: CLOCK_SKEW, or FEED_DIVERGED for a checkpoint that contradicts the log.
        """
        now = self._journal.clock()
        if court not in self._seat.courts.subtree(self._seat.court):
            raise NotAllowed(Reason.WRONG_COURT, "本平台不服务该法院，请核对枢纽地址")
        # Asked again with the same Hello while the hub recovers, whose clock has then become old.
        if self._greeted.get(court) != hello.clock_ms:
            if abs(hello.clock_ms - now) > CLOCK_TOLERANCE_MS:
                raise WrongState(Reason.CLOCK_SKEW, metadata={"hub_clock_ms": str(now)})
            self._heard[court] = now
            gap = 2 * HEARD_EVERY_MS
            await self._journal.write(partial(note_back, code=court, at=now, gap_ms=gap))
            self._greeted[court] = hello.clock_ms
        await self._hear(court, hello.last_checkpoint)
        self._intake.begin(court)
        return Welcome(
            program_version=version("xiezhi"),
            origin=self._seat.origin,
            checkpoint=await self.checkpoint(),
            recovering=not self._gate.is_open,
            clock_ms=now,
            ruled_position=await self._journal.read(partial(self._ruled_position, court=court)),
            feed_ends=self._feeds.ends(court),
        )

    async def _hear(self, court: str, note: bytes) -> None:
        try:
            await self._recovery.hear(court, note)
        except WrongState:
            await self._keep_contradiction(court, note)
            raise

    async def _keep_contradiction(self, court: str, note: bytes) -> None:
        """Keep both notes as a file, where this log has signed another root at the size that the court holds."""
        try:
            theirs = OwnLog(self._journal.signer).open(note)
        except DomainError:
            return  # not signed by this log's key: nobody's misconduct is shown by it
        own = await self._journal.read(partial(checkpoint_at, size=theirs.size))
        if own and Checkpoint.parse(Note.parse(own).text).root != theirs.root:
            found = Misconduct(LogFault.TWO_ROOTS, own, note, (), court, self._journal.clock())
            await asyncio.to_thread(self._misconduct.keep, found)

    def _ruled_position(self, connection: Connection, court: str) -> int:
        """Return the highest journal position of the events that the court's node has made."""
        own_keys = read_keyring(connection).of_hub() if court == self._seat.court else ()
        return last_position_of(connection, court, without_keys=own_keys)

    async def rule(self, court: str, records: Sequence[StoredEvent]) -> Sequence[Rejected | None]:
        """Rule on the events; one answer for each, None for what was ruled on."""
        if not self._gate.is_open:
            reason = Reason.RECOVERING
            return [Rejected(reason=reason.value, message=reason.zh, retry=True) for _ in records]
        return await self._intake.rule(court, records)

    async def feed(self, court: str, lane: int, after: int, max_bytes: int) -> list[FeedEntry]:
        """Return the items of a lane after number *after*; none while the hub recovers."""
        if not self._gate.is_open:
            return []
        return await self._feeds.items(court, lane, after, max_bytes)

    async def feed_hash(self, court: str, lane: int, feed_seq: int) -> bytes | None:
        """Return the hash of one feed item; None if the feed does not go so far."""
        return await self._journal.read(partial(feed_item, court=court, lane=lane, feed_seq=feed_seq))

    async def checkpoint(self) -> bytes:
        """Return the newest checkpoint."""
        return await self._journal.read(newest_checkpoint)

    async def acknowledged(self, court: str, cursors: Sequence[FeedCursor]) -> None:
        """Note that the court was heard; cursors are the node's to remember (protocol §4)."""
        del cursors
        now = self._journal.clock()
        if now - self._heard.get(court, 0) >= HEARD_EVERY_MS:
            await self._note_heard(court, now)

    async def note_connected(self, courts: Iterable[str]) -> None:
        """Note that the nodes of these courts are connected now: a hub that is killed knows until when they were."""
        now = self._journal.clock()
        self._heard.update(dict.fromkeys(courts, now))

        def write(connection: Connection) -> None:
            for court in courts:
                note_heard(connection, court, now)

        await self._journal.write(write)

    async def left(self, court: str) -> None:
        """Note until when the court's node was connected."""
        await self._note_heard(court, self._journal.clock())

    async def recalled(self, court: str, records: Sequence[StoredEvent], done: bool) -> None:
        """Take entries that the court's node held."""
        await self._recovery.take(court, records, done=done)

    def recall_range(self) -> tuple[int, int] | None:
        """Return the log indexes that the hub lacks."""
        return self._recovery.recall_range()

    async def _note_heard(self, court: str, now: int) -> None:
        self._heard[court] = now
        await self._journal.write(partial(note_heard, code=court, at=now))
