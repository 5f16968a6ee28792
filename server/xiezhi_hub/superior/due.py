"""Ends of periods that the superior's decisions state, counted on the calendar in force."""

from xiezhi_domain.calendar import WorkingCalendar
from xiezhi_domain.clocks.period import end_after_pause, end_of_period
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.rulebook.model import KindRules, NewDue, Unit


def new_due(
    rule: NewDue, matter: Instruction, rules: KindRules, now: int, calendar: WorkingCalendar, until: int = 0
) -> int:
    """Return where the period of *matter* ends (ms) after a move with *rule*, made at *now*.

    *until* is the end that a person grants; 0 grants what was asked.
    """
    handle = rules.limits["handle"]
    in_hours = matter.urgent and handle.urgent_unit is Unit.HOURS
    match rule:
        case NewDue.AFRESH if in_hours:
            return end_of_period(now, handle.urgent_amount, handle.urgent_unit, calendar)
        case NewDue.AFRESH:
            return end_of_period(now, matter.limit_days, Unit.DAYS, calendar)
        case NewDue.PAUSE:
            unit = Unit.HOURS if in_hours else Unit.DAYS
            return end_after_pause(matter.due, unit, matter.suspended_since, now, calendar)
        case NewDue.REDO:
            redo = rules.limits["redo"]
            return max(matter.due, end_of_period(now, redo.amount, redo.unit, calendar))
        case NewDue.ORDERED:
            return until
        case NewDue.EXTEND:
            return until or matter.asked_due
