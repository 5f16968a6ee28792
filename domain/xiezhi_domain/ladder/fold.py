"""`fold`: what an event does to an instruction. Only accepted events, and a court's own pending ones, are folded."""

from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.header import Header
from xiezhi_domain.ladder.facts import issued_facts, rejected_items, reported_outcomes
from xiezhi_domain.ladder.instruction import Instruction, Step
from xiezhi_domain.rulebook.model import KindRules, Move, Rulebook
from xiezhi_domain.terms import State


def fold(before: Instruction | None, header: Header, step: Step, at: int, rulebook: Rulebook) -> Instruction:
    """Return the instruction after the event *header* that became *step* of its history at *at* (ms).

    A kind of event that the pinned rulebook does not know changes nothing but the head (protocol §10).

    :raises FormatError: the history does not begin with an event that starts a matter; malformed facts.
    """
    if before is None:
        return _begin(header, step, at, rulebook)
    rules = rulebook.kind(before.kind)
    move = rules.moves.get(header.kind)
    times = {**before.times, header.kind: at}
    if move is None:
        return before._replace(head=step, times=times)
    outcomes = before.outcomes
    if move.reports:
        outcomes = {**outcomes, **reported_outcomes(header.facts)}
    if move.rejects:
        rejected = rejected_items(header.facts)
        outcomes = {number: outcome for number, outcome in outcomes.items() if number not in rejected}
    return before._replace(
        state=_state_after(before, move),
        head=step,
        binding=before.binding if move.commutes else step,
        outcomes=outcomes,
        times=times,
        resume=before.state if move.remembers else ("" if move.resumes else before.resume),
        reworks=before.reworks + move.rejects,
    )


def _begin(header: Header, step: Step, at: int, rulebook: Rulebook) -> Instruction:
    facts = issued_facts(header.facts)
    start = rulebook.kind(facts.kind).moves.get(header.kind)
    if start is None or not start.starts or start.to is None:
        raise FormatError(f"事项不能以 {header.kind} 开始")
    return Instruction(
        id=header.instruction,
        kind=facts.kind,
        number=facts.number,
        sender=header.sender,
        receiver=header.to,
        hub=header.hub,
        rulebook=header.rulebook,
        lane=facts.lane,
        urgent=facts.urgent,
        limit_days=facts.limit_days,
        due=facts.due,
        items=facts.items,
        state=start.to,
        head=step,
        binding=step,
        times={header.kind: at},
    )


def starting_move(rules: KindRules) -> Move:
    """Return the move with which every matter of the kind begins."""
    return next(move for move in rules.moves.values() if move.starts)


def _state_after(before: Instruction, move: Move) -> State:
    if move.resumes and before.resume:
        return State(before.resume)
    return move.to or before.state
