"""Days as people type them into a form."""

from datetime import date
from typing import Final

from xiezhi_client.sdk import InvalidInput

_FIRST: Final = date(1970, 1, 2)
"""Timestamps begin in 1970, and a day in China before it does in UTC."""


def typed_day(text: str, name: str) -> date:
    """Give the day that was typed into the field *name*; the day after it is one too. Raise `InvalidInput`."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InvalidInput.in_field(name, "请填写日期，例如 2026-11-01") from None
    if not _FIRST <= day < date.max:
        raise InvalidInput.in_field(name, "日期过早或过晚，请核对年份")
    return day
