"""Messages of a stream that leave whole: gRPC takes no status, and no other message, while one is on its way.

A task that is cancelled in the middle of a write leaves its message behind half sent. A status given then is lost, and
the other side waits for ever on a stream that has ended here; a slow reader can bring that about whenever it likes.
"""

import asyncio
from typing import Any

import grpc


class WholeMessages:
    """The context of a call whose answers stream; what is written goes on when the one who wrote it is cancelled."""

    def __init__(self, context: grpc.aio.ServicerContext[Any, Any]) -> None:
        self._context = context
        self._leaving: asyncio.Task[None] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    async def write(self, message: Any) -> None:
        """Send *message* once the one before has left; wait until it has."""
        await self.left()
        self._leaving = asyncio.create_task(self._context.write(message))
        await asyncio.shield(self._leaving)

    async def left(self) -> None:
        """Wait until the message under way has left, or the call has ended without it."""
        if self._leaving is not None:
            await asyncio.wait({self._leaving})
