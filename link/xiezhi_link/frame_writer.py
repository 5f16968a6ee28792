"""Writing to a stream from several tasks: gRPC takes one message at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

FrameT = TypeVar("FrameT")


class FrameWriter(Generic[FrameT]):
    """Writes frames one by one, in the order in which they were given; waits while the stream is blocked."""

    def __init__(self, write: Callable[[FrameT], Awaitable[None]]) -> None:
        self._write = write
        self._turn = asyncio.Lock()

    async def __call__(self, frame: FrameT) -> None:
        """Write *frame*."""
        async with self._turn:
            await self._write(frame)
