"""Times in messages: a `google.protobuf.Timestamp` holds numbers that no calendar has, on which whoever reads fails."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from xiezhi_domain.errors import InvalidInput

_DAY: Final = 86_400
# A day away from the years 1 and 10000, which dates of Python do not pass: in China it is another day than in UTC.
_FIRST: Final = -62_135_596_800 + _DAY
_LAST: Final = 253_402_300_800 - _DAY
_NANOS: Final = 1_000_000_000


def is_time(stamp: Timestamp) -> bool:
    """Whether a calendar has this moment."""
    return _FIRST <= stamp.seconds < _LAST and 0 <= stamp.nanos < _NANOS


def require_times(message: Message) -> None:
    """Let pass a message in which every time is one.

    :raises InvalidInput: naming the first field in which it is not.
    """
    wrong = next(_wrong(message, ""), None)
    if wrong is not None:
        raise InvalidInput.in_field(wrong, "时间不正确，请核对")


def _wrong(message: Message, path: str) -> Iterator[str]:
    where = _with_times(message.DESCRIPTOR)
    if not where:
        return
    for field, value in message.ListFields():
        if field.number not in where:
            continue
        parts = (
            [(f"{path}{field.name}[{at}]", each) for at, each in enumerate(value)]
            if field.is_repeated
            else [(f"{path}{field.name}", value)]
        )
        for place, part in parts:
            if isinstance(part, Timestamp):
                yield from () if is_time(part) else (place,)
            else:
                yield from _wrong(part, f"{place}.")


@cache
def _with_times(descriptor: Descriptor) -> frozenset[int]:
    """Return the numbers of the fields of a type that can hold a time, themselves or at any depth."""
    return frozenset(
        field.number
        for field in descriptor.fields
        if field.message_type is not None
        and not field.message_type.GetOptions().map_entry
        and (field.message_type.full_name == Timestamp.DESCRIPTOR.full_name or _has_times(field.message_type))
    )


@cache
def _has_times(descriptor: Descriptor) -> bool:
    """Whether messages of a type can hold a time, at any depth."""
    seen, todo = {descriptor.full_name}, [descriptor]
    while todo:
        inner = [field.message_type for field in todo.pop().fields if field.message_type is not None]
        if any(each.full_name == Timestamp.DESCRIPTOR.full_name for each in inner):
            return True
        todo += [each for each in inner if each.full_name not in seen]
        seen |= {each.full_name for each in inner}
    return False
