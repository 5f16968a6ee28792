"""Canonical JSON (RFC 8785) over the values that headers and rulings use: no floats, no null.

For such values, ASCII keys and integers below 2^53, Python's encoder with sorted keys and no blanks writes
exactly the bytes that RFC 8785 prescribes.
"""

import json
import re
from typing import Final, TypeAlias, cast

from xiezhi_domain.errors import FormatError

JsonValue: TypeAlias = "str | int | bool | list[JsonValue] | dict[str, JsonValue]"
JsonObject: TypeAlias = dict[str, JsonValue]

_SAFE_INTEGER: Final = 1 << 53

_encode = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False, check_circular=False
).encode


def _refuse(text: str) -> float:
    raise FormatError(f"不允许的数值 {text[:20]}")


_decode = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse).decode


def encode_canonical(value: JsonObject) -> bytes:
    """Return the canonical bytes of *value*."""
    return _encode(value).encode()


def decode_canonical(data: bytes, what: str) -> JsonObject:
    """Return the object that *data* spells; *what* names it in the error.

    :raises FormatError: not JSON, not an object, or not spelled canonically.
    """
    try:
        value = _decode(data.decode())
        canonical = isinstance(value, dict) and encode_canonical(value) == data
        if canonical and _SUSPECT.search(data):
            canonical = _is_plain(value)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{what}不是规范的 JSON") from error
    if not canonical:
        raise FormatError(f"{what}不是规范的 JSON")
    return cast("JsonObject", value)


# Looking into every value costs more than all the rest; most objects hold nothing that needs it: the word null,
# sixteen digits in a row, or a key that is not ASCII.
_SUSPECT = re.compile(rb'null|[0-9]{16}|[\x80-\xff](?:[^"\\\x80-\xff]|\\.)*":')


def _is_plain(value: object) -> bool:
    """Say whether every JSON library reads *value* alike: no null, ASCII keys, integers below 2^53."""
    if isinstance(value, dict):
        return all(key.isascii() and _is_plain(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return isinstance(value, str) or (isinstance(value, int) and abs(value) < _SAFE_INTEGER)


class ObjectReader:
    """Typed access to the fields of a decoded object; *what* names the object in errors.

    Every method raises `FormatError` where the field is missing or of another type; a boolean is no integer.
    """

    __slots__ = ("value", "what")

    def __init__(self, value: JsonObject, what: str) -> None:
        self.value = value
        self.what = what

    def text(self, name: str) -> str:
        """Return the text of field *name*."""
        found = self.value.get(name)
        if type(found) is not str:
            raise FormatError(f"{self.what}缺少文本字段 {name}")
        return found

    def integer(self, name: str) -> int:
        """Return the integer of field *name*."""
        found = self.value.get(name)
        if type(found) is not int:
            raise FormatError(f"{self.what}缺少整数字段 {name}")
        return found

    def boolean(self, name: str) -> bool:
        """Return the boolean of field *name*."""
        found = self.value.get(name)
        if type(found) is not bool:
            raise FormatError(f"{self.what}缺少是非字段 {name}")
        return found

    def object(self, name: str) -> "ObjectReader":
        """Return a reader of the object in field *name*."""
        found = self.value.get(name)
        if type(found) is not dict:
            raise FormatError(f"{self.what}缺少对象字段 {name}")
        return ObjectReader(found, self.what)
