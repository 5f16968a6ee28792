"""Where the receiver's clock starts and where its limits end: the narrow input that the figures take of the clocks."""

from collections.abc import Sequence
from dataclasses import dataclass

from xiezhi_domain.calendar import WorkingCalendar, end_of_day_ms
from xiezhi_domain.court_time import to_date
from xiezhi_domain.indicators.record import Pause
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.rulebook.model import Unit

_MINUTE_MS = 60_000
_FALLBACK = "arrival"
"""The limit after which the clock starts by itself where nothing has arrived (practice.md §4)."""


@dataclass(frozen=True, slots=True)
class LimitTable:
    """The limits of one kind under its pinned rulebook, ended on *calendar*."""

    rules: KindRules
    calendar: WorkingCalendar
    urgent: bool

    def end(self, name: str, start: int) -> int | None:
        """Return the last moment (ms) of the limit *name* from *start* on; None where it has no length of its own."""
        limit = self.rules.limits.get(name)
        if limit is None:
            return None
        amount, unit = limit.period(urgent=self.urgent)
        match unit:
            case Unit.MINUTES:
                return start + amount * _MINUTE_MS
            case Unit.HOURS:
                return start + amount * 60 * _MINUTE_MS
            case Unit.DAYS:
                return end_of_day_ms(self.calendar.add_days_rolled(to_date(start), amount))
            case Unit.WORKING_DAYS:
                return end_of_day_ms(self.calendar.add_working_days(to_date(start), amount))
            case Unit.PERCENT:
                return None

    def start(self, accepted_at: int, arrived_at: int | None, *, called: bool) -> int | None:
        """Return when the receiver's clock starts: on arrival, at the latest the fallback after acceptance.

        *called*: the receiver was told by phone, which the fallback of the urgent class needs.
        """
        limit = self.rules.limits.get(_FALLBACK)
        waits_for_call = limit is not None and limit.needs_call and self.urgent and not called
        fallback = None if waits_for_call else self.end(_FALLBACK, accepted_at)
        return min((moment for moment in (arrived_at, fallback) if moment is not None), default=None)


def binding_due(due: int, pauses: Sequence[Pause]) -> int | None:
    """Return the limit *due* (ms), which ended pauses have moved; None while one goes on that began before it."""
    going_on = any(pause.end is None and pause.start <= due for pause in pauses)
    return None if going_on else due
