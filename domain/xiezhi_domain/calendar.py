"""The working calendar: which days count, and where a period ends.

Calendar days unless a rule says working days; the day of the event does not count; a period that ends on a
holiday ends on the next working day (民诉法 85). Make-up working days (调休) are working days.
"""

import hashlib
from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from types import MappingProxyType
from typing import Final

from chinese_calendar import constants as published

from xiezhi_domain.court_time import SHANGHAI, to_date, to_ms
from xiezhi_domain.errors import FormatError, InvalidInput
from xiezhi_domain.working_hours import WorkingHours, shipped_hours

FIXED_HOLIDAYS: Final = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Statutory holidays on fixed days, as (month, day): 全国年节及纪念日放假办法 (2024) art. 2."""

_SEED_SOURCE: Final = "国务院办公厅节假日安排(chinesecalendar)"
_HEADING: Final = "xiezhi/calendar/v1"
_ONE_DAY: Final = timedelta(days=1)
_DAY_MS: Final = _ONE_DAY // timedelta(milliseconds=1)
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True, order=True)
class CalendarRow:
    """What is decided about one day, and by which source."""

    day: date
    is_workday: bool
    source: str


@dataclass(frozen=True)
class WorkingCalendar:
    """Rows for single days, and the years whose published arrangement the rows hold completely.

    A day without a row follows its weekday. In a year that is not complete the fixed statutory holidays are
    free as well and every day without a row is provisional (暂定): holidays of the lunar calendar and make-up
    working days are not guessed, so importing the arrangement may move a provisional deadline either way.
    """

    rows: Mapping[date, CalendarRow]
    complete_years: frozenset[int]
    hours: tuple[WorkingHours, ...] = ()
    """When courts work on a working day, by the first day; before all of them the shipped hours hold."""

    def hours_of(self, day: date) -> WorkingHours:
        """Give the hours in which courts work, if they work on `day`."""
        return next((each for each in reversed(self.hours) if each.since <= day), shipped_hours())

    def is_workday(self, day: date) -> bool:
        """Say whether courts work on `day`."""
        row = self.rows.get(day)
        if row is not None:
            return row.is_workday
        if day.weekday() >= _SATURDAY:
            return False
        return day.year in self.complete_years or (day.month, day.day) not in FIXED_HOLIDAYS

    def is_provisional(self, day: date) -> bool:
        """Say whether an arrangement not yet published may still change `day`."""
        return day.year not in self.complete_years and day not in self.rows

    def add_working_days(self, start: date, count: int) -> date:
        """Give the `count`-th working day after `start`, or before it if negative; `start` does not count."""
        step = _ONE_DAY if count >= 0 else -_ONE_DAY
        day, left = start, abs(count)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def add_days_rolled(self, start: date, count: int) -> date:
        """Give the last day of a period of `count` calendar days after `start` (民诉法 85)."""
        day = start + count * _ONE_DAY
        while not self.is_workday(day):
            day += _ONE_DAY
        return day

    def add_months_rolled(self, start: date, count: int) -> date:
        """Give the last day of a period of `count` months after `start` (民法典 202, 民诉法 85)."""
        return self.add_days_rolled(months_after(start, count), 0)

    def last_ms(self, start: date, count: int, *, working: bool) -> int:
        """Give the last moment (ms) of a period of `count` days after `start`, working days or calendar days rolled.

        Remembered, because the matters of a day share their periods.
        """
        key = (start, count, working)
        found = self._last_ms.get(key)
        if found is None:
            day = self.add_working_days(start, count) if working and count else start
            rolled = self.add_days_rolled(day, 0 if working else count)
            found = self._last_ms[key] = end_of_day_ms(rolled)
        return found

    def working_day_ms(self, day: date, count: int) -> int:
        """Give the first moment (ms) of the `count`-th working day after `day`, or before it; of `day` itself for 0."""
        key = (day, count)
        found = self._working_day_ms.get(key)
        if found is None:
            found = self._working_day_ms[key] = (
                end_of_day_ms(self.add_working_days(day, count) - _ONE_DAY) + 1
            )
        return found

    @cached_property
    def _working_day_ms(self) -> dict[tuple[date, int], int]:
        return {}

    @cached_property
    def published_until_ms(self) -> int:
        """The last moment (ms) up to which every year's arrangement is published; 0 where none is."""
        if not self.complete_years:
            return 0
        year = min(self.complete_years)
        while year + 1 in self.complete_years:
            year += 1
        return end_of_day_ms(date(year, 12, 31))

    @cached_property
    def _last_ms(self) -> dict[tuple[date, int, bool], int]:
        return {}

    def working_days_after(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`; none where `end` is not later."""
        days = range(1, (end - start).days + 1)
        return sum(self.is_workday(start + count * _ONE_DAY) for count in days)

    def add_working_ms(self, start: int, length: int) -> int:
        """Give the moment (ms) at which `length` ms of working hours have passed since `start` (ms)."""
        day, left = to_date(start), length
        while True:
            for begin, end in self._working_spans(day):
                from_then = max(begin, start)
                if from_then + left <= end:
                    return from_then + left
                left -= max(end - from_then, 0)
            day += _ONE_DAY

    def working_ms_between(self, start: int, end: int) -> int:
        """Count the ms of working hours from `start` to `end` (both ms); none where `end` is not later."""
        days = range((to_date(end) - to_date(start)).days + 1)
        spans = [span for count in days for span in self._working_spans(to_date(start) + count * _ONE_DAY)]
        return sum(max(min(until, end) - max(begin, start), 0) for begin, until in spans)

    def _working_spans(self, day: date) -> tuple[tuple[int, int], ...]:
        """Give begin and end (ms) of the working hours of `day`; remembered, as orders of a day share them."""
        found = self._spans.get(day)
        if found is None:
            hours = self.hours_of(day).spans if self.is_workday(day) else ()
            at = [
                (datetime.combine(day, begin, SHANGHAI), datetime.combine(day, end, SHANGHAI))
                for begin, end in hours
            ]
            found = self._spans[day] = tuple((to_ms(begin), to_ms(end)) for begin, end in at)
        return found

    @cached_property
    def _spans(self) -> dict[date, tuple[tuple[int, int], ...]]:
        return {}

    def with_rows(
        self,
        rows: Iterable[CalendarRow],
        *,
        complete_years: Collection[int] = (),
        hours: Iterable[WorkingHours] = (),
    ) -> "WorkingCalendar":
        """Give a calendar that also holds `rows`, each in place of an older row of its day.

        `complete_years` are the years whose published arrangement `rows` contain entirely; a single closing
        day does not complete its year. `hours` hold from their first day on, in place of older ones of that day.
        Raise `InvalidInput` where two rows speak of one day, or where a source is not one line of text.
        """
        new: dict[date, CalendarRow] = {}
        for row in rows:
            if row.day in new:
                raise InvalidInput.in_field("rows", f"日期重复：{row.day.isoformat()}")
            if not row.source.isprintable() or not row.source.strip():
                raise InvalidInput.in_field("rows", f"{row.day.isoformat()} 的依据应为一行文字，请填写")
            new[row.day] = row
        dated = {each.since: each for each in (*self.hours, *hours)}
        return WorkingCalendar(
            MappingProxyType({**self.rows, **new}),
            self.complete_years | frozenset(complete_years),
            tuple(dated[since] for since in sorted(dated)),
        )

    @cached_property
    def content_hash(self) -> bytes:
        """The SHA-256 of `canonical_bytes`, by which a calendar is addressed."""
        return hashlib.sha256(self.canonical_bytes()).digest()

    def canonical_bytes(self) -> bytes:
        """Give the table as UTF-8 lines: a heading, then `hours`, `year` and `day` lines, each kind in order."""
        lines = [_HEADING]
        lines += [f"hours {each.line()}" for each in self.hours]
        lines += [f"year {year}" for year in sorted(self.complete_years)]
        lines += [
            f"day {row.day.isoformat()} {'work' if row.is_workday else 'free'} {row.source}"
            for row in sorted(self.rows.values())
        ]
        return ("\n".join(lines) + "\n").encode()


def parse_calendar(content: bytes) -> WorkingCalendar:
    """Give the calendar whose `canonical_bytes` are `content`. Raise `FormatError` for any other bytes."""
    try:
        heading, *lines = content.decode().splitlines()
        years = {int(line[5:]) for line in lines if line.startswith("year ")}
        rows = [_parse_row(line) for line in lines if line.startswith("day ")]
        hours = [WorkingHours.parse(line[6:]) for line in lines if line.startswith("hours ")]
        empty = WorkingCalendar(MappingProxyType({}), frozenset())
        found = empty.with_rows(rows, complete_years=years, hours=hours)
    except (ValueError, InvalidInput) as error:
        raise FormatError("工作日历的写法不正确") from error
    if heading != _HEADING or found.canonical_bytes() != content:
        raise FormatError("工作日历的写法不正确")
    return found


def _parse_row(line: str) -> CalendarRow:
    _, day, word, source = line.split(" ", 3)
    return CalendarRow(date.fromisoformat(day), is_workday=word == "work", source=source)


@cache
def shipped_calendar() -> WorkingCalendar:
    """Give the calendar of the years that the installed `chinesecalendar` knows."""
    free = [CalendarRow(day, is_workday=False, source=_SEED_SOURCE) for day in published.holidays]
    made_up = [CalendarRow(day, is_workday=True, source=_SEED_SOURCE) for day in published.workdays]
    years = {row.day.year for row in free}
    return WorkingCalendar(MappingProxyType({}), frozenset()).with_rows(free + made_up, complete_years=years)


def months_after(day: date, count: int) -> date:
    """Give the day of the same number `count` months later, or the last of that month (民法典 202)."""
    years, month = divmod(day.month - 1 + count, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def end_of_day_ms(day: date) -> int:
    """Give the last millisecond of `day` in Asia/Shanghai: what is done then is done that day."""
    # The last day that Python has is followed by none.
    return to_ms(datetime.combine(day, time.min, SHANGHAI)) + _DAY_MS - 1
