"""Ways: for each move of a kind, the shortest course of events in which it is accepted.

They are searched for in the rulebook itself, so that a new move, kind or ladder is driven without a word here.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.unit.ladder.model import CALENDAR, HUB_COURT, ORIGIN, RULES
from tests.unit.ladder.orders import (
    COURTS,
    DAY,
    SUMS,
    can_act,
    content_of,
    facts_of_order,
    grounds_of,
)

from xiezhi_domain.errors import Reason
from xiezhi_domain.events.header import Base, Header, Seen
from xiezhi_domain.ladder import Footing, Instruction, Refusal, Standing, Step, decide, fold
from xiezhi_domain.rulebook import KindRules, Move, Rulebook, Side
from xiezhi_domain.terms import State

START = 1_767_225_600_000
WAITS = (3_600_000, DAY, 4 * DAY, 10 * DAY, 40 * DAY, 200 * DAY)


@dataclass(frozen=True)
class Order:
    """How a matter begins: the facts of its first event that matter for what may follow."""

    sender: str
    receiver: str
    urgent: bool = False
    phone_first: bool = False
    oral_consent: bool = False

    def facts(self, rules: KindRules, at: int) -> dict:
        """The facts of the first event."""
        more: dict = grounds_of(rules, self.sender, self.receiver, at)
        more |= {"ordered": [list(row) for row in SUMS.items()]} if rules.max_items else {}
        if self.urgent:
            more |= {"urgent": True, "due": at + DAY, "lane": 1}
            more |= {"urgent_reason": "SAFETY"} if "urgency" in rules.reasons else {}
        if self.phone_first:
            acts = sorted(rules.phone_first_acts)
            items = [[1, str(acts[0])], [2, str(acts[-1])]]
            more |= {"phone_first": True, "items": items, "papers": {}}
        more |= {"oral_consent": True} if self.oral_consent else {}
        return facts_of_order(rules, self.sender, at, **more)


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


def ways(kind: str, rulebook: Rulebook = RULES) -> Mapping[str, Way]:
    """The way to each move of *kind* that has one, but the first."""
    search = _Search(rulebook, rulebook.kind(kind))
    found = {goal: search.way(goal) for goal, move in search.rules.moves.items() if not move.starts}
    return {goal: way for goal, way in found.items() if way is not None}


def _orders(rules: KindRules) -> Iterator[Order]:
    if Side.SENDER not in rules.start.sides:
        yield Order(HUB_COURT, COURTS[1])
        return
    yield Order(COURTS[0], COURTS[1])
    yield Order(COURTS[0], COURTS[1], urgent=True)
    if rules.phone_first_acts:
        yield Order(COURTS[0], COURTS[1], urgent=True, phone_first=True)
    if rules.is_approved and "oral_consent" in rules.start.opens_for:
        yield Order(COURTS[0], COURTS[1], urgent=True, oral_consent=True)
    if not rules.same_level:
        yield Order(COURTS[0], HUB_COURT)


class _Search:
    """Looks for the ways of one kind, breadth first."""

    def __init__(self, rulebook: Rulebook, rules: KindRules) -> None:
        self.rulebook = rulebook
        self.rules = rules

    def way(self, goal: str) -> Way | None:
        """The shortest way to *goal*, of the first order that allows one."""
        names = _helpful(self.rules, goal)
        helpful = [move for name, move in self.rules.moves.items() if name in names]
        return next((way for order in _orders(self.rules) if (way := self._from(order, goal, helpful))), None)

    def _from(self, order: Order, goal: str, helpful: list[Move]) -> Way | None:
        queue, seen = deque([Place(self._begun(order), START)]), set()
        while queue:
            place = queue.popleft()
            for move in helpful:
                after = self._after(place, move)
                if after is None:
                    continue
                if move.kind == goal:
                    return Way(goal, order, after.steps)
                if after.key() not in seen:
                    seen.add(after.key())
                    queue.append(after)
        return None

    def _after(self, place: Place, move: Move) -> Place | None:
        """Where *move* leads, at once or after as short a wait as will do; None where nothing helps."""
        parties = (place.view.sender, place.view.receiver, HUB_COURT)
        court = next((name for name in parties if can_act(move, place.view, name)), None)
        for wait in (0, *WAITS) if court else ():
            now = place.now + wait
            header = self._header(place.view, court, move, now)
            refused = self._judged(place.view, header)
            if refused is None:
                steps = (*place.steps, *([wait] if wait else []), move.kind)
                return Place(self._fold(place.view, header), now, steps)
            if refused.reason is not Reason.TOO_EARLY:
                return None
        return None

    def _judged(self, view: Instruction, header: Header) -> Refusal | None:
        return decide(view, header, Footing(Standing.HEAD, view.head.seq), self.rulebook, HUB_COURT, CALENDAR)

    def _begun(self, order: Order) -> Instruction:
        header = Header(
            id=_id(1),
            instruction="matter",
            kind=self.rules.start.kind,
            sender=order.sender,
            to=order.receiver,
            base=Base(),
            seen=Seen(ORIGIN),
            at=START,
            key="key",
            body="",
            facts=order.facts(self.rulebook.rules(self.rules.kind, order.sender, order.receiver), START),
            hub=ORIGIN,
            rulebook=self.rulebook.hash,
        )
        refused = decide(None, header, Footing(Standing.HEAD), self.rulebook, HUB_COURT, CALENDAR)
        assert refused is None, refused
        return fold(None, header, Step(1, header.id), START, self.rulebook)

    def _header(self, view: Instruction, court: str, move: Move, now: int) -> Header:
        to, facts = content_of(view, court, move, now, self.rulebook)
        return Header(
            id=_id(view.head.seq + 1),
            instruction=view.id,
            kind=move.kind,
            sender=court,
            to=to,
            base=Base(view.head.id, view.head.seq, ""),
            seen=Seen(ORIGIN),
            at=now,
            key="key",
            body="",
            facts=facts,
        )

    def _fold(self, view: Instruction, header: Header) -> Instruction:
        at = max(header.at, max(view.times.values()) + 1)
        return fold(view, header, Step(view.head.seq + 1, header.id), at, self.rulebook)


def _id(seq: int) -> str:
    """The id of an event by its number; facts may name it."""
    return f"00000000-0000-7000-8000-{seq:012d}"


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
