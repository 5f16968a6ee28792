"""From an accepted history to the record of its matter.

What happened is taken from the ladder's own fold, from the clocks, and from the actions that the pinned rulebook gives
its moves, so that a kind or a move that is added as data is counted without code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from xiezhi_domain.clocks import Accepted, Deadline, Setting, stages_of
from xiezhi_domain.clocks.replay import Stage
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.events.header import Header
from xiezhi_domain.indicators.limits import due_of_work, limit_rounds, pauses_of_work, start_of_work
from xiezhi_domain.indicators.period import ranked_after
from xiezhi_domain.indicators.record import Judgement, MatterRecord, Return, Work
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.ladder.facts import text_fact
from xiezhi_domain.matternumber import TRIAL_MARK
from xiezhi_domain.rulebook import KindRules, Rulebook
from xiezhi_domain.terms import Action, Channel, EventKind, State

_LEFT: Final = frozenset({State.WITHDRAWN, State.STOPPED_AWAITING_REPORT, State.TERMINATED, State.REVOKED})
"""States in which a matter is out of all rates (indicators.md: 撤回 and 终止; 撤销 for 督办)."""


def record_of(
    history: Sequence[Accepted], rulebooks: Mapping[str, Rulebook], setting: Setting
) -> MatterRecord | None:
    """Return the record of a matter from its accepted events in the order of their numbers.

    None for a kind that no figure counts: a superior's order, 移交, 分配; and for a matter of a trial.

    :raises FormatError: the events are no history.
    :raises KeyError: the rulebook that the matter pins is not among *rulebooks*.
    """
    stages = stages_of(history, rulebooks, setting)
    stage = next(stages)
    rules = rulebooks[stage.after.rulebook].rules(stage.after.kind, stage.after.sender, stage.after.receiver)
    work = _work(rules)
    if work is None or TRIAL_MARK in stage.after.number:
        return None
    course = _Course(stage.at)
    for event, after in zip(history[1:], stages, strict=True):
        course.take(event, rules, stage.after, after.after)
        stage = after
    course.settle(limit_rounds(stage.clocks, "confirm"))
    return _record(course, stage, work, history[0])


def _record(course: "_Course", stage: Stage, work: Work, first: Accepted) -> MatterRecord:
    matter, clocks, facts = stage.after, stage.clocks, first.header.facts
    start = start_of_work(clocks, course.arrived_at)
    signs, works = limit_rounds(clocks, "sign"), limit_rounds(clocks, "handle")
    return MatterRecord(
        id=matter.id,
        number=matter.number,
        kind=matter.kind,
        work=work,
        sender=matter.sender,
        receiver=matter.receiver,
        accepted_at=course.taken_at,
        start=start if start is not None else course.signed_at,
        channel=_channel(facts),
        urgent=matter.urgent,
        ranked_from=ranked_after(first.at) if facts.get("backfilled") is True else 0,
        arrived_at=course.arrived_at,
        sign_due=signs[-1].due_at if signs else None,
        answered_at=course.answered_at,
        signed_at=course.signed_at,
        due=due_of_work(works[-1]) if works else matter.due,
        pauses=pauses_of_work(clocks, course.taken_at),
        ended_at=course.ended_at,
        verdict=works[-1].verdict if works and course.ended_at is not None else None,
        under_review=course.under_review,
        papers_asked=course.papers_asked,
        judgements=tuple(course.judgements),
        returned=course.returned,
        overturned=tuple(course.overturned),
        left_at=course.left_at,
        outcomes={number: matter.outcomes.get(number, ("", ""))[0] for number in matter.items},
    )


def _work(rules: KindRules) -> Work | None:
    if rules.moves_for(Action.REPLY):
        return Work.SUPERVISION
    return Work.COOPERATION if rules.moves_for(Action.COMPLETE) else None


@dataclass(slots=True)
class _Course:
    """What has happened so far, as far as figures ask. `taken_at` is when the present receiver was given the matter."""

    taken_at: int
    arrived_at: int | None = None
    answered_at: int | None = None
    signed_at: int | None = None
    ended_at: int | None = None
    under_review: bool = False
    papers_asked: bool = False
    judgements: list[Judgement] = field(default_factory=list)
    reason: str = ""
    returned: Return | None = None
    overturned: list[Return] = field(default_factory=list)
    left_at: int | None = None

    def take(self, event: Accepted, rules: KindRules, before: Instruction, after: Instruction) -> None:
        """Take one more event, which led from *before* to *after*."""
        header, at = event.header, event.at
        if after.receiver != before.receiver:
            self._begin_anew(at)
        if header.kind == EventKind.DELIVERED and self.arrived_at is None:
            self.arrived_at = at
        move = rules.moves.get(header.kind)
        if move is not None:
            self._act(move.action, header, before, at)
        if after.state is not before.state:
            self._leave(before.state)
            self._enter(after.state, at)

    def settle(self, limits: Sequence[Deadline]) -> None:
        """Give each judgement the end of its own round of the sender's clock, as far as the kind has one."""
        ends = [limit.due_at for limit in limits]
        self.judgements = [
            replace(duty, due=due) for duty, due in zip(self.judgements, ends, strict=False)
        ] + self.judgements[len(ends) :]

    def _begin_anew(self, at: int) -> None:
        """Forget what another court did: after a reroute only the new one counts."""
        self.taken_at = at
        self.arrived_at = self.answered_at = self.signed_at = self.ended_at = None
        self.papers_asked = False

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
                self.judgements.append(Judgement(before.sender, at, None))
            case Action.RETURN_REPLY:
                self._judge(at, accepted=False)
            case Action.PROPOSE_RETURN | Action.APPROVE_RETURN:
                self.reason = text_fact(header.facts, "reason") or self.reason

    def _judge(self, at: int, *, accepted: bool) -> None:
        """Note that the last report was judged, by whoever had to decide in the end."""
        self.under_review = False
        if not accepted:
            self.ended_at = None
        if self.judgements and self.judgements[-1].answered_at is None:
            self.judgements[-1] = replace(self.judgements[-1], answered_at=at)

    def _leave(self, state: State) -> None:
        if state is State.RETURNED and self.returned is not None:
            self.overturned.append(self.returned)
            self.returned = None
        if state in _LEFT:
            self.left_at = None

    def _enter(self, state: State, at: int) -> None:
        match state:
            case State.RETURNED:
                self.returned = Return(at, self.reason)
            case State.REWORK | State.CONFIRMED | State.SUPERVISION_DONE:
                self._judge(at, accepted=state is not State.REWORK)
            case _ if state in _LEFT:
                self.left_at = at


def _channel(facts: JsonObject) -> Channel:
    named = text_fact(facts, "channel")
    return Channel(named) if named in Channel.__members__ else Channel.PLATFORM
