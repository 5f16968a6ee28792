"""What goes wrong in a call: one family of exceptions, told apart by what the caller can do about it.

Hub and node answer with a `google.rpc.Status` in the trailer ``grpc-status-details-bin`` (AIP-193): a Chinese
message for a clerk, a stable reason for programs, the fields that are wrong, and after what time a repetition
makes sense. Nothing here contains personal numbers, because the servers put none in.
"""

# The classes are named after what happened, as callers say it; the module says that they are errors.
# ruff: noqa: N818

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import grpc
from google.protobuf.message import DecodeError
from google.rpc.error_details_pb2 import (  # type: ignore[import-untyped]  # has stubs but no py.typed
    BadRequest,
    ErrorInfo,
    RetryInfo,
)
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]  # likewise

DETAILS_KEY: Final = "grpc-status-details-bin"
CONNECTION_LOST: Final = "CONNECTION_LOST"
"""The reason where no server answered, or the line broke before it could give its own."""


SECOND_FACTOR_REQUIRED: Final = "SECOND_FACTOR_REQUIRED"
"""The reason where a one-time code has to be shown: at sign-in, or for an approval or a seal."""
SECOND_FACTOR_WRONG: Final = "SECOND_FACTOR_WRONG"
"""The reason where that code was wrong, or used before."""


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One field that is wrong: its path in the request and a Chinese message."""

    field: str
    message: str


class XiezhiError(Exception):
    """A call that did not do what was asked.

    `reason` is the stable UPPER_SNAKE code, `message` is Chinese and says what to do, `fields` names what is
    wrong in the request, `retry_after` is in seconds and None where waiting does not help.
    """

    def __init__(
        self,
        reason: str,
        message: str,
        fields: Sequence[FieldViolation] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(reason, message, tuple(fields), retry_after)
        self.reason = reason
        self.message = message
        self.fields = tuple(fields)
        self.retry_after = retry_after

    @property
    def transient(self) -> bool:
        """Whether the same request may succeed a little later."""
        return False

    def __str__(self) -> str:
        """Give the code and the message."""
        return f"{self.reason}: {self.message}"


class InvalidInput(XiezhiError):
    """What was sent is wrong, whatever the state of the matter; `fields` says where."""

    @classmethod
    def in_field(cls, field: str, message: str) -> "InvalidInput":
        """Give the error of one wrong field, whose message is also the error's."""
        return cls("INVALID_FIELD", message, (FieldViolation(field, message),))


class NotSignedIn(XiezhiError):
    """The session or token is missing, ended or wrong: sign in again."""


class NotAllowed(XiezhiError):
    """It is not for this person, court or program to do."""


class NotFound(XiezhiError):
    """It does not exist, or not for whoever asks."""


class WrongState(XiezhiError):
    """The matter is not where this is possible, or something is missing before it is."""


class Conflict(XiezhiError):
    """Somebody else was first, or a request id was used for other content: look again and decide again."""

    @property
    def transient(self) -> bool:
        """Whether an upload only has to go on where it stopped."""
        return self.reason == "DOCUMENT_TRUNCATED"


class Overloaded(XiezhiError):
    """A limit of size, rate or number was passed; with `retry_after` the same is let through later."""

    @property
    def transient(self) -> bool:
        """Whether the server said when to come again."""
        return self.retry_after is not None


class Unavailable(XiezhiError):
    """No answer, or a server that cannot do it now."""

    @property
    def transient(self) -> bool:
        """Always: a mutating call carries a request id, so its repetition does nothing twice."""
        return True


class TimedOut(Unavailable):
    """No answer in time; what was asked may have been done all the same."""


class DataLoss(XiezhiError):
    """Bytes of a document are not those that its hash names."""

    @property
    def transient(self) -> bool:
        """Always: the transfer begins anew."""
        return True


class NotSupported(XiezhiError):
    """The server does not know the method: one of the two programs is too old."""


class InternalError(XiezhiError):
    """A fault of the server; its operator finds it in the log."""


_Code = grpc.StatusCode
_CLASSES: Final[dict[grpc.StatusCode, type[XiezhiError]]] = {
    _Code.INVALID_ARGUMENT: InvalidInput,
    _Code.OUT_OF_RANGE: InvalidInput,
    _Code.UNAUTHENTICATED: NotSignedIn,
    _Code.PERMISSION_DENIED: NotAllowed,
    _Code.NOT_FOUND: NotFound,
    _Code.FAILED_PRECONDITION: WrongState,
    _Code.ALREADY_EXISTS: Conflict,
    _Code.ABORTED: Conflict,
    _Code.RESOURCE_EXHAUSTED: Overloaded,
    _Code.UNAVAILABLE: Unavailable,
    _Code.DEADLINE_EXCEEDED: TimedOut,
    _Code.DATA_LOSS: DataLoss,
    _Code.UNIMPLEMENTED: NotSupported,
}
# What gRPC itself reports when a line or a server goes away in the middle of a call.
_BROKEN_LINE: Final = frozenset({_Code.UNAVAILABLE, _Code.CANCELLED, _Code.INTERNAL})
_NO_CONNECTION: Final = "连接不上服务器，请检查网络和地址，稍后再试"
_NO_ANSWER: Final = "服务器没有及时答复，请刷新查看结果后再试"


@contextmanager
def translated() -> Iterator[None]:
    """Turn gRPC's error inside the block into one of this family."""
    try:
        yield
    except grpc.aio.AioRpcError as error:
        raise from_rpc_error(error) from error


def from_rpc_error(error: grpc.aio.AioRpcError) -> XiezhiError:
    """Give the exception for what a failed call carries."""
    status = _details(error)
    info = _find(status, ErrorInfo())
    if info is None:
        return _without_details(error)
    bad_request = _find(status, BadRequest()) or BadRequest()
    retry = _find(status, RetryInfo())
    return _CLASSES.get(error.code(), InternalError)(
        info.reason,
        status.message,
        [FieldViolation(each.field, each.description) for each in bad_request.field_violations],
        None if retry is None else retry.retry_delay.ToTimedelta().total_seconds(),
    )


def _details(error: grpc.aio.AioRpcError) -> Status:
    status = Status()
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS_KEY and isinstance(value, bytes):
            try:
                status.ParseFromString(value)
            except DecodeError:
                return Status()
    return status


def _find(status: Status, into: Any) -> Any:
    """The detail of the type of `into`, or None."""
    for detail in status.details:
        if detail.Unpack(into):
            return into
    return None


def _without_details(error: grpc.aio.AioRpcError) -> XiezhiError:
    code = error.code()
    if code in _BROKEN_LINE:
        return Unavailable(CONNECTION_LOST, _NO_CONNECTION)
    if code is _Code.DEADLINE_EXCEEDED:
        return TimedOut(code.name, _NO_ANSWER)
    return _CLASSES.get(code, InternalError)(code.name, error.details() or code.name)
