"""Where a period ends: in hours through nights and holidays, in days at the end of a day (民诉法 85).

Working minutes alone know the hours of a day: they run while courts work.
"""

from typing import Final

from xiezhi_domain.calendar import WorkingCalendar, end_of_day_ms
from xiezhi_domain.court_time import to_date
from xiezhi_domain.rulebook.model import Unit

_MINUTE_MS: Final = 60_000
_LENGTH_MS: Final = {Unit.MINUTES: _MINUTE_MS, Unit.HOURS: 60 * _MINUTE_MS}


def counts_days(unit: Unit) -> bool:
    """Return whether a period of this unit ends at the end of a day."""
    return unit not in _LENGTH_MS and unit is not Unit.WORKING_MINUTES


def end_of_period(start: int, amount: int, unit: Unit, calendar: WorkingCalendar) -> int:
    """Return the last moment (ms) of a period that an event at *start* (ms) begins; the event's day does not count.

    :raises ValueError: a share of another period has no end of its own.
    """
    length = _LENGTH_MS.get(unit)
    if length is not None:
        return start + amount * length
    if unit is Unit.WORKING_MINUTES:
        return calendar.add_working_ms(start, amount * _MINUTE_MS)
    if unit is Unit.PERCENT:
        raise ValueError("a share of another period has no end of its own")
    if unit is Unit.MONTHS:
        return end_of_day_ms(calendar.add_months_rolled(to_date(start), amount))
    return calendar.last_ms(to_date(start), amount, working=unit is Unit.WORKING_DAYS)


def end_after_pause(due: int, unit: Unit, start: int, end: int, calendar: WorkingCalendar) -> int:
    """Return where a period that was due at *due* ends when its clock stood from *start* to *end* (all ms).

    What was left at *start* is left at *end*: to the millisecond for hours and minutes, in whole days for
    days. A pause that begins after the end changes nothing: it cures no delay.
    """
    if start > due or end <= start:
        return due
    if unit in _LENGTH_MS:
        return due + end - start
    if unit is Unit.WORKING_MINUTES:
        return calendar.add_working_ms(end, calendar.working_ms_between(start, due))
    last, began, ended = to_date(due), to_date(start), to_date(end)
    if unit is Unit.WORKING_DAYS:
        return calendar.last_ms(ended, calendar.working_days_after(began, last), working=True)
    return calendar.last_ms(last, (ended - began).days, working=False)


def end_after_outage(due: int, unit: Unit, start: int, end: int, calendar: WorkingCalendar) -> int:
    """Return where a period ends whose court could not be reached from *start* to *end* (通信故障, practice.md §4).

    As after a pause; a last day that the outage has touched is given back whole, on the next working day.
    """
    moved = end_after_pause(due, unit, start, end, calendar)
    if counts_days(unit) and moved == due and start <= due and to_date(end) >= to_date(due):
        return calendar.last_ms(to_date(due), 1, working=True)
    return moved


def is_provisional(due: int, unit: Unit, calendar: WorkingCalendar) -> bool:
    """Return whether an arrangement that is not published yet may still move the end *due* (ms) of a period."""
    return due > calendar.published_until_ms and counts_days(unit)
