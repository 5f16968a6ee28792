"""Ways: for each move of a kind, the shortest course of events in which it is accepted.

They are searched for in the rulebook itself, so that a new move, kind or ladder is driven without a word here.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from tests.unit.ladder.model import HUB_COURT, ORIGIN, RULES
from tests.unit.ladder.orders import COURTS, DAY, SUMS, can_act, content_of, issued_facts

from xiezhi_domain.errors import Reason
from xiezhi_domain.events.header import Base, Header, Seen
from xiezhi_domain.ladder import Footing, Instruction, Refusal, Standing, Step, decide, fold
from xiezhi_domain.rulebook import KindRules, Move, Side
from xiezhi_domain.terms import State

START = 1_767_225_600_000
WAITS = (3_600_000, DAY, 4 * DAY, 10 * DAY, 40 * DAY)


@dataclass(frozen=True)
class Order:
    """How a matter begins: the facts of its first event that matter for what may follow."""

    sender: str
    receiver: str
    urgent: bool = False
    phone_first: bool = False

    def facts(self, rules: KindRules, at: int) -> dict:
        """The facts of the first event."""
        more: dict = {"ordered": [list(row) for row in SUMS.items()]} if rules.max_items else {}
        if self.urgent:
            more |= {"urgent": True, "due": at + DAY, "lane": 1}
            more |= {"urgent_reason": "SAFETY"} if "urgency" in rules.reasons else {}
        if self.phone_first:
            acts = sorted(rules.phone_first_acts)
            items = [[1, str(acts[0])], [2, str(acts[-1])]]
            more |= {"phone_first": True, "items": items, "papers": {}}
        return issued_facts(rules.kind, self.sender, at, **more)


@dataclass(frozen=True)
class Way:
    """The steps to `goal`: kinds of events, and how many ms pass between them."""

    goal: str
    order: Order
    steps: tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """Where a search has come to."""

    view: Instruction
    now: int
    steps: tuple[str | int, ...] = ()

    def key(self) -> tuple:
        """What tells it from other places."""
        view = self.view
        return (view.state, view.resume, frozenset(view.open), frozenset(view.times), view.reworks, self.now)


@cache
def ways(kind: str) -> Mapping[str, Way]:
    """The way to each move of *kind* that has one, but the first."""
    rules = RULES.kind(kind)
    found = {goal: _way(rules, goal) for goal, move in rules.moves.items() if not move.starts}
    return {goal: way for goal, way in found.items() if way is not None}


def _way(rules: KindRules, goal: str) -> Way | None:
    helpful = [rules.moves[name] for name in rules.moves if name in _helpful(rules, goal)]
    return next((way for order in _orders(rules) if (way := _search(rules, order, goal, helpful))), None)


def _orders(rules: KindRules) -> Iterator[Order]:
    if Side.SENDER not in rules.start.sides:
        yield Order(HUB_COURT, COURTS[1])
        return
    yield Order(COURTS[0], COURTS[1])
    yield Order(COURTS[0], COURTS[1], urgent=True)
    if rules.phone_first_acts:
        yield Order(COURTS[0], COURTS[1], urgent=True, phone_first=True)
    yield Order(COURTS[0], HUB_COURT)


def _search(rules: KindRules, order: Order, goal: str, helpful: list[Move]) -> Way | None:
    queue, seen = deque([Place(_begun(rules, order), START)]), set()
    while queue:
        place = queue.popleft()
        for move in helpful:
            after = _after(place, move)
            if after is None:
                continue
            if move.kind == goal:
                return Way(goal, order, after.steps)
            if after.key() not in seen:
                seen.add(after.key())
                queue.append(after)
    return None


def _after(place: Place, move: Move) -> Place | None:
    """Where *move* leads, at once or after as short a wait as will do; None where nothing helps."""
    parties = (place.view.sender, place.view.receiver, HUB_COURT)
    court = next((name for name in parties if can_act(move, place.view, name)), None)
    for wait in (0, *WAITS):
        if court is None:
            return None
        now = place.now + wait
        header = _header(place.view, court, move, now)
        refused = _judged(place.view, header)
        if refused is None:
            return Place(_fold(place.view, header), now, (*place.steps, *([wait] if wait else []), move.kind))
        if refused.reason is not Reason.TOO_EARLY:
            return None
    return None


def _judged(view: Instruction, header: Header) -> Refusal | None:
    return decide(view, header, Footing(Standing.HEAD, view.head.seq), RULES, HUB_COURT)


def _begun(rules: KindRules, order: Order) -> Instruction:
    facts = order.facts(rules, START)
    first = {"hub": ORIGIN, "rulebook": RULES.hash}
    header = Header(
        "event-1",
        "matter",
        rules.start.kind,
        order.sender,
        order.receiver,
        Base(),
        Seen(ORIGIN),
        START,
        "key",
        "",
        facts,
        **first,
    )
    assert decide(None, header, Footing(Standing.HEAD), RULES, HUB_COURT) is None
    return fold(None, header, Step(1, header.id), START, RULES)


def _header(view: Instruction, court: str, move: Move, now: int) -> Header:
    to, facts = content_of(view, court, move, now)
    seq = view.head.seq + 1
    base = Base(view.head.id, view.head.seq, "")
    return Header(f"event-{seq}", "matter", move.kind, court, to, base, Seen(ORIGIN), now, "key", "", facts)


def _fold(view: Instruction, header: Header) -> Instruction:
    at = max(header.at, max(view.times.values()) + 1)
    return fold(view, header, Step(view.head.seq + 1, header.id), at, RULES)


def _helpful(rules: KindRules, goal: str) -> set[str]:
    """The moves that *goal* may need before it: what it asks for, what opens that, and what leads to their states."""
    found: set[str] = set()
    queue = [goal]
    while queue:
        kind = queue.pop()
        if not kind or kind in found or rules.moves[kind].starts:
            continue
        found.add(kind)
        move = rules.moves[kind]
        queue += [*move.after, *move.after_for.values(), move.done_before]
        queue += [other.kind for other in rules.moves.values() if other.opens in move.needs]
        queue += [other.kind for other in rules.moves.values() if move.reworks and other.rejects]
        queue += _leading_to(rules, move.origins)
    return found


def _leading_to(rules: KindRules, states: frozenset[State]) -> Iterator[str]:
    """The moves on the shortest ways from the first state to the nearest of *states*."""
    assert rules.start.to is not None
    steps = [move for move in rules.moves.values() if move.to is not None and not move.starts]
    near = {rules.start.to: 0}
    queue = deque(near)
    while queue:
        state = queue.popleft()
        for move in steps:
            if state in move.origins and move.to not in near:
                near[move.to] = near[state] + 1
                queue.append(move.to)
    least = min(near[state] for state in states if state in near)
    wanted = {state for state in states if near.get(state) == least}
    while wanted:
        before = [
            (move, state)
            for move in steps
            if move.to in wanted
            for state in move.origins
            if near.get(state, least) + 1 == near[move.to]
        ]
        yield from (move.kind for move, _ in before)
        wanted = {state for _, state in before}
