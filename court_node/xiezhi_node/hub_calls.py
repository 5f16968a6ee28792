"""Asking the hub on behalf of somebody at the desk."""

from collections.abc import Awaitable
from typing import Final, TypeVar

import grpc
from google.rpc.error_details_pb2 import ErrorInfo  # type: ignore[import-untyped]  # has stubs but no py.typed
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]  # likewise

from xiezhi_domain.errors import DomainError, Reason, Unavailable
from xiezhi_wire.errors import DETAILS_KEY

AnswerT = TypeVar("AnswerT")
CALL_TIMEOUT_S: Final = 10.0


async def from_hub(call: Awaitable[AnswerT]) -> AnswerT:
    """Return the hub's answer.

    :raises DomainError: what the hub said, with its reason and message; HUB_UNREACHABLE where it said nothing.
    """
    try:
        return await call
    except grpc.aio.AioRpcError as error:
        raise as_told(error) or Unavailable(Reason.HUB_UNREACHABLE) from error


def as_told(error: grpc.aio.AioRpcError) -> DomainError | None:
    """Return the error as a program of the platform told it; None where nothing was told."""
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS_KEY and isinstance(value, bytes):
            status = Status.FromString(value)
            reason = _reason(status)
            if reason is not None:
                return DomainError(reason, status.message)
    return None


def _reason(status: Status) -> Reason | None:
    for detail in status.details:
        info = ErrorInfo()
        if detail.Unpack(info):
            return Reason.__members__.get(info.reason)
    return None
