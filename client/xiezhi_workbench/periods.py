"""Periods that bulletins are drawn up for: weeks, months and quarters that are over."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from xiezhi_domain.errors import DomainError
from xiezhi_domain.indicators import Period

_WEEKS: Final = 6
_MONTHS: Final = 6
_QUARTERS: Final = 4
_IN_QUARTER: Final = 3
_WEEK: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)


def ended(today: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Give by sort, the last first, the periods that were over before *today*: value of a choice, and its words."""
    return [
        ("月", [(_value(each), each.words) for each in _months(today)]),
        ("季度", [(_value(each), each.words) for each in _quarters(today)]),
        ("周", [(_value(each), f"{each.first} 至 {each.last}") for each in _weeks(today)]),
    ]


def chosen(value: str) -> Period | None:
    """Give the period of a choice; None for what none of them is."""
    first, _, last = value.partition("/")
    try:
        return Period(date.fromisoformat(first), date.fromisoformat(last))
    except (ValueError, DomainError):
        return None


def _value(period: Period) -> str:
    return f"{period.first.isoformat()}/{period.last.isoformat()}"


def _months(today: date) -> Iterator[Period]:
    last = today.replace(day=1) - _DAY
    for _ in range(_MONTHS):
        yield Period(last.replace(day=1), last)
        last = last.replace(day=1) - _DAY


def _quarters(today: date) -> Iterator[Period]:
    first = today.replace(month=(today.month - 1) // _IN_QUARTER * _IN_QUARTER + 1, day=1)
    for _ in range(_QUARTERS):
        last = first - _DAY
        first = last.replace(month=last.month - _IN_QUARTER + 1, day=1)
        yield Period(first, last)


def _weeks(today: date) -> Iterator[Period]:
    monday = today - timedelta(days=today.weekday())
    for _ in range(_WEEKS):
        monday -= _WEEK
        yield Period(monday, monday + _WEEK - _DAY)
