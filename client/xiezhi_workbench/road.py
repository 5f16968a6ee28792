"""The ladder as a picture: the straight way of a kind of matter, which of it is behind, and where the matter stands."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from xiezhi_client.sdk import InstructionSummary, TimelineEntry
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import State

_GOALS: Final = (State.CONFIRMED, State.CLOSED, State.SUPERVISION_DONE, State.DECIDED, State.CASE_CLOSED)
_BEFORE: Final = (State.DRAFT, State.AWAITING_APPROVAL, State.AWAITING_SEAL)


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: a state, when it was reached last, and whether the matter stands there, has passed it, left the way."""

    state: State
    reached_at: datetime | None = None
    here: bool = False
    passed: bool = False
    aside: bool = False


def steps(rules: KindRules, summary: InstructionSummary, timeline: Sequence[TimelineEntry]) -> list[Step]:
    """Give the rungs in their order; a state off the straight way stands behind the last rung that was reached."""
    way = _way(rules)
    reached = _reached(rules, timeline)
    current = State(summary.state)
    if current in way:
        at = way.index(current)
        return [Step(state, reached.get(state), n == at, n < at) for n, state in enumerate(way)]
    at = max((n for n, state in enumerate(way) if state in reached), default=0)
    rungs = [Step(state, reached.get(state), passed=n <= at) for n, state in enumerate(way)]
    rungs.insert(at + 1, Step(current, reached.get(current), here=True, aside=True))
    return rungs


def _way(rules: KindRules) -> list[State]:
    """Give the states of the shortest way to a good end, those before sending included."""
    before = list(_BEFORE) if rules.is_approved else [State.DRAFT, State.AWAITING_SEAL]
    start = rules.start.to
    if start is None:
        return before
    came: dict[State, State | None] = {start: None}
    waiting = deque([start])
    while waiting:
        state = waiting.popleft()
        if state in _GOALS:
            return before + _back(came, state)
        for move in rules.moves.values():
            if move.to is not None and move.to not in came and state in move.origins:
                came[move.to] = state
                waiting.append(move.to)
    return [*before, start]


def _back(came: dict[State, State | None], state: State) -> list[State]:
    way: list[State] = []
    at: State | None = state
    while at is not None:
        way.append(at)
        at = came[at]
    return way[::-1]


def _reached(rules: KindRules, timeline: Sequence[TimelineEntry]) -> dict[State, datetime | None]:
    """Give when each state was reached last, by what the hub has not refused."""
    reached: dict[State, datetime | None] = {}
    for entry in timeline:
        move = rules.moves.get(entry.kind)
        if move is not None and move.to is not None and not entry.refusal_reason:
            reached[move.to] = entry.ruled_at or entry.claimed_at
    return reached
