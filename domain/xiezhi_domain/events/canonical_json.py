"""Canonical JSON (RFC 8785) over the values that headers and rulings use: no floats, no null.

For such values, ASCII keys and integers below 2^53, Python's encoder with sorted keys and no blanks writes
exactly the bytes that RFC 8785 prescribes.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias, cast

from xiezhi_domain.errors import FormatError

JsonValue: TypeAlias = "str | int | bool | list[JsonValue] | dict[str, JsonValue]"
JsonObject: TypeAlias = dict[str, JsonValue]

_SAFE_INTEGER: Final = 1 << 53

_encode = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False, check_circular=False
).encode


def _refuse_number(text: str) -> float:
    raise FormatError(f"不允许的数值 {text[:20]}")


def _safe_integer(text: str) -> int:
    value = int(text)
    if abs(value) >= _SAFE_INTEGER:
        raise ValueError("not every JSON library reads it alike")
    return value


def _ascii_keys(value: JsonObject) -> JsonObject:
    if not "".join(value).isascii():
        raise ValueError("sorted in another way by UTF-16")
    return value


# Looking while it decodes costs a third of looking through the decoded value.
_decode = json.JSONDecoder(
    object_hook=_ascii_keys,
    parse_int=_safe_integer,
    parse_float=_refuse_number,
    parse_constant=_refuse_number,
).decode


def encode_canonical(value: JsonObject) -> bytes:
    """Return the canonical bytes of *value*."""
    return _encode(value).encode()


def decode_canonical(data: bytes, what: str) -> JsonObject:
    """Return the object that *data* spells; *what* names it in the error.

    :raises FormatError: not JSON, not an object, not spelled canonically, a null or a control character in it.
    """
    try:
        value = _decode(data.decode())
        canonical = isinstance(value, dict) and encode_canonical(value) == data
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{what}不是规范的 JSON") from error
    if not canonical or (b"null" in data and _holds_null(value)):
        raise FormatError(f"{what}不是规范的 JSON")
    if _SUSPECT.search(data) and any(_CONTROL.search(text) for text in _texts(value)):
        raise FormatError(f"{what}含有控制字符")
    return cast("JsonObject", value)


# Canonical JSON escapes control characters below the blank, quotation marks and backslashes; nothing else.
_SUSPECT: Final = re.compile(rb"\\|\x7f|\xc2[\x80-\x9f]")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")


def _holds_null(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_null, value.values()))
    return any(map(_holds_null, value)) if isinstance(value, list) else value is None


def _texts(value: object) -> Iterator[str]:
    """Yield every text in *value*, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


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
