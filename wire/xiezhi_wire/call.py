"""One call on its way through the chain: what the concerns read and leave for each other."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

import grpc

from xiezhi_wire.caller import AnyCaller
from xiezhi_wire.requests_left import Requests
from xiezhi_wire.whole_messages import WholeMessages


@dataclass(slots=True)
class Call:
    """A call: ``request`` is None where requests stream; ``reason`` is that of the error that ended it.

    ``messages`` is what its handler writes to where the answers stream, ``requests`` what it reads from where the
    requests stream and one answer is given.
    """

    method: str
    context: grpc.aio.ServicerContext[Any, Any]
    request: Any | None
    messages: WholeMessages | None
    requests: Requests | None = None
    request_id: str = ""
    caller: AnyCaller | None = None
    reason: str = ""

    @property
    def is_stream(self) -> bool:
        """Whether the call may live long: either side sends a stream."""
        return self.messages is not None or self.request is None

    async def messages_left(self) -> None:
        """Wait until gRPC takes a status: whatever is under way has left, or the call has ended without it."""
        if self.messages is not None:
            await self.messages.left()

    async def ready_for_refusal(self) -> None:
        """Wait until the caller hears a refusal: nothing is under way to it, and it has said what it had to say."""
        await self.messages_left()
        if self.requests is not None:
            await self.requests.let_finish()

    def metadata(self, key: str) -> str | None:
        """The first value of a text key of the caller's metadata."""
        for name, value in self.context.invocation_metadata() or ():
            if name == key and isinstance(value, str):
                return value
        return None


Concern = Callable[[Call], AbstractAsyncContextManager[None]]
"""One thing that happens around every call: what comes before it, and after it even when it fails."""
