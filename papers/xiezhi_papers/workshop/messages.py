"""What parent and helper say to each other: frames of msgpack on a socket, typed at both ends.

Not pickle: a helper has read a stranger's file, and what it answers must not be able to run anything in the parent.
"""

import importlib
import socket
import struct
from typing import Any, Final, TypeVar, get_type_hints

import msgspec

from xiezhi_domain import errors
from xiezhi_domain.errors import DomainError, FieldViolation, Reason, Unavailable
from xiezhi_papers.workshop.job import Job

ArgumentT = TypeVar("ArgumentT")
ResultT = TypeVar("ResultT")

_LENGTH: Final = struct.Struct("<I")
LARGEST_FRAME: Final = 256 * 1024 * 1024


class Call(msgspec.Struct, frozen=True, array_like=True):
    """A job: the function, as ``module:name``, its one argument, and after how many seconds it is ended."""

    function: str
    argument: bytes
    limit_s: float


class Refusal(msgspec.Struct, frozen=True, tag=True):
    """A `DomainError` that the job raised."""

    kind: str
    reason: str
    message: str
    fields: tuple[tuple[str, str], ...]
    metadata: dict[str, str]


class Result(msgspec.Struct, frozen=True, tag=True):
    """What the job returned."""

    content: bytes


class Failure(msgspec.Struct, frozen=True, tag=True):
    """The job did not come to an end: it took too long, or its process died."""

    timed_out: bool
    detail: str


Answer = Result | Refusal | Failure

_KINDS: Final = {
    kind.__name__: kind
    for kind in (errors.InvalidInput, errors.NotAllowed, errors.NotFound, errors.WrongState, errors.Conflict)
}


def call_of(job: Job[ArgumentT, Any], argument: ArgumentT, limit_s: float) -> Call:
    """Return the call that has a job done for *argument*."""
    return Call(f"{job.module}:{job.function}", msgspec.msgpack.encode(argument), limit_s)


def do(call: Call) -> Answer:
    """Do a job and return its answer."""
    module, _, name = call.function.partition(":")
    function = getattr(importlib.import_module(module), name)
    hints = get_type_hints(function)
    hints.pop("return")
    (hint,) = hints.values()
    try:
        result = function(msgspec.msgpack.decode(call.argument, type=hint))
    except DomainError as error:
        return refusal_of(error)
    return Result(msgspec.msgpack.encode(result))


def refusal_of(error: DomainError) -> Refusal:
    """Return what a helper tells of an error."""
    fields = tuple((field.field, field.message) for field in error.fields)
    return Refusal(type(error).__name__, str(error.reason), error.message, fields, error.metadata)


def result_of(answer: Answer, job: Job[Any, ResultT]) -> ResultT:
    """Return what *job* returned.

    :raises DomainError: what it raised; Unavailable with TIMED_OUT or INTERNAL where it came to no end.
    """
    match answer:
        case Result(content):
            decoded: ResultT = msgspec.msgpack.decode(content, type=job.result)
            return decoded
        case Refusal(kind, reason, message, fields, metadata):
            raised = _KINDS.get(kind, Unavailable)
            violations = [FieldViolation(*field) for field in fields]
            raise raised(Reason(reason), message, fields=violations, metadata=metadata)
        case Failure(timed_out=True):
            raise Unavailable(Reason.TIMED_OUT, "文件内容过于复杂，处理超时，请拆分或另存后再试")
        case Failure():
            raise Unavailable(Reason.INTERNAL, "文件处理失败，请另存为新文件后再试")


def send(connection: socket.socket, message: Call | Answer) -> None:
    """Send a message whole."""
    content = msgspec.msgpack.encode(message)
    connection.sendall(_LENGTH.pack(len(content)) + content)


def receive_call(connection: socket.socket) -> Call | None:
    """Return the next call, None when the parent is gone."""
    content = _receive(connection)
    return None if content is None else msgspec.msgpack.decode(content, type=Call)


def receive_answer(connection: socket.socket) -> Answer:
    """Return the answer.

    :raises OSError: the helper is gone.
    """
    content = _receive(connection)
    if content is None:
        raise ConnectionError("the helper is gone")
    answer: Answer = msgspec.msgpack.decode(content, type=Answer)
    return answer


def _receive(connection: socket.socket) -> bytes | None:
    head = _exactly(connection, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > LARGEST_FRAME:
        raise ConnectionError("a frame is too large")
    return _exactly(connection, length)


def _exactly(connection: socket.socket, length: int) -> bytes | None:
    content = bytearray()
    while len(content) < length:
        piece = connection.recv(min(length - len(content), 1 << 20))
        if not piece:
            return None
        content += piece
    return bytes(content)
