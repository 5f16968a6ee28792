"""What waits to be sent: batches form by themselves while the write before is under way."""

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")
MAX_RECORDS = 256
"""Keeps a frame of events with 1 KiB bodies below 1 MiB."""


class Outbox(Generic[T]):
    """An unbounded queue that is emptied in batches. In the prototype the closed loop is what bounds it."""

    def __init__(self) -> None:
        self._items: deque[T] = deque()
        self._filled = asyncio.Event()

    def put(self, items: Iterable[T]) -> None:
        """Add items."""
        self._items.extend(items)
        if self._items:
            self._filled.set()

    async def take(self) -> list[T]:
        """Return up to a frame's worth of items, at least one."""
        await self._filled.wait()
        batch = [self._items.popleft() for _ in range(min(len(self._items), MAX_RECORDS))]
        if not self._items:
            self._filled.clear()
        return batch
