"""`fold`: what an event does to an instruction. Only accepted events, and a court's own pending ones, are folded."""

from msgspec.structs import replace

from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.header import Header
from xiezhi_domain.ladder.effects import with_effects
from xiezhi_domain.ladder.facts import issued_facts, item_sums, rejected_items, reported_outcomes
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
        return replace(before, head=step, times=times)
    if move.reports or move.rejects:
        before = _with_results(before, header, move)
    state, resume = _state_after(before, move)
    after = replace(
        before,
        state=state,
        head=step,
        binding=before.binding if move.commutes else step,
        times=times,
        resume=resume,
    )
    return after if move.is_plain else with_effects(after, header, move, at)


def _with_results(before: Instruction, header: Header, move: Move) -> Instruction:
    """Return the instruction with what a report states of its items, or without what a rejection takes back."""
    facts = header.facts
    if not move.rejects:
        outcomes = {**before.outcomes, **reported_outcomes(facts)}
        if "controlled" not in facts:
            return replace(before, outcomes=outcomes)
        return replace(
            before, outcomes=outcomes, controlled={**before.controlled, **item_sums(facts, "controlled")}
        )
    rejected = rejected_items(facts)
    return replace(
        before,
        outcomes={number: told for number, told in before.outcomes.items() if number not in rejected},
        controlled={number: fen for number, fen in before.controlled.items() if number not in rejected},
        reworks=before.reworks + 1,
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
        open={name: at for flag, name in start.opens_for.items() if facts.more.get(flag) is True},
        ordered=facts.ordered,
        phone_first=facts.phone_first,
        oral_consent=facts.oral_consent,
    )


def starting_move(rules: KindRules) -> Move:
    """Return the move with which every matter of the kind begins."""
    return rules.start


def _state_after(before: Instruction, move: Move) -> tuple[State, str]:
    """Return the state after *move*, and the stack of states to be taken up again."""
    if move.resumes:
        left, _, beneath = before.resume.partition(" ")
        return (State(left) if left else before.state), beneath
    if move.remembers:
        return move.to or before.state, f"{before.state} {before.resume}".rstrip()
    return move.to or before.state, before.resume
