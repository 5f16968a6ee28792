"""How a call really ended.

Where the peer has refused a stream while a message is being written, grpc.aio puts the failure of the write (INTERNAL,
"Internal error from Core") in the place of the status that it has received already. Callbacks of the call run before.
"""

from collections.abc import Coroutine
from typing import Any, TypeVar

import grpc

ValueT = TypeVar("ValueT")


class TrueEnd:
    """Keeps the first status of *call*, from its beginning on."""

    def __init__(self, call: grpc.aio.Call) -> None:
        self._call = call
        self._error: grpc.aio.AioRpcError | None = None
        call.add_done_callback(self._note)

    def of(self, error: grpc.aio.AioRpcError) -> grpc.aio.AioRpcError:
        """Return how the call ended where writing or reading failed with *error*."""
        return self._error or error

    def _note(self, _call: object) -> None:
        code = _known(self._call.code())
        if code is not grpc.StatusCode.OK:
            self._error = grpc.aio.AioRpcError(
                code,
                _known(self._call.initial_metadata()),
                _known(self._call.trailing_metadata()),
                _known(self._call.details()),
            )


def _known(asked: Coroutine[Any, Any, ValueT]) -> ValueT:
    """Return what *asked* returns without waiting: the call is done."""
    try:
        asked.send(None)
    except StopIteration as answered:
        value: ValueT = answered.value
        return value
    asked.close()
    raise RuntimeError("a call that is done has its status")
