"""When a period begins and ends, from the times in a matter's history (practice.md §4; protocol §5).

`decide` judges windows and gaps by it. Deadlines that people are warned of and charged with are kept by the clocks;
these are bounds: a pause shifts them by what the matter itself records.
"""

from xiezhi_domain.calendar import WorkingCalendar, end_of_day_ms
from xiezhi_domain.court_time import to_date
from xiezhi_domain.ladder.instruction import Instruction
from xiezhi_domain.rulebook.model import KindRules, Limit, Unit
from xiezhi_domain.terms import EventKind

MINUTE_MS = 60 * 1000
HOUR_MS = 60 * MINUTE_MS
_HANDLE = "handle"


def add_period(start: int, amount: int, unit: Unit, calendar: WorkingCalendar) -> int:
    """Return the end (ms) of a period after *start*.

    Days end with the last millisecond of a working day (民诉法 85); hours and minutes run through nights and holidays,
    working minutes do not.
    """
    match unit:
        case Unit.MINUTES:
            return start + amount * MINUTE_MS
        case Unit.HOURS:
            return start + amount * HOUR_MS
        case Unit.DAYS:
            return end_of_day_ms(calendar.add_days_rolled(to_date(start), amount))
        case Unit.MONTHS:
            return end_of_day_ms(calendar.add_months_rolled(to_date(start), amount))
        case Unit.WORKING_DAYS:
            return end_of_day_ms(calendar.add_working_days(to_date(start), amount))
        case Unit.WORKING_MINUTES:
            return calendar.add_working_ms(start, amount * MINUTE_MS)
        case Unit.PERCENT:
            raise ValueError("a share of a period has no length of its own")


def started_at(limit: Limit, matter: Instruction, rules: KindRules, calendar: WorkingCalendar) -> int:
    """Return when the clock of *limit* started last (ms); 0 if it has not."""
    return max((_start(name, matter, rules, calendar) for name in limit.starts), default=0)


def _start(name: str, matter: Instruction, rules: KindRules, calendar: WorkingCalendar) -> int:
    """Return when an event happened, or when another limit was met or ran out, whichever is earlier."""
    if name not in rules.limits:
        return matter.times.get(name, 0)
    other = rules.limits[name]
    start = started_at(other, matter, rules, calendar)
    ends = (_met_at(other, matter, start), _end(other, start, matter, calendar))
    return min((at for at in ends if at), default=0) if start else 0


def ends_at(name: str, matter: Instruction, rules: KindRules, calendar: WorkingCalendar) -> int:
    """Return when the limit *name* runs or ran out (ms); 0 if its clock has not started."""
    if name == _HANDLE:
        return matter.due
    limit = rules.limits[name]
    start = started_at(limit, matter, rules, calendar)
    return _end(limit, start, matter, calendar) if start else 0


def is_breached(
    name: str, matter: Instruction, rules: KindRules, calendar: WorkingCalendar, now: int
) -> bool:
    """Return whether the limit *name* ran out before it was met, or has run out by *now* unmet."""
    end = ends_at(name, matter, rules, calendar)
    if not end:
        return False
    limit = rules.limits[name]
    met = _met_at(limit, matter, started_at(limit, matter, rules, calendar))
    return (met or now) > end


def _met_at(limit: Limit, matter: Instruction, start: int) -> int:
    met = [matter.times[kind] for kind in limit.stops if matter.times.get(kind, -1) >= start]
    return min(met, default=0)


def _end(limit: Limit, start: int, matter: Instruction, calendar: WorkingCalendar) -> int:
    called = not limit.needs_call or EventKind.CALL_LOGGED in matter.times
    amount, unit = limit.period(urgent=matter.urgent and called)
    if unit is Unit.PERCENT:
        return start + (matter.due - start) * amount // 100
    return add_period(start, amount, unit, calendar)
