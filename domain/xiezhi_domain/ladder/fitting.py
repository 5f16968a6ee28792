"""Facts and addressee as a person could enter them, so that only what he cannot change stands against a move.

A form asks `decide` with them whether an action is worth offering.
"""

from typing import Final

from xiezhi_domain.court_time import to_date
from xiezhi_domain.events.canonical_json import JsonObject, JsonValue
from xiezhi_domain.ladder.due import DAY_MS
from xiezhi_domain.ladder.instruction import Instruction
from xiezhi_domain.ladder.periods import HOUR_MS
from xiezhi_domain.rulebook.model import FactRule, FactType, KindRules, Move, NewDue, Unit
from xiezhi_domain.terms import Act, Outcome, PaperType

_NO_PARTY: Final = "最高法"
"""Stands for the court that a person will name: no court of a hub's area."""
_NO_ID: Final = "00000000-0000-0000-0000-000000000000"


def fitting_addressee(move: Move, matter: Instruction, court: str) -> str:
    """Return a court that *move* of *court* may be addressed to."""
    if move.changes is not None:
        return _NO_PARTY
    return matter.receiver if court == matter.sender else matter.sender


def fitting_facts(move: Move, matter: Instruction, rules: KindRules, at: int) -> JsonObject:
    """Return facts with which *move* would do at *at* (ms), without the role."""
    facts: JsonObject = {}
    if move.completes:
        outcome = Outcome.NOT_NEEDED if move.done_before else Outcome.DONE
        facts["outcomes"] = [[number, str(outcome), ""] for number in matter.items]
    if move.rejects:
        facts["rejections"] = [[number, next(iter(rules.rejection_reasons))] for number in matter.items]
    if move.completes and rules.feedback:
        acts = dict.fromkeys(matter.items, (Outcome.DONE, ""))
        facts["papers"] = {str(paper): 1 for paper, _ in rules.missing_feedback(matter.items, acts, ())}
    for rule in move.facts:
        if rule.required:
            told = matter.told.get(move.same.get(rule.name, ""))
            facts[rule.name] = _fact(rule, move, matter, rules, at) if told is None else told
    return facts


def _fact(rule: FactRule, move: Move, matter: Instruction, rules: KindRules, at: int) -> JsonValue:
    match rule.type:
        case FactType.CODE:
            return min(rule.codes - move.after_for.keys() - move.until_for)
        case FactType.TIME:
            if rule.name == "until":
                return matter.suspended_until + DAY_MS
            return _due(move, matter, rules, at) if rule.name == "due" else at
        case FactType.COURT:
            return _NO_PARTY
        case FactType.PAPERS:
            acts = frozenset(Act(act) for act in matter.items.values())
            asked = [paper for paper, _ in rules.missing_papers(acts, frozenset())]
            return {str(paper): 1 for paper in asked or [PaperType.ENTRUSTMENT_LETTER]}
        case FactType.ID:
            return _NO_ID
        case FactType.FLAG:
            return True
        case FactType.COUNT:
            return _sum(rule, move, matter)
        case FactType.DAY:
            return _day(rule, move, rules, at)
        case _:
            return []


def _sum(rule: FactRule, move: Move, matter: Instruction) -> int:
    """Return a sum. Where sums have to make up another, the last of them is all of it."""
    counts = {each.name for each in move.facts if each.type is FactType.COUNT}
    for total, parts in move.balances.items():
        if rule.name == next((part for part in reversed(parts) if part in counts), total):
            told = matter.told.get(move.same.get(total, ""), 0)
            return told if isinstance(told, int) else 0
    return 0 if move.balances else 1


def _day(rule: FactRule, move: Move, rules: KindRules, at: int) -> str:
    limit = move.beyond.get(rule.name)
    return str(to_date(at + (rules.limits[limit].amount * DAY_MS if limit else 0)))


def _due(move: Move, matter: Instruction, rules: KindRules, at: int) -> int:
    if move.due is NewDue.EXTEND:
        return min(matter.asked_due, matter.due + rules.limits["extension"].amount * DAY_MS)
    if move.due is NewDue.AFRESH:
        handle = rules.limits["handle"]
        if matter.urgent and not move.makes_ordinary and handle.urgent_unit is Unit.HOURS:
            return at + handle.urgent_amount * HOUR_MS
        return at + matter.limit_days * DAY_MS
    if move.due is NewDue.ORDERED:
        return at + rules.limits["ordered"].amount * DAY_MS
    return matter.due if move.due is not None else matter.due + DAY_MS
