"""Canonical JSON (RFC 8785) over the values that headers and rulings use: no floats, no null.

For such values, ASCII keys and integers below 2^53, msgspec with sorted keys writes exactly the bytes that RFC 8785
prescribes; a test holds it against Python's own encoder.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, Generic, TypeAlias, TypeVar, cast

import msgspec

from xiezhi_domain.errors import FormatError

JsonValue: TypeAlias = "str | int | bool | list[JsonValue] | dict[str, JsonValue]"
JsonObject: TypeAlias = dict[str, JsonValue]
RecordT = TypeVar("RecordT", bound=msgspec.Struct)

_SAFE_INTEGER: Final = 1 << 53


def _refuse_float(text: str) -> float:
    raise FormatError(f"不允许的数值 {text[:20]}")


_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder(float_hook=_refuse_float).decode


def encode_canonical(value: JsonObject | msgspec.Struct) -> bytes:
    """Return the canonical bytes of *value*."""
    return _encode(value)


def decode_canonical(data: bytes, what: str) -> JsonObject:
    """Return the object that *data* spells; *what* names it in the error.

    :raises FormatError: not JSON, not an object, not spelled canonically, a null or a control character in it.
    """
    try:
        value = _decode(data)
        canonical = isinstance(value, dict) and _encode(value) == data
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{what}不是规范的 JSON") from error
    if not canonical:
        raise FormatError(f"{what}不是规范的 JSON")
    if _is_suspect(data):
        _check(value, what)
    return cast("JsonObject", value)


def _is_suspect(data: bytes) -> bool:
    """Say whether canonical bytes show what `_check` can find. Most show nothing, which this finds out fast."""
    # A null; an escape; DEL; the first byte of the control characters from U+0080.
    marked = b"null" in data or b"\\" in data or b"\x7f" in data or b"\xc2" in data
    return marked or _LONG_INTEGER in data.translate(_SHAPE) or _has_foreign_key(data)


def _has_foreign_key(data: bytes) -> bool:
    """Say whether a key of canonical bytes without escapes is not ASCII."""
    # A pattern takes half as long again, and every header is asked. Without escapes a quote ends every string, and one
    # before a colon ends a key. That end is marked by a byte that canonical bytes never have; of all else only what is
    # not ASCII is left, and the quotes, at the last of which the key began.
    ends = data.replace(b'":', _KEY_END).translate(_FOREIGN, _ASCII_TEXT)
    return _FOREIGN_KEY in ends


_SHAPE: Final = bytes.maketrans(b"0123456789-,[", b"0000000000:::")
_LONG_INTEGER: Final = b":" + 16 * b"0"
"""An integer that may not be safe, after `_SHAPE`."""
_KEY_END: Final = b"\0"
_ASCII_TEXT: Final = bytes(byte for byte in range(1, 128) if byte != ord('"'))
_FOREIGN: Final = bytes(range(128)) + 128 * b"\x80"
_FOREIGN_KEY: Final = b"\x80" + _KEY_END
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")


def _check(value: object, what: str) -> None:
    """Refuse what other JSON libraries read or sort in another way, and what nobody can see."""
    if isinstance(value, dict):
        if not "".join(value).isascii():
            raise FormatError(f"{what}不是规范的 JSON")
        for key, each in value.items():
            _check(key, what)
            _check(each, what)
    elif isinstance(value, list):
        for each in value:
            _check(each, what)
    elif isinstance(value, str):
        if _CONTROL.search(value):
            raise FormatError(f"{what}含有控制字符")
    elif value is None or abs(cast("int", value)) >= _SAFE_INTEGER:
        raise FormatError(f"{what}不是规范的 JSON")


_TYPES: Final = {str: "文本", int: "整数", bool: "是非", list: "列表", dict: "对象"}
Fields: TypeAlias = Mapping[str, type]
"""The fields of an object and their types, which are keys of `_TYPES`."""


def typed_fields(value: JsonObject, fields: Fields, what: str) -> dict[str, Any]:
    """Return *value*, which has each of *fields* with exactly its type: a boolean is no integer. It may have others.

    :raises FormatError: names *what* and the first field that is missing or of another type.
    """
    for name, kind in fields.items():
        if type(value.get(name)) is not kind:
            raise FormatError(f"{what}缺少{_TYPES[kind]}字段 {name}")
    return value


def exact_fields(value: JsonObject, fields: Fields, what: str) -> dict[str, Any]:
    """Return *value*, which has exactly *fields*, each with exactly its type.

    :raises FormatError: names *what* and the first field that is missing, of another type or superfluous.
    """
    typed = typed_fields(value, fields, what)
    if len(typed) != len(fields):
        raise FormatError(f"{what}有多余的未知字段 {min(typed.keys() - fields.keys())}")
    return typed


class RecordReader(Generic[RecordT]):
    """Reads objects of one shape, at once into the class that has this shape; *what* names them in errors."""

    def __init__(self, shape: type[RecordT], what: str) -> None:
        self._shape = shape
        self._what = what
        self._decode = msgspec.json.Decoder(shape, float_hook=_refuse_float).decode

    def read(self, data: bytes) -> RecordT:
        """Return the object that *data* spells.

        :raises FormatError: as `decode_canonical` and `exact_fields`.
        """
        try:
            record = self._decode(data)
            if _encode(record) == data and not _is_suspect(data):
                return record
        except (ValueError, RecursionError):
            record = None
        # What reads fast says little of what is wrong.
        value = decode_canonical(data, self._what)
        _check_shape(value, self._shape, self._what)
        if record is None or _encode(record) != data:
            raise FormatError(f"{self._what}不是规范的 JSON")
        return record


def _check_shape(value: JsonObject, shape: type[msgspec.Struct], what: str) -> None:
    """Refuse a field that is missing, of another type or superfluous; those with a default may be missing."""
    known = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    inner = {
        name: field.type for name, field in known.items() if isinstance(field.type, type(msgspec.Struct))
    }
    expected = {
        name: field.type if field.type in _TYPES else dict
        for name, field in known.items()
        if field.required or name in value
    }
    tag = shape.__struct_config__.tag_field
    typed = exact_fields(value, {**expected, tag: int} if tag else expected, what)
    if tag and typed[tag] != shape.__struct_config__.tag:
        raise FormatError(f"不支持的{what}版本")
    for name, each in inner.items():
        _check_shape(typed[name], each, what)
