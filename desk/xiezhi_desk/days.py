"""Days of court time as requests name them (YYYY-MM-DD), for what is kept in ms."""

from datetime import date

from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.indicators import Period


def first_moment(day: str, field: str) -> int:
    """Return the first moment (ms) of a day; 0 where none is named.

    :raises InvalidInput: no such day; names *field*.
    """
    return _whole(day, field).start_ms if day else 0


def moment_after(day: str, field: str) -> int:
    """Return the first moment (ms) after a day; 0 where none is named.

    :raises InvalidInput: no such day; names *field*.
    """
    return _whole(day, field).end_ms if day else 0


def _whole(day: str, field: str) -> Period:
    try:
        named = date.fromisoformat(day)
    except ValueError:
        raise InvalidInput.in_field(field, "日期应写成 2026-11-22") from None
    return Period(named, named)
