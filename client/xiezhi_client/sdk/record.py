"""What users of the SDK handle: frozen dataclasses that mirror the contract's messages field by field.

A record is declared once, as a dataclass whose fields have the names of the message's fields. The rules of
`kinds` do the rest. An unset message or time is None, a repeated field is a tuple.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import NoneType, UnionType
from typing import Any, Final, Generic, Self, TypeVar, cast, get_args, get_origin, get_type_hints

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from xiezhi_client.sdk.errors import InvalidInput
from xiezhi_client.sdk.kinds import Hex, Kind, Moment, Name, Raw, Scalar

P = TypeVar("P", bound=Message)


class Record(Generic[P]):
    """The base of all records; `P` is the message that it mirrors."""

    __slots__ = ()

    @classmethod
    def from_proto(cls, message: P) -> Self:
        """Give the record of a message."""
        return cls(**{field.name: field.read(message) for field in _shape(cls).fields})

    def to_proto(self) -> P:
        """Give the message. Raise `ValueError` for an enum name unknown or a time without zone."""
        shape = _shape(type(self))
        values = {field.name: field.write(getattr(self, field.name)) for field in shape.fields}
        message = shape.message(**{name: value for name, value in values.items() if value is not None})
        return cast(P, message)

    def to_plain(self) -> dict[str, Any]:
        """Give what `json.dumps` takes, with the contract's field names as keys, None where unset."""
        return {field.name: field.plain(getattr(self, field.name)) for field in _shape(type(self)).fields}

    @classmethod
    def from_plain(cls, values: Mapping[str, Any], path: str = "") -> Self:
        """Read what JSON or TOML gives; fields left out have their defaults.

        Raise `InvalidInput`, which names the field that is unknown or wrong.
        """
        known = {field.name: field for field in _shape(cls).fields}
        read = {}
        for name, value in values.items():
            where = f"{path}.{name}" if path else name
            if name not in known:
                raise InvalidInput.in_field(where, f"没有这个字段，可填写的有：{'、'.join(known)}")
            read[name] = known[name].parse(value, where)
        return cls(**read)


class _Nested:
    """A record inside a record."""

    def __init__(self, record: type[Record[Any]]) -> None:
        self._record = record

    def from_proto(self, value: Any) -> Any:
        """Give the record."""
        return self._record.from_proto(value)

    def to_proto(self, value: Any) -> Any:
        """Give the message."""
        return value.to_proto()

    def to_plain(self, value: Any) -> Any:
        """Give a dict."""
        return value.to_plain()

    def from_plain(self, value: Any, path: str) -> Any:
        """Read a mapping."""
        if not isinstance(value, Mapping):
            raise InvalidInput.in_field(path, "应为一组字段")
        return self._record.from_plain(value, path)


@dataclass(frozen=True, slots=True)
class _Field:
    """One field of a record: its kind, and whether it is repeated or may be None."""

    name: str
    kind: Kind
    many: bool
    optional: bool

    def read(self, message: Message) -> Any:
        value = getattr(message, self.name)
        if self.many:
            return tuple(self.kind.from_proto(each) for each in value)
        if self.optional and not message.HasField(self.name):
            return None
        return self.kind.from_proto(value)

    def write(self, value: Any) -> Any:
        return self._each(self.kind.to_proto, value)

    def plain(self, value: Any) -> Any:
        return self._each(self.kind.to_plain, value)

    def parse(self, value: Any, path: str) -> Any:
        if self.many:
            if not isinstance(value, list):
                raise InvalidInput.in_field(path, "应为列表")
            return tuple(self.kind.from_plain(each, f"{path}[{at}]") for at, each in enumerate(value))
        return None if value is None and self.optional else self.kind.from_plain(value, path)

    def _each(self, convert: Any, value: Any) -> Any:
        if self.many:
            return [convert(each) for each in value]
        return None if value is None else convert(value)


@dataclass(frozen=True, slots=True)
class _Shape:
    """A record's message type and fields, found once."""

    message: type[Message]
    fields: tuple[_Field, ...]


_shapes: dict[type, _Shape] = {}


def _shape(record: type) -> _Shape:
    if record not in _shapes:
        _shapes[record] = _inspect(record)
    return _shapes[record]


def _inspect(record: Any) -> _Shape:
    (base,) = (base for base in record.__orig_bases__ if get_origin(base) is Record)
    (message,) = get_args(base)
    hints = get_type_hints(record)
    described = message.DESCRIPTOR.fields_by_name
    declared = [field.name for field in fields(record)]
    return _Shape(message, tuple(_field(name, hints[name], described[name]) for name in declared))


def _field(name: str, hint: Any, described: FieldDescriptor) -> _Field:
    many = get_origin(hint) is tuple
    optional = isinstance(hint, UnionType)
    inner = next(each for each in get_args(hint) if each is not NoneType) if many or optional else hint
    return _Field(name, _kind(inner, described), many, optional)


def _kind(hint: Any, described: FieldDescriptor) -> Kind:
    if described.enum_type is not None:
        return Name(described.enum_type)
    if described.message_type is not None:
        is_time = described.message_type.full_name == "google.protobuf.Timestamp"
        return Moment() if is_time else _Nested(hint)
    if described.type == FieldDescriptor.TYPE_BYTES:
        return Hex() if hint is str else Raw()
    return Scalar(hint, _INT32_BITS if described.type in _INT32 else _INT64_BITS)


_INT32: Final = frozenset({FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_SINT32})
_INT32_BITS: Final = 31
_INT64_BITS: Final = 63
