"""What of one lane is under way on one stream."""

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

import structlog

from xiezhi.v1.link_service_pb2 import FeedCursor
from xiezhi_domain.errors import Reason, WrongState
from xiezhi_link.feed_entry import FeedEntry

_log = structlog.get_logger(__name__)


class _Sent(NamedTuple):
    feed_seq: int
    item_hash: bytes
    size: int


class LaneWindow:
    """How far a lane was sent and how much of it the node has not acknowledged."""

    def __init__(self, court: str, lane: int, after: int, window_bytes: int) -> None:
        self._court = court
        self.lane = lane
        self.last_sent = after
        """Number of the last item sent; at first that of the node's cursor."""
        self._window_bytes = window_bytes
        self._under_way: deque[_Sent] = deque()
        self._bytes = 0

    @property
    def room(self) -> int:
        """Bytes that may still be sent; zero or less where the window is full."""
        return self._window_bytes - self._bytes

    def sent(self, entries: Sequence[FeedEntry]) -> None:
        """Count entries that go out now."""
        for entry in entries:
            sent = _Sent(entry.feed_seq, entry.item_hash, entry.size)
            self._under_way.append(sent)
            self._bytes += sent.size
        self.last_sent = self._under_way[-1].feed_seq

    def acknowledge(self, cursor: FeedCursor) -> None:
        """Count what the node has stored.

        :raises WrongState: `FEED_DIVERGED`: it says that it stored what was not sent.
        """
        if cursor.feed_seq > self.last_sent:
            raise diverged(self._court, cursor)
        while self._under_way and self._under_way[0].feed_seq <= cursor.feed_seq:
            stored = self._under_way.popleft()
            self._bytes -= stored.size
            if stored.feed_seq == cursor.feed_seq and stored.item_hash != cursor.item_hash:
                raise diverged(self._court, cursor)


def diverged(court: str, cursor: FeedCursor) -> WrongState:
    """Raise the alarm that hub and node hold different feeds; return the refusal that the node gets."""
    _log.error(
        "feed_diverged",
        court=court,
        lane=cursor.lane,
        feed_seq=cursor.feed_seq,
        item_hash=cursor.item_hash.hex(),
    )
    return WrongState(
        Reason.FEED_DIVERGED, metadata={"lane": str(cursor.lane), "feed_seq": str(cursor.feed_seq)}
    )
