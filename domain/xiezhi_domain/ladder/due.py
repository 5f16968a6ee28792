"""Bounds of the end of a period that a header states.

Which days are free is the acting court's calendar to know; no calendar shortens a period, and none makes it longer
than the longest holiday.
"""

from typing import cast

from xiezhi_domain.errors import Reason
from xiezhi_domain.events.header import Header
from xiezhi_domain.ladder.instruction import Instruction
from xiezhi_domain.ladder.periods import HOUR_MS
from xiezhi_domain.ladder.refusal import Refusal
from xiezhi_domain.rulebook.model import KindRules, Limit, Move, NewDue, Unit

DAY_MS = 24 * HOUR_MS
_LONGEST_HOLIDAY_DAYS = 15
"""How far a period may be rolled over free days (民诉法 85); the longest holiday so far had ten."""
_SLACK_MS = (1 + _LONGEST_HOLIDAY_DAYS) * DAY_MS


def is_due(due: int, at: int, days: int, limit: Limit, *, urgent: bool) -> bool:
    """Return whether *due* can follow from a period of *days* that begins at *at*."""
    if urgent and limit.urgent_unit is Unit.HOURS:
        return due == at + limit.urgent_amount * HOUR_MS
    earliest = at + days * DAY_MS
    return earliest <= due <= earliest + _SLACK_MS


def wrong_due(before: Instruction, header: Header, move: Move, rules: KindRules) -> Refusal | None:
    """Refuse an end of the period that *move* cannot lead to."""
    if move.due is None or "due" not in header.facts:
        return None
    due = cast("int", header.facts["due"])
    if move.due is NewDue.AFRESH:
        urgent = before.urgent and not move.makes_ordinary
        right = is_due(due, header.at, before.limit_days, rules.limits["handle"], urgent=urgent)
    else:
        earliest, latest = _bounds(before, header.at, move.due, rules)
        right = earliest <= due <= latest
    return None if right else Refusal(Reason.INVALID_FIELD, detail="due")


def _bounds(before: Instruction, at: int, rule: NewDue, rules: KindRules) -> tuple[int, int]:
    if rule is NewDue.EXTEND:
        longest = before.due + rules.limits["extension"].amount * DAY_MS + _SLACK_MS
        return before.due + 1, min(before.asked_due, longest)
    if rule is NewDue.PAUSE:
        paused = max(0, at - before.suspended_since)
        return before.due, before.due + paused + _SLACK_MS
    if rule is NewDue.ORDERED:
        return at + DAY_MS, at + rules.limits["ordered"].amount * DAY_MS + _SLACK_MS
    redo = at + rules.limits["redo"].amount * DAY_MS + _SLACK_MS
    return before.due, max(before.due, redo)
