"""Which clocks of a kind hear which event: worked out once per rulebook, so that most events cost nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from weakref import finalize

from xiezhi_domain.clocks.moment import Moment
from xiezhi_domain.ladder.instruction import FINAL_STATES
from xiezhi_domain.rulebook.model import KindRules, Limit, NewDue, Scope
from xiezhi_domain.terms import Action, State

OWN_PERIOD: Final = "handle"
"""The clock that runs for the period that the order itself states."""


@dataclass(frozen=True, slots=True, eq=False)
class ClockPlan:
    """The clocks of one kind, those first that start others.

    `limits`: all limits of the kind; `causes`: the clocks that start each clock;
    `restarts`: for each clock, which event gives it afresh the period of which limit;
    `heard_by`: the clocks that each kind of event starts, meets or moves;
    `stands`: the states in which a clock stands still;
    `calls`, `extends`: the kinds of events that log a call, that state a later end of the order's own period;
    `duties`: the clocks with which somebody can be late.
    """

    clocks: tuple[Limit, ...]
    limits: Mapping[str, Limit]
    causes: Mapping[str, frozenset[str]]
    restarts: Mapping[str, Mapping[str, str]]
    heard_by: Mapping[str, tuple[Limit, ...]]
    stands: frozenset[State]
    calls: frozenset[str]
    extends: frozenset[str]
    duties: frozenset[str]

    def concerned(self, kind: str, before: State | None, after: State) -> tuple[Limit, ...]:
        """Return the clocks that an event can change, in order; all where the matter turns, none for most events."""
        if before is not after and (self._turns(before) or self._turns(after)):
            return self.clocks
        return self.heard_by.get(kind, ())

    def _turns(self, state: State | None) -> bool:
        return state in self.stands or state in FINAL_STATES


def plan_of(rules: KindRules) -> ClockPlan:
    """Return the plan of a kind; made when first asked for, and kept as long as the rules are."""
    found = _plans.get(id(rules))
    if found is None:
        found = _plans[id(rules)] = _plan(rules)
        # Their id may be given to others once they are gone. A program that ends has nothing to forget.
        finalize(rules, _plans.pop, id(rules), None).atexit = False
    return found


_plans: Final[dict[int, ClockPlan]] = {}


def _plan(rules: KindRules) -> ClockPlan:
    clocks = tuple(_ordered(_running(rules)))
    names = {limit.name for limit in clocks}
    moves = rules.moves.values()
    calls = frozenset(move.kind for move in moves if move.action is Action.LOG_CALL)
    extends = frozenset(move.kind for move in moves if move.due in (NewDue.EXTEND, NewDue.ORDERED))
    turning = frozenset(move.kind for move in moves if move.makes_ordinary or move.changes is not None)
    afresh = {move.kind: OWN_PERIOD for move in moves if move.due is NewDue.AFRESH}
    causes = {limit.name: limit.starts & names for limit in clocks}
    restarts = {
        limit.name: {**(afresh if limit.name == OWN_PERIOD else {}), **limit.restarts} for limit in clocks
    }
    return ClockPlan(
        clocks=clocks,
        limits=rules.limits,
        causes=causes,
        restarts=restarts,
        heard_by={
            kind: clocks if kind in calls | extends | turning else _hearers(kind, clocks, causes, restarts)
            for kind in rules.moves
        },
        stands=frozenset(state for limit in clocks for state in limit.paused_in),
        calls=calls,
        extends=extends,
        duties=frozenset(limit.name for limit in clocks if limit.duty),
    )


def _running(rules: KindRules) -> list[Limit]:
    """Return the duties and what starts them; mere windows and gaps are the ladder's to judge."""
    wanted = {limit.name for limit in rules.limits.values() if limit.duty}
    found: set[str] = set()
    while wanted:
        found |= wanted
        wanted = {name for each in wanted for name in rules.limits[each].starts & rules.limits.keys()} - found
    return [limit for name, limit in rules.limits.items() if name in found]


def _hearers(
    kind: str,
    clocks: tuple[Limit, ...],
    causes: Mapping[str, frozenset[str]],
    restarts: Mapping[str, Mapping[str, str]],
) -> tuple[Limit, ...]:
    """Return the clocks that hear an event, and those that they start."""
    found: dict[str, Limit] = {}
    for limit in clocks:
        hears = kind in limit.starts or kind in limit.stops or kind in restarts[limit.name]
        if hears or causes[limit.name] & found.keys():
            found[limit.name] = limit
    return tuple(found.values())


def _ordered(limits: Iterable[Limit]) -> list[Limit]:
    """Return the limits so that each comes after those that start it."""
    waiting = {limit.name: limit for limit in limits}
    ordered: list[Limit] = []
    while waiting:
        ready = [limit for limit in waiting.values() if not limit.starts & waiting.keys()]
        # A circle of limits starts nothing; in the order of the rulebook it does so quietly.
        ordered += ready or list(waiting.values())
        waiting = {name: limit for name, limit in waiting.items() if limit not in ordered}
    return ordered


def applies(limit: Limit, moment: Moment) -> bool:
    """Return whether a limit is one for matters of the class that *moment* leaves."""
    match limit.scope:
        case Scope.ALL:
            return True
        case Scope.URGENT:
            return moment.urgent
        case Scope.PHONE_FIRST:
            return moment.phone_first
        case Scope.ORAL_CONSENT:
            return moment.oral_consent
