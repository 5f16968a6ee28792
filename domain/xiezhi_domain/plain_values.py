"""JSON and TOML that somebody sent, as plain values.

Python's own readers answer some of it with errors of other families, or with values that break whoever goes on with
them: nesting without an end, numbers of thousands of digits, halves of characters.
"""

import json
import math
import tomllib
from typing import Any, Final

MOST_LEVELS: Final = 64
"""Of tables and lists in each other; everything that is read here has fewer than ten."""


def read_json(text: str | bytes) -> Any:
    """Return the value that *text* spells.

    :raises ValueError: not JSON, nested too deeply, with a number that is none, or text that cannot be encoded.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("嵌套过深") from None
    _require_bounded(value)
    return value


def read_toml(text: str) -> dict[str, Any]:
    """Return the table that *text* spells.

    :raises tomllib.TOMLDecodeError: not TOML, nested too deeply, or with a number too long to be one.
    """
    try:
        table = tomllib.loads(text)
        _require_bounded(table)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise tomllib.TOMLDecodeError("嵌套过深") from None
    except ValueError as error:
        raise tomllib.TOMLDecodeError(str(error)) from None
    return table


def _require_bounded(value: Any) -> None:
    """Let pass a value of so few levels, all text in which can be encoded and all numbers of which are some."""
    inner, levels = [value], 0
    while inner:
        if levels > MOST_LEVELS:
            raise ValueError("嵌套过深")
        for each in inner:
            _check(each)
        inner = [part for each in inner for part in _parts(each)]
        levels += 1


def _check(value: Any) -> None:
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"不允许的数值 {value}")


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []
