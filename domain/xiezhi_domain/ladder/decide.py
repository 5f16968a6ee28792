"""`decide`: whether an event may happen, judged on the history of whoever asks.

The hub asks on its own history and its answer is the ruling; a node asks before it makes an event, so that a user
hears at once what the hub would say. Rules, in the order of the checks:

- a base that was refused refuses what builds on it; a base that nobody knows cannot be judged (protocol §3);
- nothing happens after a final state, and nothing happens before the starting event, which alone has no base, and
  whose facts say nothing but what the rulebook bounds;
- the rulebook's move names the court that may act, the roles, the states, what must have happened before;
- an `exact` move is refused when an event that does not commute came after its base (ADR 0002);
- a completion needs an outcome for every item; items that are named must exist (practice.md §1).
"""

from dataclasses import dataclass
from enum import Enum

from xiezhi_domain.errors import FormatError, InvalidInput, Reason
from xiezhi_domain.events.header import Base, Header
from xiezhi_domain.ladder.facts import IssuedFacts, issued_facts, rejected_items, reported_outcomes, text_fact
from xiezhi_domain.ladder.fold import starting_move
from xiezhi_domain.ladder.instruction import Instruction
from xiezhi_domain.matternumber import MatterNumber
from xiezhi_domain.rulebook.model import KindRules, Move, Rulebook, Side, Unit
from xiezhi_domain.terms import Outcome

_HOUR_MS = 60 * 60 * 1000
_DAY_MS = 24 * _HOUR_MS
_LONGEST_HOLIDAY_DAYS = 15
"""How far a period may be rolled over free days (民诉法 85); the longest holiday so far had ten."""


class Standing(Enum):
    """Where the base of an event stands in the history of whoever judges."""

    HEAD = "the last event, or no event for a first one"
    BEHIND = "accepted, but others came after it"
    REFUSED = "refused"
    UNKNOWN = "never heard of, or another event than the one named"


@dataclass(frozen=True, slots=True)
class Footing:
    """The base of an event as the judge found it: its standing, its real sequence number, what won over it."""

    standing: Standing
    seq: int = 0
    winner: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an event may not happen; `winner` is the id of the event that stands against it, if one does."""

    reason: Reason
    winner: str = ""
    detail: str = ""


def decide(
    before: Instruction | None, header: Header, footing: Footing, rulebook: Rulebook, hub_court: str
) -> Refusal | None:
    """Return why the event *header* may not happen after *before*, or None if it may.

    *footing* tells where its base stands; *hub_court* is the court of the home hub.
    """
    if footing.standing is Standing.REFUSED:
        return Refusal(Reason.BASE_REFUSED, footing.winner)
    if footing.standing is Standing.UNKNOWN:
        return Refusal(Reason.BASE_UNKNOWN)
    try:
        if before is None:
            return _decide_first(header, rulebook)
        return _decide_next(before, header, footing, rulebook, hub_court)
    except FormatError as error:
        return Refusal(Reason.MALFORMED, detail=error.message)


def _decide_first(header: Header, rulebook: Rulebook) -> Refusal | None:
    if header.rulebook != rulebook.hash:
        return Refusal(Reason.RULEBOOK_UNKNOWN)
    facts = issued_facts(header.facts)
    rules = rulebook.kinds.get(facts.kind)
    if rules is None:
        return Refusal(Reason.UNKNOWN_KIND)
    move = starting_move(rules)
    if header.kind != move.kind:
        return Refusal(Reason.WRONG_STATE)
    if header.base != Base():
        return Refusal(Reason.BASE_UNKNOWN)
    if header.sender == header.to:
        return Refusal(Reason.WRONG_COURT)
    return _wrong_role(header, move) or _wrong_order(header, facts, rules)


def _wrong_order(header: Header, facts: IssuedFacts, rules: KindRules) -> Refusal | None:
    if not rules.min_limit_days <= facts.limit_days <= rules.max_limit_days:
        return Refusal(Reason.INVALID_FIELD, detail="limit_days")
    if len(facts.items) > rules.max_items or not rules.acts.issuperset(facts.items.values()):
        return Refusal(Reason.INVALID_FIELD, detail="items")
    if not _is_number(facts.number, header.sender, rules):
        return Refusal(Reason.INVALID_FIELD, detail="number")
    if not _is_due(facts, header.at, rules):
        return Refusal(Reason.INVALID_FIELD, detail="due")
    return None


def _is_number(text: str, sender: str, rules: KindRules) -> bool:
    """Return whether *text* is a number of the sender's series, spelled as numbers are; its year may be the draft's."""
    try:
        number = MatterNumber.parse(text)
    except InvalidInput:
        return False
    return (number.court, number.series) == (sender, rules.number_word) and str(number) == text


def _is_due(facts: IssuedFacts, at: int, rules: KindRules) -> bool:
    """Return whether the deadline can follow from the period that is said.

    Which days are free is the sender's calendar to know; no calendar shortens a period.
    """
    limit = rules.limits["handle"]
    if facts.urgent and limit.urgent_unit is Unit.HOURS:
        return facts.due == at + limit.urgent_amount * _HOUR_MS
    earliest = at + facts.limit_days * _DAY_MS
    return earliest <= facts.due <= earliest + (1 + _LONGEST_HOLIDAY_DAYS) * _DAY_MS


def _decide_next(
    before: Instruction, header: Header, footing: Footing, rulebook: Rulebook, hub_court: str
) -> Refusal | None:
    rules = rulebook.kind(before.kind)
    move = rules.moves.get(header.kind)
    if move is None or move.starts:
        return Refusal(Reason.WRONG_STATE, before.binding.id)
    if not header.base.id:
        return Refusal(Reason.BASE_UNKNOWN)
    return (
        _wrong_court(before, header, move, hub_court)
        or _wrong_role(header, move)
        or _wrong_state(before, move, footing)
        or _wrong_facts(header, rules)
        or _wrong_items(before, header, move)
    )


_FACTS = frozenset({"role", "reason", "outcomes", "rejections"})


def _wrong_facts(header: Header, rules: KindRules) -> Refusal | None:
    """Refuse facts that the rulebook does not know: what people write belongs into the body, which can be erased."""
    if not header.facts.keys() <= _FACTS:
        return Refusal(Reason.MALFORMED, detail="事件头含有未定义的事实项")
    if not all(isinstance(header.facts.get(name, ""), str) for name in ("role", "reason")):
        return Refusal(Reason.MALFORMED, detail="岗位、原因应为文本")
    outcomes = {reason for _, reason in reported_outcomes(header.facts).values() if reason}
    rejections = set(rejected_items(header.facts).values())
    reason = text_fact(header.facts, "reason")
    if not (outcomes <= rules.item_reasons.keys() and rejections <= rules.rejection_reasons.keys()):
        return Refusal(Reason.INVALID_FIELD, detail="reason")
    if reason and reason not in rules.return_reasons:
        return Refusal(Reason.INVALID_FIELD, detail="reason")
    return None


def _wrong_court(before: Instruction, header: Header, move: Move, hub_court: str) -> Refusal | None:
    parties = (before.sender, before.receiver)
    courts = {
        Side.SENDER: before.sender,
        Side.RECEIVER: before.receiver,
        Side.SUPERIOR: hub_court,
        Side.HUB: hub_court,
    }
    if not any(courts[side] == header.sender for side in move.sides):
        return Refusal(Reason.WRONG_COURT)
    if header.to not in parties or (header.sender in parties and header.to == header.sender):
        return Refusal(Reason.WRONG_COURT)
    return None


def _wrong_role(header: Header, move: Move) -> Refusal | None:
    role = text_fact(header.facts, "role")
    if (role in move.roles) if move.roles else not role:
        return None
    return Refusal(Reason.WRONG_ROLE, detail=role)


def _wrong_state(before: Instruction, move: Move, footing: Footing) -> Refusal | None:
    binding = before.binding
    if before.state not in move.origins:
        return Refusal(Reason.WRONG_STATE, binding.id)
    if move.exact and binding.seq > footing.seq:
        return Refusal(Reason.STALE_BASE, binding.id)
    if not move.after <= before.times.keys():
        return Refusal(Reason.WRONG_STATE, detail="after")
    return None


def _wrong_items(before: Instruction, header: Header, move: Move) -> Refusal | None:
    reported = reported_outcomes(header.facts)
    rejected = rejected_items(header.facts)
    if (reported and not move.reports) or (rejected and not move.rejects):
        return Refusal(Reason.INVALID_FIELD, detail="items")
    if not before.items.keys() >= reported.keys() | rejected.keys():
        return Refusal(Reason.INVALID_FIELD, detail="items")
    if any(outcome == Outcome.NOT_DONE and not reason for outcome, reason in reported.values()):
        return Refusal(Reason.INVALID_FIELD, detail="reason")
    if move.rejects and not rejected:
        return Refusal(Reason.INVALID_FIELD, detail="rejections")
    if move.completes and before.items.keys() - before.outcomes.keys() - reported.keys():
        return Refusal(Reason.OUTCOMES_MISSING)
    return None
