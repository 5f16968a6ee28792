"""The end of one deadline: its period, what moved its end, and the outages of the court that is charged."""

from msgspec.structs import replace

from xiezhi_domain.clocks.deadline import Deadline, NotBefore, Pause
from xiezhi_domain.clocks.moment import Setting
from xiezhi_domain.clocks.period import (
    end_after_outage,
    end_after_pause,
    end_of_period,
    is_provisional,
)
from xiezhi_domain.clocks.verdict import Outage


def due_of(deadline: Deadline, setting: Setting) -> Deadline:
    """Return the deadline with `due_at` and `provisional` as its start and what followed make them."""
    calendar, unit = setting.calendar, deadline.unit
    due = end_of_period(deadline.started_at, deadline.amount, unit, calendar)
    if deadline.adjustments or setting.outages:
        due = _moved(due, deadline, setting)
    if due == deadline.due_at:
        return deadline
    return replace(deadline, due_at=due, provisional=is_provisional(due, unit, calendar))


def _moved(due: int, deadline: Deadline, setting: Setting) -> int:
    calendar, unit = setting.calendar, deadline.unit
    for each in deadline.adjustments:
        if isinstance(each, NotBefore):
            due = max(due, each.due_at)
        elif each.end:
            due = end_after_pause(due, unit, each.start, each.end, calendar)
    for outage in setting.outages:
        if outage.court == deadline.owner:
            start = _begin_of(outage, deadline)
            if start < outage.end:
                due = end_after_outage(due, unit, start, outage.end, calendar)
    return due


def _begin_of(outage: Outage, deadline: Deadline) -> int:
    """Return from when on an outage counts: not before the clock started, and not where it stood anyway."""
    start = max(outage.start, deadline.started_at)
    for each in deadline.adjustments:
        if isinstance(each, Pause) and each.start <= start:
            start = max(start, each.end or outage.end)
    return start
