"""The working calendar of a year as the contract shows it; hub and node count by the same one."""

from datetime import date
from typing import Final

from xiezhi.v1 import directory_service_pb2 as pb
from xiezhi.v1 import escalation_service_pb2
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.calendar import FIXED_HOLIDAYS, WorkingCalendar
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import InvalidInput

_YEARS: Final = range(2000, 2101)


def calendar_of_year(
    request: pb.GetCalendarRequest, calendar: WorkingCalendar, published_at: int, now: int
) -> pb.GetCalendarResponse:
    """Return the year that *request* names, as *calendar* has it; *published_at* (ms) is 0 for the shipped one.

    :raises InvalidInput: a year that nobody plans for.
    """
    year = request.year or to_date(now).year
    if year not in _YEARS:
        raise InvalidInput.in_field("year", f"年份应在 {_YEARS[0]} 至 {_YEARS[-1]} 之间")
    rows = sorted(row for row in calendar.rows.values() if row.day.year == year)
    complete = year in calendar.complete_years
    decided = {row.day for row in rows}
    fixed = [] if complete else sorted({date(year, *day) for day in FIXED_HOLIDAYS} - decided)
    hours = calendar.hours_of(date(year, 12, 31))
    told = pb.GetCalendarResponse(
        year=year,
        days=[
            escalation_service_pb2.CalendarDay(day=row.day.isoformat(), is_workday=row.is_workday)
            for row in rows
        ],
        provisional=[day.isoformat() for day in fixed],
        complete=complete,
        sources=sorted({row.source for row in rows}),
        hours=escalation_service_pb2.WorkingHours(
            spans=hours.texts, source=hours.source, confirmed=hours.confirmed, since=_day(hours.since)
        ),
        hash=calendar.content_hash.hex(),
    )
    if published_at:
        told.published_at.CopyFrom(to_timestamp(published_at))
    return told


def _day(since: date) -> str:
    """Return the first day of hours; empty for those that hold before all others."""
    return "" if since == date.min else since.isoformat()
