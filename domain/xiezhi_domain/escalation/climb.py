"""When the rungs of the ladder are climbed for a deadline, and which were climbed over a past period (the dry run)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from xiezhi_domain.calendar import WorkingCalendar
from xiezhi_domain.clocks.deadline import Deadline
from xiezhi_domain.clocks.period import counts_days
from xiezhi_domain.clocks.replay import Stage
from xiezhi_domain.court_time import to_date
from xiezhi_domain.escalation.rules import EscalationRules, EscalationStep
from xiezhi_domain.rulebook.model import Limit, Unit
from xiezhi_domain.terms import DeadlineState, Rung

NEVER: Final = 1 << 62
"""A moment that does not come: nothing is to be looked for."""


class Climb(NamedTuple):
    """One rung for one deadline: due at `at` (ms). `step` is its key beside the deadline and its end."""

    at: int
    place: int
    step: str
    rung: Rung
    automatic: bool


class Fired(NamedTuple):
    """A rung that was climbed, or would have been: for which deadline, when."""

    at: int
    deadline: Deadline
    climb: Climb


def climbs_of(
    deadline: Deadline, limit: Limit, rules: EscalationRules, calendar: WorkingCalendar
) -> tuple[Climb, ...]:
    """Return the rungs for a deadline as it is due now, in the order in which they are climbed.

    What would have come before the clock started is left out: nobody is reminded of what he was just told.
    """
    days = counts_days(deadline.unit)
    found = [
        Climb(at, place, name, step.rung, step.automatic)
        for place, step in enumerate(rules.steps)
        if step.is_about(deadline.clock, days=days)
        for name, at in _moments(step, deadline.due_at, limit, calendar, days=days)
        if at > deadline.started_at
    ]
    return tuple(sorted(found))


def first_look(deadline: Deadline, limit: Limit, rules: EscalationRules, calendar: WorkingCalendar) -> int:
    """Return when (ms) a running deadline has to be looked at first; `NEVER` for one that stands or has ended.

    Asked with every event, so that it does no more than it must: the first rung of each unit.
    """
    if deadline.state is not DeadlineState.RUNNING:
        return NEVER
    counts, offsets = rules.reaches(limit, days=counts_days(deadline.unit))
    started, due = deadline.started_at, deadline.due_at
    first = next((due + offset for offset in offsets if due + offset > started), NEVER)
    if counts:
        day = to_date(due)
        for count in counts:
            at = calendar.working_day_ms(day, count)
            if at > started:
                return min(at, first)
    return first


def climbs_within(
    stages: Sequence[Stage],
    limits: Mapping[str, Limit],
    rules: EscalationRules,
    calendar: WorkingCalendar,
    until: int,
) -> Iterator[Fired]:
    """Yield what the rules climb in the course of a matter up to *until* (ms), each rung once, in order of time.

    *stages* are what the matter and its deadlines were from one event to the next.
    """
    climbed: set[tuple[str, int, int, str]] = set()
    ends = [after.at for _, after in pairwise(stages)] + [until + 1]
    for stage, end in zip(stages, ends, strict=True):
        fired = [
            Fired(max(climb.at, stage.at), deadline, climb)
            for deadline in stage.clocks.deadlines
            if deadline.state is DeadlineState.RUNNING and limits[deadline.clock].duty
            for climb in climbs_of(deadline, limits[deadline.clock], rules, calendar)
            if climb.at < end
        ]
        for each in sorted(fired, key=lambda one: (one.at, one.climb)):
            key = (each.deadline.clock, each.deadline.round, each.deadline.due_at, each.climb.step)
            if each.at < end and each.at <= until and key not in climbed:
                climbed.add(key)
                yield each


def _moments(
    step: EscalationStep, due: int, limit: Limit, calendar: WorkingCalendar, *, days: bool
) -> Iterable[tuple[str, int]]:
    day = to_date(due)
    if step.amount is None:
        warned = limit.warn if days else ()
        return [(f"{step.name}/{count}", calendar.working_day_ms(day, -count)) for count in warned]
    if step.unit is Unit.WORKING_DAYS:
        return [(step.name, calendar.working_day_ms(day, step.amount))]
    return [(step.name, due + step.offset_ms)]
