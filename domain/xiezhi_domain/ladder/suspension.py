"""How long a suspension may last, where the law bounds it.

That is 暂缓执行 by a superior's decision (执行规定 第77条), or on a guarantee (执行担保规定 第10条).
"""

from typing import cast

from xiezhi_domain.calendar import WorkingCalendar
from xiezhi_domain.errors import Reason
from xiezhi_domain.events.header import Header
from xiezhi_domain.ladder.facts import text_fact
from xiezhi_domain.ladder.instruction import Instruction
from xiezhi_domain.ladder.periods import add_period
from xiezhi_domain.ladder.refusal import Refusal
from xiezhi_domain.rulebook.model import KindRules, Move, Side


def wrong_until(
    before: Instruction,
    header: Header,
    move: Move,
    rules: KindRules,
    hub_court: str,
    calendar: WorkingCalendar,
) -> Refusal | None:
    """Refuse an end that lacks, does not belong to the reason, or lies beyond what the rulebook allows."""
    until = cast("int", header.facts.get("until", 0))
    if not move.lengthens and text_fact(header.facts, "reason") not in move.until_for:
        text = "只有暂缓执行写明期限届满之日"
        return Refusal(Reason.INVALID_FIELD, detail="until", text=text) if until else None
    if move.lengthens and not before.suspended_until:
        return Refusal(Reason.WRONG_STATE, detail="until", text="没有期限的暂停不需延长")
    if not until:
        return Refusal(Reason.INVALID_FIELD, detail="until", text="请写明暂缓执行届满之日")
    limit = rules.limits[move.lasts[_side(before, header.sender, move, hub_court)]]
    start = before.suspended_until if move.lengthens else header.at
    source = limit.citation.source
    if until <= start:
        text = "届满之日应晚于原届满之日" if move.lengthens else "届满之日应晚于今天"
        return Refusal(Reason.INVALID_FIELD, detail="until", text=text, source=source)
    amount, unit = limit.period(urgent=False)
    if until > add_period(start, amount, unit, calendar):
        text = f"超过{limit.title}"
        return Refusal(Reason.TOO_LATE, detail="until", text=text, source=source)
    return None


def _side(before: Instruction, court: str, move: Move, hub_court: str) -> Side:
    """Return the side in which *court* suspends: in a matter of its own the superior is a party like others."""
    if court == before.sender and Side.SENDER in move.lasts:
        return Side.SENDER
    return Side.SUPERIOR if court == hub_court and Side.SUPERIOR in move.lasts else Side.RECEIVER
