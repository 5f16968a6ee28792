"""`decide`: whether an event may happen, judged on the history of whoever asks.

The hub asks on its own history and its answer is the ruling; a node asks before it makes an event, so that a user
hears at once what the hub would say. Rules, in the order of the checks:

- a base that was refused refuses what builds on it; a base that nobody knows cannot be judged (protocol §3);
- nothing happens before the starting event, which alone has no base (`order`), and after a final state only what the
  rulebook allows there;
- the rulebook's move names the court that may act, the roles, the states, what must have happened before;
- an `exact` move is refused when an event that does not commute came after its base (ADR 0002);
- facts are those of the move and nothing else: what people write belongs into the body, which can be erased;
- a completion needs an outcome for every item and the papers that prove it (practice.md §1, §10);
- windows, gaps, overlays and new deadlines (`conditions`).
"""

from dataclasses import dataclass
from enum import Enum

from xiezhi_domain.calendar import WorkingCalendar
from xiezhi_domain.errors import FormatError, Reason
from xiezhi_domain.events.header import Header
from xiezhi_domain.ladder.conditions import missing, not_after, unmet
from xiezhi_domain.ladder.facts import check_facts, item_sums, rejected_items, reported_outcomes, text_fact
from xiezhi_domain.ladder.instruction import Instruction
from xiezhi_domain.ladder.order import decide_first
from xiezhi_domain.ladder.refusal import Refusal, not_on_the_ladder
from xiezhi_domain.rulebook.model import KindRules, Move, Party, Rulebook, Side
from xiezhi_domain.terms import Outcome


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


def decide(
    before: Instruction | None,
    header: Header,
    footing: Footing,
    rulebook: Rulebook,
    hub_court: str,
    calendar: WorkingCalendar,
) -> Refusal | None:
    """Return why the event *header* may not happen after *before*, or None if it may.

    *footing* tells where its base stands; *hub_court* is the court of the home hub, the common superior. Windows are
    counted on *calendar*, the one in force for the judge.
    """
    if footing.standing is Standing.REFUSED:
        return Refusal(Reason.BASE_REFUSED, footing.winner)
    if footing.standing is Standing.UNKNOWN:
        return Refusal(Reason.BASE_UNKNOWN)
    try:
        if before is None:
            return decide_first(header, rulebook, hub_court)
        return _decide_next(before, header, footing, rulebook, hub_court, calendar)
    except FormatError as error:
        return Refusal(Reason.MALFORMED, detail=error.message)


def _decide_next(
    before: Instruction,
    header: Header,
    footing: Footing,
    rulebook: Rulebook,
    hub_court: str,
    calendar: WorkingCalendar,
) -> Refusal | None:
    rules = rulebook.rules(before.kind, before.sender, before.receiver)
    move = rules.moves.get(header.kind)
    if move is None:
        return not_on_the_ladder(rules, header.kind, before.binding.id)
    if move.starts:
        return Refusal(Reason.WRONG_STATE, before.binding.id)
    if not header.base.id:
        return Refusal(Reason.BASE_UNKNOWN)
    refused = (
        _wrong_court(before, header, move, hub_court)
        or wrong_role(header, move)
        or _wrong_state(before, move, footing)
        or check_facts(header.facts, move)
        or (_wrong_items(before, header, move, rules) if move.reports or move.rejects else None)
    )
    if refused is None and not move.is_plain:
        refused = unmet(before, header, move, rules, hub_court, calendar)
    return refused and refused.under(move.citation)


def _wrong_court(before: Instruction, header: Header, move: Move, hub_court: str) -> Refusal | None:
    acting, to = header.sender, header.to
    sides = move.sides
    allowed = (
        (acting == before.sender and Side.SENDER in sides)
        or (acting == before.receiver and Side.RECEIVER in sides)
        or (acting == hub_court and (Side.SUPERIOR in sides or Side.HUB in sides))
    )
    is_party = to in (before.sender, before.receiver)
    if move.changes is None:
        fits = is_party and to != acting
    else:
        # Only the common superior puts another court in a party's place; a case that it elevates becomes its own.
        fits = acting == hub_court and not is_party and (to != acting or move.changes is Party.SENDER)
    return None if allowed and fits else Refusal(Reason.WRONG_COURT)


def wrong_role(header: Header, move: Move) -> Refusal | None:
    """Refuse a role that may not make *move*, and any where a machine makes it."""
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
        return not_after(min(move.after - before.times.keys()))
    return None


def _wrong_items(before: Instruction, header: Header, move: Move, rules: KindRules) -> Refusal | None:
    reported = reported_outcomes(header.facts)
    rejected = rejected_items(header.facts)
    controlled = item_sums(header.facts, "controlled")
    if not before.items.keys() >= reported.keys() | rejected.keys() | controlled.keys():
        return Refusal(Reason.INVALID_FIELD, detail="items")
    for outcome, reason in reported.values():
        if reason not in rules.item_reasons if reason else outcome == Outcome.NOT_DONE:
            return Refusal(Reason.INVALID_FIELD, detail="reason")
    if any(reason not in rules.rejection_reasons for reason in rejected.values()):
        return Refusal(Reason.INVALID_FIELD, detail="reason")
    if move.rejects and not rejected:
        return Refusal(Reason.INVALID_FIELD, detail="rejections")
    if not move.completes:
        return None
    if before.items.keys() - before.outcomes.keys() - reported.keys():
        return Refusal(Reason.OUTCOMES_MISSING)
    return _wrong_proof(before, header, reported, rules) if rules.feedback else None


def _wrong_proof(
    before: Instruction, header: Header, reported: dict[int, tuple[str, str]], rules: KindRules
) -> Refusal | None:
    """Refuse a completion without the feedback papers of what was done (practice.md §10)."""
    papers = header.facts.get("papers", {})
    assert isinstance(papers, dict), "checked with the other facts"
    present = [paper for paper, count in papers.items() if count]
    return missing(rules.missing_feedback(before.items, {**before.outcomes, **reported}, present))
