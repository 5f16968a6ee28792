"""One call on its way through the chain: what the concerns read and leave for each other."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

import grpc

from xiezhi_wire.caller import AnyCaller


@dataclass(slots=True)
class Call:
    """A call: ``request`` is None where requests stream; ``reason`` is that of the error that ended it."""

    method: str
    context: grpc.aio.ServicerContext[Any, Any]
    request: Any | None
    response_streams: bool
    request_id: str = ""
    caller: AnyCaller | None = None
    reason: str = ""

    @property
    def is_stream(self) -> bool:
        """Whether the call may live long: either side sends a stream."""
        return self.response_streams or self.request is None

    def metadata(self, key: str) -> str | None:
        """The first value of a text key of the caller's metadata."""
        for name, value in self.context.invocation_metadata() or ():
            if name == key and isinstance(value, str):
                return value
        return None


Concern = Callable[[Call], AbstractAsyncContextManager[None]]
"""One thing that happens around every call: what comes before it, and after it even when it fails."""
