"""Canonical JSON (RFC 8785) over the values that headers and rulings use: no floats, no null.

For such values, ASCII keys and integers below 2^53, Python's encoder with sorted keys and no blanks writes
exactly the bytes that RFC 8785 prescribes.
"""

import json
from typing import TypeAlias, cast

from xiezhi_domain.errors import FormatError

JsonValue: TypeAlias = "str | int | bool | list[JsonValue] | dict[str, JsonValue]"
JsonObject: TypeAlias = dict[str, JsonValue]

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
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{what}不是规范的 JSON") from error
    # Null and numbers of 2^53 and more would survive the comparison below; nothing reads them, so they are
    # refused where a field is read.
    if not isinstance(value, dict) or encode_canonical(value) != data:
        raise FormatError(f"{what}不是规范的 JSON")
    return cast("JsonObject", value)
