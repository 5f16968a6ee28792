"""Periods of figures: whole days of Asia/Shanghai (indicators.md)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from xiezhi_domain.court_time import SHANGHAI, to_date, to_ms
from xiezhi_domain.errors import InvalidInput

_ONE_DAY: Final = timedelta(days=1)
_MONTHS: Final = 12
_QUARTER: Final = 3


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Raise `InvalidInput` where the period ends before it begins."""
        if self.last < self.first:
            raise InvalidInput.in_field("period", "统计期间的截止日早于起始日，请核对")

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        """Give one calendar month."""
        return cls(date(year, month, 1), _month_end(year, month))

    @property
    def start_ms(self) -> int:
        """The first moment."""
        return to_ms(datetime.combine(self.first, time.min, SHANGHAI))

    @property
    def end_ms(self) -> int:
        """The first moment after it."""
        return to_ms(datetime.combine(self.last + _ONE_DAY, time.min, SHANGHAI))

    def contains(self, at: int | None) -> bool:
        """Say whether the moment *at* (ms; None: never) lies in it."""
        return at is not None and self.start_ms <= at < self.end_ms

    def has_ended_by(self, at: int | None) -> bool:
        """Say whether the moment *at* (ms; None: never) comes before the end."""
        return at is not None and at < self.end_ms

    @property
    def previous(self) -> "Period":
        """The period of the same length before it (环比): as many months where it is whole months, else days."""
        before = self.first - _ONE_DAY
        months = self._months
        if months:
            return Period(_months_on(self.first, -months), before)
        return Period(before - (self.last - self.first), before)

    @property
    def year_before(self) -> "Period":
        """The same days of the year before (同比); whole months stay whole months."""
        first = _months_on(self.first, -_MONTHS)
        if self._months:
            return Period(first, _month_end(self.last.year - 1, self.last.month))
        return Period(first, _months_on(self.last, -_MONTHS))

    @property
    def words(self) -> str:
        """The period as a heading names it: `2026年11月`, `2026年第3季度`, `2026年`, or its two days."""
        first, months = self.first, self._months
        if months == _MONTHS and first.month == 1:
            return f"{first.year}年"
        if months == _QUARTER and first.month % _QUARTER == 1:
            return f"{first.year}年第{first.month // _QUARTER + 1}季度"
        if months == 1:
            return f"{first.year}年{first.month}月"
        return f"{first.isoformat()} 至 {self.last.isoformat()}"

    @property
    def _months(self) -> int:
        """How many whole months it is; 0 where it is not."""
        first, last = self.first, self.last
        if first.day != 1 or last.day != monthrange(last.year, last.month)[1]:
            return 0
        return (last.year - first.year) * _MONTHS + last.month - first.month + 1


def first_ranked_day(taken_over: date) -> date:
    """Return the first day of the next month: rankings of what begins before leave out what was taken over then."""
    return _month_end(taken_over.year, taken_over.month) + _ONE_DAY


def ranked_after(taken_over: int) -> int:
    """Return when the periods begin whose rankings have what was taken over from a ledger at *taken_over* (both ms)."""
    day = first_ranked_day(to_date(taken_over))
    return to_ms(datetime.combine(day, time.min, SHANGHAI))


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _months_on(day: date, months: int) -> date:
    """Give the same day *months* later; the last of the month where that month has no such day."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
