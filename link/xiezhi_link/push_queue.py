"""What a node has pushed and the hub has not ruled on yet."""

import asyncio
from collections import deque
from dataclasses import dataclass

from xiezhi.v1.link_service_pb2 import Push, StoredEvent
from xiezhi_link.batches import share_of


@dataclass(frozen=True, slots=True)
class Pushed:
    """An event with its place in the frame that brought it."""

    record: StoredEvent
    index: int
    size: int


class PushQueue:
    """Events in the order of their pushes. Full, it makes the reader wait, which stops the sender."""

    def __init__(self, window_bytes: int) -> None:
        self._window_bytes = window_bytes
        self._waiting: deque[Pushed] = deque()
        self._bytes = 0
        self._closed = False
        self._changed = asyncio.Condition()

    async def put(self, push: Push) -> None:
        """Add a frame's events; waits while the window is full."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._bytes < self._window_bytes)
            size = share_of(push, len(push.records))
            waiting = [Pushed(record, index, size) for index, record in enumerate(push.records)]
            self._waiting.extend(waiting)
            self._bytes += size * len(waiting)
            self._changed.notify_all()

    async def take(self, most: int) -> list[Pushed]:
        """Return what waits, at most *most* events; waits for the first. Empty once closed and used up."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._waiting or self._closed)
            return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]

    async def ruled(self, batch: list[Pushed]) -> None:
        """Make room: these events have their rulings."""
        async with self._changed:
            self._bytes -= sum(pushed.size for pushed in batch)
            self._changed.notify_all()

    async def close(self) -> None:
        """Nothing more comes."""
        async with self._changed:
            self._closed = True
            self._changed.notify_all()
