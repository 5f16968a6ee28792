"""What the node has received and not stored yet; urgent items are stored before the others."""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from xiezhi.v1.link_service_pb2 import Deliver, FeedItem
from xiezhi_link.batches import share_of
from xiezhi_link.settings import BATCH_EVENTS, LANES


class _Waiting(NamedTuple):
    item: FeedItem
    size: int


class Received(NamedTuple):
    """Feed items of one or more frames, in order per lane, with the newest checkpoint, which covers them."""

    items: Sequence[FeedItem]
    checkpoint: bytes


class Inbox:
    """Feed items by lane. Batches form by themselves while the node stores the one before."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._lanes: dict[int, deque[_Waiting]] = {lane: deque() for lane in LANES}
        self._checkpoint = b""
        self._bytes = 0
        self._closed = False
        self._changed = asyncio.Condition()

    async def put(self, deliver: Deliver) -> None:
        """Add items; waits while there is too much. Without effect once closed."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._bytes < self._most_bytes or self._closed)
            size = share_of(deliver, len(deliver.items))
            for item in deliver.items:
                # A lane that this version does not know cannot be acknowledged either.
                lane = self._lanes.get(item.lane)
                if lane is not None:
                    lane.append(_Waiting(item, size))
                    self._bytes += size
            # The newest covers the items of every frame.
            self._checkpoint = deliver.checkpoint
            self._changed.notify_all()

    async def take(self) -> Received | None:
        """Return waiting items, urgent first, with the newest checkpoint; waits for the first; None once closed."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._closed or any(self._lanes.values()))
            if self._closed:
                return None
            taken: list[_Waiting] = []
            for lane in self._lanes.values():
                while lane and len(taken) < BATCH_EVENTS:
                    taken.append(lane.popleft())
            self._bytes -= sum(each.size for each in taken)
            self._changed.notify_all()
            return Received([each.item for each in taken], self._checkpoint)

    async def close(self) -> None:
        """Let readers and writers go; what waits comes again with the next stream."""
        async with self._changed:
            self._closed = True
            self._changed.notify_all()
