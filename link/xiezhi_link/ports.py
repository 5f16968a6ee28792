"""What each end of the link asks of the program that it serves.

`HubPort` is implemented by the hub, `NodePort` by the node; the ends know neither ruling nor storing. Whatever a
port raises ends the stream (not the program): the node dials again after a pause, and the cursors make sure that
nothing is lost. One bad event must therefore not raise: the hub rejects it, the node quarantines it.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from xiezhi.v1.link_service_pb2 import (
    CheckpointNotice,
    Cosignature,
    DirectoryUpdate,
    FeedCursor,
    Hello,
    Rejected,
    StoredEvent,
    Welcome,
)
from xiezhi_link.feed_entry import FeedEntry
from xiezhi_link.inbox import Received
from xiezhi_link.signal import Signal
from xiezhi_link.under_way import Outgoing


class HubPort(Protocol):
    """The hub, as its end of the link sees it. Courts are those of the client certificates."""

    @property
    def commits(self) -> Signal:
        """Told after every commit that may have put something on a feed."""

    async def welcome(self, court: str, hello: Hello) -> Welcome:
        """Return the answer to *hello*; the end of the link adds protocol version and push window.

        Also asked again with the same Hello while the hub recovers, to learn whether it has opened.

        :raises DomainError: the court cannot be served, such as `CLOCK_SKEW` or a checkpoint of another origin.
        """

    async def rule(self, court: str, records: Sequence[StoredEvent]) -> Sequence[Rejected | None]:
        """Rule on the events and return once the rulings are committed, with one answer for each record.

        None: ruled now or before; the answer comes by the feed. `Rejected`: never logged; ``index`` and
        ``header_sha256`` are filled in by the caller. Where an event is rejected for another try (``retry``),
        the later events of its instruction have to be too, since each builds on the one before.

        :raises DomainError: nothing can be ruled on now.
        """

    async def feed(self, court: str, lane: int, after: int, max_bytes: int) -> list[FeedEntry]:
        """Return the items of a lane after number *after*, in order, of about *max_bytes*.

        At least one item if there is one, each with its body. Called for each lane after every commit: an
        empty lane should be answered from memory.
        """

    async def feed_hash(self, court: str, lane: int, feed_seq: int) -> bytes | None:
        """Return the hash of one feed item; None if the feed does not go so far."""

    async def checkpoint(self) -> bytes:
        """Return the newest checkpoint, a signed note."""

    async def acknowledged(self, court: str, cursors: Sequence[FeedCursor]) -> None:
        """Note that the court's node has stored everything up to *cursors*."""

    async def left(self, court: str) -> None:
        """Note that the court's stream has ended: until now its node was connected."""

    async def recalled(self, court: str, records: Sequence[StoredEvent], done: bool) -> None:
        """Take entries that a node held; *done*: it holds nothing more of what was asked for."""

    def recall_range(self) -> tuple[int, int] | None:
        """Return the log indexes that a recovering hub lacks (first, first not any more); None if none."""


class WitnessPort(Protocol):
    """What the hub adds where nodes cosign its checkpoints (protocol §7)."""

    async def notice(self, court: str, after: bytes) -> CheckpointNotice | None:
        """Return the newest checkpoint with cosignatures and the proof that it extends *after*.

        *after* is the last notice's checkpoint on this stream, at first that of Welcome. None if there is
        nothing new.
        """

    async def cosigned(self, court: str, cosignature: Cosignature) -> None:
        """Check and keep a node's cosignature; a wrong one is logged, not raised."""


class NodePort(Protocol):
    """The node, as its end of the link sees it."""

    @property
    def commits(self) -> Signal:
        """Told after every commit that may have made an event pending."""

    async def hello(self) -> Hello:
        """Return how far the node is: cursors, last checkpoint, journal position, clock, program version.

        The end of the link adds the protocol version.
        """

    async def welcomed(self, welcome: Welcome) -> None:
        """Check the hub against what is pinned.

        :raises DomainError: it is another hub or another log; nothing is pushed or taken.
        """

    async def outgoing(self, after_position: int, max_bytes: int) -> list[Outgoing]:
        """Return pending events after a journal position, in journal order, of about *max_bytes*.

        At least one if there is one. Pending: neither answered by the feed nor quarantined.
        """

    async def bring_documents(self, records: Sequence[StoredEvent]) -> list[StoredEvent]:
        """Bring the documents that the events name to the hub; return the events that may be pushed now.

        In the given order. What is left out is asked for again after a pause, and so are the later events
        of the same instruction.
        """

    async def take(self, received: Received) -> list[FeedCursor]:
        """Check and store feed items; return the cursors to acknowledge, after the commit.

        Items are in order within their lane. What cannot be projected is stored and quarantined.

        :raises DomainError: nothing can be stored now.
        """

    async def rejected(self, rejected: Rejected) -> None:
        """Note that an event cannot come into the log: quarantined, unless ``retry``, as it is pushed again."""

    def recall(self, from_index: int, to_index: int) -> AsyncIterator[Sequence[StoredEvent]]:
        """Yield the log entries of a range that the node holds, in sets, by log index."""

    async def checkpoint(self, notice: CheckpointNotice) -> Cosignature | None:
        """Check and store a checkpoint; return the cosignature of a node that vouches for it."""

    async def directory(self, update: DirectoryUpdate) -> None:
        """Store directory entries that changed, and ask again for what is another now, where the update says so."""
