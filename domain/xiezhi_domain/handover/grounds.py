"""Whether a legal ground of a handover holds: every test on dated facts and on the register of the property.

Nothing is believed that can be counted: a test states days, and how long ago they lie is worked out on the day of the
request (law-and-practice.md §3).
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from xiezhi_domain.handover.register import Register, Seizure
from xiezhi_domain.rulebook.grounds import FIRST_SEIZED, Ground, GroundTest, Place, Span

_RANKS: Final = {Place.NEXT: lambda rank: rank == 2, Place.WAITING: lambda rank: rank > 1}  # noqa: PLR2004  # behind the first


def failing(
    ground: Ground, dates: Mapping[str, str], register: Register, court: str, on: date
) -> Iterator[GroundTest]:
    """Give the tests of *ground* that do not hold on the day *on* for the asking *court*.

    *dates* are the days that are stated, by their codes.
    """
    first = register.first(on.isoformat())
    known = {**dates, **({FIRST_SEIZED: first.stated.seized_on} if first else {})}
    rank = _rank(register, court, on)
    for test in ground.tests:
        if not (_is_dated(test, known, on) and _is_placed(test, rank) and _is_first(test, first)):
            yield test


def _is_dated(test: GroundTest, known: Mapping[str, str], on: date) -> bool:
    if not test.dates:
        return True
    stated = next((known[code] for code in test.dates if code in known), "")
    if not stated:
        return False
    day = date.fromisoformat(stated)
    return day <= on and (not test.more_than or over(day, test.more_than, test.span) < on)


def over(day: date, amount: int, span: Span) -> date:
    """Return the last day of a period of *amount* that *day*, not counted itself, begins (民诉法 第85条)."""
    if span is Span.DAYS:
        return day + timedelta(days=amount)
    try:
        return day.replace(year=day.year + amount)
    except ValueError:
        # 29 February: the period ends with the month.
        return day.replace(year=day.year + amount, day=28)


def _is_placed(test: GroundTest, rank: int) -> bool:
    return test.place is None or _RANKS[test.place](rank)


def _is_first(test: GroundTest, first: Seizure | None) -> bool:
    return test.first is None or (first is not None and first.stated.purpose == test.first)


def _rank(register: Register, court: str, on: date) -> int:
    """Return the rank of the foremost seizure of *court*; 0 where it has none."""
    day = on.isoformat()
    own = register.first_of(court, day)
    return register.ranks(day)[own.number] if own else 0
