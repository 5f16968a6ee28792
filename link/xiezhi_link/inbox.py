"""What the node has received and not stored yet; urgent items are stored before the others."""

import asyncio
from collections import deque

from xiezhi.v1.link_service_pb2 import Deliver, FeedItem
from xiezhi_link.settings import BATCH_EVENTS, LANES


class Inbox:
    """Feed items by lane. Batches form by themselves while the node stores the one before."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._lanes: dict[int, deque[FeedItem]] = {lane: deque() for lane in LANES}
        self._checkpoint = b""
        self._bytes = 0
        self._closed = False
        self._changed = asyncio.Condition()

    async def put(self, deliver: Deliver) -> None:
        """Add items; waits while there is too much. Without effect once closed."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._bytes < self._most_bytes or self._closed)
            for item in deliver.items:
                # A lane that this version does not know cannot be acknowledged either.
                if item.lane in self._lanes:
                    self._lanes[item.lane].append(item)
                    self._bytes += item.ByteSize()
            # The newest covers the items of every frame.
            self._checkpoint = deliver.checkpoint
            self._changed.notify_all()

    async def take(self) -> Deliver | None:
        """Return waiting items, urgent first, with the newest checkpoint; waits for the first; None once closed."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._closed or any(self._lanes.values()))
            if self._closed:
                return None
            items: list[FeedItem] = []
            for lane in self._lanes.values():
                while lane and len(items) < BATCH_EVENTS:
                    items.append(lane.popleft())
            self._bytes -= sum(item.ByteSize() for item in items)
            self._changed.notify_all()
            return Deliver(items=items, checkpoint=self._checkpoint)

    async def close(self) -> None:
        """Let readers and writers go; what waits comes again with the next stream."""
        async with self._changed:
            self._closed = True
            self._changed.notify_all()
