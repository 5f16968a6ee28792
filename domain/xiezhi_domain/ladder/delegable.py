"""Between which courts a whole case may be delegated, and with which seizures (法释〔2011〕11号 第1条、第3条、第6条).

Both are data of the kind: `within_province`, `same_level`, the limit `renew_first`.
"""

from typing import Final

from xiezhi_domain.case_delegation.seizures import needs_renewal
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import Reason
from xiezhi_domain.events.header import Header
from xiezhi_domain.ladder.facts import IssuedFacts, item_sums
from xiezhi_domain.ladder.refusal import Refusal
from xiezhi_domain.rulebook.model import KindRules

RENEW_FIRST: Final = "renew_first"
"""The limit that a seizure must at least still last when it is handed over."""
USE_ANOTHER_WAY: Final = "省内请用事项委托或报请指定执行"
SAME_LEVEL: Final = "应委托给同级法院"


def wrong_courts(sender: str, receiver: str, rules: KindRules) -> str:
    """Return why a matter under *rules* may not go from *sender* to *receiver*, in Chinese; empty if it may.

    The level of a court shows in the length of its code (法〔2015〕137号 第4条、第5条).
    """
    if not rules.within_province and sender[0] == receiver[0]:
        return USE_ANOTHER_WAY
    return SAME_LEVEL if rules.same_level and len(sender) != len(receiver) else ""


def wrong_delegation(header: Header, facts: IssuedFacts, rules: KindRules) -> Refusal | None:
    """Refuse an order between the wrong courts, or one that hands over what has to be renewed first."""
    if text := wrong_courts(header.sender, header.to, rules):
        return Refusal(Reason.WRONG_COURT, detail="receiver", text=text)
    if "ranks" not in facts.more and "expiries" not in facts.more:
        return None
    ranks, expiries = item_sums(facts.more, "ranks"), item_sums(facts.more, "expiries")
    limit = rules.limits.get(RENEW_FIRST)
    if limit is None or ranks.keys() != expiries.keys() or not all(ranks.values()):
        return Refusal(Reason.INVALID_FIELD, detail="ranks")
    short = [
        number
        for number, at in expiries.items()
        if needs_renewal(to_date(at), to_date(header.at), limit.amount)
    ]
    if not short:
        return None
    numbers = "、".join(map(str, short))
    text = f"序号 {numbers} 的查封剩余期限不足{limit.amount}个月，应先续行查封再移交"
    return Refusal(Reason.INVALID_FIELD, detail="expiries", text=text, source=limit.citation.source)
