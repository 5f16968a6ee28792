"""From an accepted history to the record of its matter.

What happened is taken from the ladder's own fold and from the actions that the pinned rulebook gives its moves, so
that a kind or a move that is added as data is counted without code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from xiezhi_domain.calendar import WorkingCalendar
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.events.header import Header
from xiezhi_domain.indicators.clock import LimitTable, binding_due
from xiezhi_domain.indicators.record import Judgement, MatterRecord, Pause, Return, Work
from xiezhi_domain.ladder import Instruction, Step, fold
from xiezhi_domain.ladder.facts import text_fact
from xiezhi_domain.rulebook import KindRules, Rulebook
from xiezhi_domain.terms import Action, Channel, EventKind, State

_SIGN_LIMIT: Final = "sign"
_CONFIRM_LIMIT: Final = "confirm"
_LEFT: Final = frozenset({State.WITHDRAWN, State.STOPPED_AWAITING_REPORT, State.TERMINATED, State.REVOKED})
"""States in which a matter is out of all rates (indicators.md: 撤回 and 终止; 撤销 for 督办)."""


class Accepted(NamedTuple):
    """An accepted event and the hub's time of its ruling, ms since 1970."""

    header: Header
    at: int


def record_of(
    history: Sequence[Accepted], rulebooks: Mapping[str, Rulebook], calendar: WorkingCalendar
) -> MatterRecord | None:
    """Return the record of a matter from its accepted events in the order of the log.

    None for a kind that no figure counts: a superior's order, 移交, 分配.

    :raises FormatError: the events are no history.
    :raises KeyError: the rulebook that the matter pins is not among *rulebooks*.
    """
    first, *later = history
    rulebook = rulebooks[first.header.rulebook]
    now = fold(None, first.header, Step(1, first.header.id), first.at, rulebook)
    rules = rulebook.rules(now.kind, now.sender, now.receiver)
    work = _work(rules)
    if work is None:
        return None
    course = _Course(LimitTable(rules, calendar, now.urgent), first.at)
    for seq, event in enumerate(later, 2):
        before, now = now, fold(now, event.header, Step(seq, event.header.id), event.at, rulebook)
        course.take(event, rules, before, now)
    return _record(course, now, work, first)


def _work(rules: KindRules) -> Work | None:
    if rules.moves_for(Action.REPLY):
        return Work.SUPERVISION
    return Work.COOPERATION if rules.moves_for(Action.COMPLETE) else None


@dataclass(slots=True)
class _Course:
    """What has happened so far, as far as figures ask. `taken_at` is when the present receiver was given the matter."""

    limits: LimitTable
    taken_at: int
    arrived_at: int | None = None
    answered_at: int | None = None
    signed_at: int | None = None
    pauses: list[Pause] = field(default_factory=list)
    ended_at: int | None = None
    under_review: bool = False
    papers_asked: bool = False
    judgements: list[Judgement] = field(default_factory=list)
    reason: str = ""
    returned: Return | None = None
    overturned: list[Return] = field(default_factory=list)
    left_at: int | None = None
    called: bool = False

    def take(self, event: Accepted, rules: KindRules, before: Instruction, after: Instruction) -> None:
        """Take one more event, which led from *before* to *after*."""
        header, at = event
        if after.receiver != before.receiver:
            self._begin_anew(at)
        if header.kind == EventKind.DELIVERED and self.arrived_at is None:
            self.arrived_at = at
        move = rules.moves.get(header.kind)
        if move is not None:
            self._act(move.action, header, before, at)
        if after.state is not before.state:
            self._leave(before.state, at)
            self._enter(after.state, at)

    def _begin_anew(self, at: int) -> None:
        """Forget what another court did: after a reroute only the new one counts."""
        self.taken_at = at
        self.arrived_at = self.answered_at = self.signed_at = self.ended_at = None
        self.papers_asked, self.pauses = False, []

    def _act(self, action: Action | None, header: Header, before: Instruction, at: int) -> None:
        match action:
            case Action.SIGN | Action.SIGN_AND_ASSIGN:
                self.signed_at = self.signed_at or at
                self.answered_at = self.answered_at or at
            case Action.ASK_FOR_MATERIAL:
                self.answered_at = self.answered_at or at
                self.papers_asked = True
            case Action.COMPLETE | Action.REPLY:
                self.ended_at, self.under_review = at, action is Action.REPLY
                due = self.limits.end(_CONFIRM_LIMIT, at)
                self.judgements.append(Judgement(before.sender, at, due))
            case Action.RETURN_REPLY:
                self._judge(at, accepted=False)
            case Action.LOG_CALL:
                self.called = True
            case Action.PROPOSE_RETURN | Action.APPROVE_RETURN:
                self.reason = text_fact(header.facts, "reason") or self.reason

    def _judge(self, at: int, *, accepted: bool) -> None:
        """Note that the last report was judged, by whoever had to decide in the end."""
        self.under_review = False
        if not accepted:
            self.ended_at = None
        if self.judgements and self.judgements[-1].answered_at is None:
            self.judgements[-1] = replace(self.judgements[-1], answered_at=at)

    def _leave(self, state: State, at: int) -> None:
        if state is State.SUSPENDED and self.pauses:
            self.pauses[-1] = replace(self.pauses[-1], end=at)
        if state is State.RETURNED and self.returned is not None:
            self.overturned.append(self.returned)
            self.returned = None
        if state in _LEFT:
            self.left_at = None

    def _enter(self, state: State, at: int) -> None:
        match state:
            case State.SUSPENDED:
                self.pauses.append(Pause(at))
            case State.RETURNED:
                self.returned = Return(at, self.reason)
            case State.REWORK | State.CONFIRMED | State.SUPERVISION_DONE:
                self._judge(at, accepted=state is not State.REWORK)
            case _ if state in _LEFT:
                self.left_at = at


def _record(course: _Course, now: Instruction, work: Work, first: Accepted) -> MatterRecord:
    limits = replace(course.limits, urgent=now.urgent)
    start = limits.start(course.taken_at, course.arrived_at, called=course.called)
    pauses = tuple(each for each in course.pauses if course.ended_at is None or each.start < course.ended_at)
    facts = first.header.facts
    return MatterRecord(
        id=now.id,
        number=now.number,
        kind=now.kind,
        work=work,
        sender=now.sender,
        receiver=now.receiver,
        accepted_at=course.taken_at,
        start=start if start is not None else course.signed_at,
        channel=_channel(facts),
        urgent=now.urgent,
        backfilled=facts.get("backfilled") is True,
        arrived_at=course.arrived_at,
        sign_due=None if start is None else limits.end(_SIGN_LIMIT, start),
        answered_at=course.answered_at,
        signed_at=course.signed_at,
        due=binding_due(now.due, pauses),
        pauses=pauses,
        ended_at=course.ended_at,
        under_review=course.under_review,
        papers_asked=course.papers_asked,
        judgements=tuple(course.judgements),
        returned=course.returned,
        overturned=tuple(course.overturned),
        left_at=course.left_at,
        outcomes={number: now.outcomes.get(number, ("", ""))[0] for number in now.items},
    )


def _channel(facts: JsonObject) -> Channel:
    named = text_fact(facts, "channel")
    return Channel(named) if named in Channel.__members__ else Channel.PLATFORM
