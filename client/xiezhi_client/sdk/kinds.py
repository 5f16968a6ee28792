"""How one value of a record looks as a Python value, in a message, and as JSON or TOML.

A record's field says by its type which kind it is, and the message's descriptor confirms it:

- text, numbers, booleans and raw bytes are themselves; amounts are fen (int);
- bytes whose field is declared `str` are hashes and read as hex;
- a `google.protobuf.Timestamp` is an aware `datetime` in UTC;
- an enum value is its name in the contract without the prefix, such as ``IN_PROGRESS``; not stated is ``""``;
  a number that this version does not know is kept as its digits.

As JSON, bytes are hex, times are ISO 8601 with an offset, and everything else is itself.
"""

from datetime import UTC, datetime
from typing import Any, Protocol

from google.protobuf.descriptor import EnumDescriptor
from google.protobuf.timestamp_pb2 import Timestamp

from xiezhi_client.sdk.errors import InvalidInput

_TYPE_WORDS = {str: "文字", int: "整数", bool: "true 或 false"}


class Kind(Protocol):
    """The four ways between a Python value and the outside."""

    def from_proto(self, value: Any) -> Any:
        """Give the Python value of what stands in a message."""

    def to_proto(self, value: Any) -> Any:
        """Give what a message takes."""

    def to_plain(self, value: Any) -> Any:
        """Give what JSON takes."""

    def from_plain(self, value: Any, path: str) -> Any:
        """Read what JSON or TOML gave at `path`. Raise `InvalidInput`."""


class Scalar:
    """Text, numbers and booleans; *bits* is how many a whole number may have beside its sign."""

    def __init__(self, scalar: type, bits: int) -> None:
        self._type = scalar
        self._bits = bits

    def from_proto(self, value: Any) -> Any:
        """Give the value itself."""
        return value

    to_proto = to_plain = from_proto

    def from_plain(self, value: Any, path: str) -> Any:
        """Give the value itself if its type is right."""
        if type(value) is not self._type:
            raise InvalidInput.in_field(path, f"应为{_TYPE_WORDS.get(self._type, self._type.__name__)}")
        if isinstance(value, int) and not -(1 << self._bits) <= value < 1 << self._bits:
            raise InvalidInput.in_field(path, "数值过大，请核对")
        return value


class Raw:
    """Bytes that stay bytes."""

    def from_proto(self, value: Any) -> Any:
        """Give the bytes."""
        return value

    to_proto = from_proto

    def to_plain(self, value: Any) -> Any:
        """Give hex."""
        return value.hex()

    def from_plain(self, value: Any, path: str) -> Any:
        """Read hex."""
        return _bytes(value, path)


class Hex:
    """Bytes that people see and compare: hex."""

    def from_proto(self, value: Any) -> Any:
        """Give hex."""
        return value.hex()

    def to_proto(self, value: Any) -> Any:
        """Give the bytes. Raise `InvalidInput` where it is not hex."""
        return _bytes(value, "sha256")

    def to_plain(self, value: Any) -> Any:
        """Give hex."""
        return value

    def from_plain(self, value: Any, path: str) -> Any:
        """Read hex, in lower case."""
        return _bytes(value, path).hex()


class Moment:
    """A point in time."""

    def from_proto(self, value: Any) -> Any:
        """Give an aware datetime, UTC."""
        return value.ToDatetime(tzinfo=UTC)

    def to_proto(self, value: Any) -> Any:
        """Give a Timestamp; the datetime has to be aware."""
        if value.tzinfo is None:
            raise ValueError("a time needs a time zone")
        stamp = Timestamp()
        stamp.FromDatetime(value)
        return stamp

    def to_plain(self, value: Any) -> Any:
        """Give ISO 8601."""
        return value.isoformat()

    def from_plain(self, value: Any, path: str) -> Any:
        """Read ISO 8601, or take the datetime that TOML gives; both with an offset."""
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except (TypeError, ValueError):
            moment = None
        if moment is None or moment.tzinfo is None:
            raise InvalidInput.in_field(path, "应为带时区的时间，例如 2026-01-05T09:30:00+08:00")
        return moment


class Name:
    """An enum value, by its name."""

    def __init__(self, enum: EnumDescriptor) -> None:
        zero = enum.values_by_number[0].name
        prefix = zero.removesuffix("UNSPECIFIED")
        self._names = {
            number: value.name.removeprefix(prefix) for number, value in enum.values_by_number.items()
        }
        self._names[0] = ""
        self._numbers = {name: number for number, name in self._names.items()}

    def from_proto(self, value: Any) -> Any:
        """Give the name without its prefix."""
        return self._names.get(value, str(value))

    def to_proto(self, value: Any) -> Any:
        """Give the number. Raise `ValueError` for a name that the contract does not have."""
        number = self._numbers.get(value)
        if number is not None:
            return number
        if not value.isdecimal():
            raise ValueError(f"{value!r} is none of {', '.join(filter(None, self._numbers))}")
        return int(value)

    def to_plain(self, value: Any) -> Any:
        """Give the name."""
        return value

    def from_plain(self, value: Any, path: str) -> Any:
        """Read a name."""
        if not isinstance(value, str) or value not in self._numbers:
            raise InvalidInput.in_field(path, f"应为下列之一：{'、'.join(filter(None, self._numbers))}")
        return value


def _bytes(value: Any, path: str) -> bytes:
    try:
        return bytes.fromhex(value)
    except (TypeError, ValueError):
        raise InvalidInput.in_field(path, "应为十六进制的校验值") from None
