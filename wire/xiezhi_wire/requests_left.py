"""What a caller still sends when its call is refused: read to its end, so that the refusal is heard.

A client of grpc.aio whose message fails because the call has ended reports INTERNAL instead of the status that the
server gave (https://github.com/grpc/grpc/issues/36066). A server that lets the caller finish first is understood by
every client; how long it listens is bounded, because who is refused may send for ever.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

_MOST_BYTES: Final = 4 << 20
_MOST_SECONDS: Final = 2.0


class Requests:
    """The requests of a call that streams them and gets one answer."""

    def __init__(self, requests: AsyncIterator[Any]) -> None:
        self._requests = requests
        self._reading: AsyncIterator[Any] | None = None
        self._reads_on = True

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        # Left at False by the end, and by one who stopped waiting for the next: gRPC is still reading that one.
        reads_on, self._reads_on = self._reads_on, False
        if not reads_on:
            raise StopAsyncIteration
        if self._reading is None:
            # Not before: gRPC takes a reading that is begun and never read for a mistake.
            self._reading = aiter(self._requests)
        message = await anext(self._reading)
        self._reads_on = True
        return message

    async def let_finish(self) -> None:
        """Read what still comes and forget it, until its end, 4 MiB or two seconds."""
        left = _MOST_BYTES
        try:
            async with asyncio.timeout(_MOST_SECONDS):
                async for message in self:
                    left -= message.ByteSize()
                    if left <= 0:
                        return
        except TimeoutError:
            return
