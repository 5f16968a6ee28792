"""Sends a court's feed: lanes in their order, each within its window."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from hashlib import sha256
from operator import attrgetter

from msgspec.structs import replace

from xiezhi.v1.link_service_pb2 import ConnectResponse, FeedCursor, Hello, StoredEvent
from xiezhi_link.batches import frames_of
from xiezhi_link.feed_entry import FeedEntry
from xiezhi_link.lane_window import LaneWindow
from xiezhi_link.ports import HubPort
from xiezhi_link.settings import FRAME_ROOM_BYTES, LANES

Send = Callable[[ConnectResponse], Awaitable[None]]

# Pushes of a stream whose answers come back without body; the answers of older ones are larger, no more.
_REMEMBERED = 16_384


class FeedPump:
    """The feed of one court on one stream, from the cursors that the node said."""

    def __init__(
        self,
        hub: HubPort,
        court: str,
        hello: Hello,
        window_bytes: Mapping[int, int],
        send: Send,
    ) -> None:
        self._pushed: OrderedDict[str, None] = OrderedDict()
        after: dict[int, int] = {cursor.lane: cursor.feed_seq for cursor in hello.cursors}
        self._hub = hub
        self._court = court
        self._send = send
        self._lanes = {
            lane: LaneWindow(court, lane, after.get(lane, 0), window_bytes[lane]) for lane in LANES
        }

    async def send_next(self) -> bool:
        """Send about a frame of the first lane that has something and room for it; whether there was any.

        Asked again after each frame: urgent items wait for one frame of another lane at most.
        """
        for lane in self._lanes.values():
            if lane.room <= 0:
                continue
            most = min(lane.room, FRAME_ROOM_BYTES)
            entries = await self._hub.feed(self._court, lane.lane, lane.last_sent, most)
            if entries:
                await self._deliver(lane, entries)
                return True
        return False

    def acknowledge(self, cursors: Iterable[FeedCursor]) -> None:
        """Make room for what the node has stored.

        :raises WrongState: `FEED_DIVERGED`.
        """
        for cursor in cursors:
            window = self._lanes.get(cursor.lane)
            if window is not None:
                window.acknowledge(cursor)

    def note_pushed(self, records: Iterable[StoredEvent]) -> None:
        """The node holds what it pushes: the feed need not bring these bodies back."""
        self._pushed.update((sha256(record.header).hexdigest(), None) for record in records)
        while len(self._pushed) > _REMEMBERED:
            self._pushed.popitem(last=False)

    async def _deliver(self, lane: LaneWindow, entries: list[FeedEntry]) -> None:
        # Read after the entries, so that it covers them.
        checkpoint = await self._hub.checkpoint()
        if self._pushed:
            entries = [self._without_known_body(entry) for entry in entries]
        for frame in frames_of(entries, attrgetter("size")):
            # Counted first: the acknowledgement may come before the write returns.
            lane.sent(frame)
            response = ConnectResponse()
            deliver = response.deliver
            deliver.checkpoint = checkpoint
            for entry in frame:
                entry.fill(deliver.items.add())
            await self._send(response)

    def _without_known_body(self, entry: FeedEntry) -> FeedEntry:
        # What was pushed on another stream may be lost since, with a journal that was restored from a backup.
        if entry.header_hash not in self._pushed:
            return entry
        # The one answer to it on this stream.
        del self._pushed[entry.header_hash]
        return replace(entry, body=b"")
