"""The first event of a matter: an order that the rulebook bounds."""

from typing import Final

from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import Reason
from xiezhi_domain.events.header import Base, Header
from xiezhi_domain.handover.grounds import failing
from xiezhi_domain.handover.register import register_of
from xiezhi_domain.ladder.conditions import missing
from xiezhi_domain.ladder.delegable import wrong_delegation
from xiezhi_domain.ladder.due import is_due
from xiezhi_domain.ladder.facts import IssuedFacts, issued_facts, text_fact
from xiezhi_domain.ladder.refusal import Refusal
from xiezhi_domain.matternumber import TRIAL, MatterNumber
from xiezhi_domain.rulebook.model import KindRules, Rulebook, Side
from xiezhi_domain.terms import Act, PaperType

_OF_GROUNDS: Final = frozenset({"basis", "dates", "seizures"})


def decide_first(header: Header, rulebook: Rulebook, hub_court: str) -> Refusal | None:
    """Return why the matter that *header* begins may not, or None if it may."""
    if header.rulebook != rulebook.hash:
        return Refusal(Reason.RULEBOOK_UNKNOWN)
    facts = issued_facts(header.facts)
    if facts.kind not in rulebook.kinds:
        return Refusal(Reason.UNKNOWN_KIND)
    rules = rulebook.rules(facts.kind, header.sender, header.to)
    start = rules.start
    if header.kind != start.kind:
        return Refusal(Reason.WRONG_STATE)
    if header.base != Base():
        return Refusal(Reason.BASE_UNKNOWN)
    # A superior's orders come from the common superior itself, whose hub is the home of the matter.
    if header.sender == header.to or (Side.SENDER not in start.sides and header.sender != hub_court):
        return Refusal(Reason.WRONG_COURT, source=start.citation.source)
    if text_fact(header.facts, "role") not in start.roles:
        return Refusal(Reason.WRONG_ROLE, source=start.citation.source)
    refused = (
        _wrong_order(header, facts, rules)
        or wrong_delegation(header, facts, rules)
        or _wrong_ground(header, facts, rules)
        or _wrong_papers(facts, rules)
    )
    return refused and refused.under(start.citation)


def _wrong_order(header: Header, facts: IssuedFacts, rules: KindRules) -> Refusal | None:
    if not rules.min_limit_days <= facts.limit_days <= rules.max_limit_days:
        return Refusal(
            Reason.INVALID_FIELD, detail="limit_days", source=rules.limits["handle"].citation.source
        )
    if len(facts.items) > rules.max_items or not rules.acts.issuperset(facts.items.values()):
        return Refusal(Reason.INVALID_FIELD, detail="items")
    if not facts.items and rules.max_items:
        return Refusal(Reason.MALFORMED, detail="委托事件缺少必要的事实项")
    if not _is_number(facts.number, header.sender, rules):
        return Refusal(Reason.INVALID_FIELD, detail="number")
    if not is_due(facts.due, header.at, facts.limit_days, rules.limits["handle"], urgent=facts.urgent):
        return Refusal(Reason.INVALID_FIELD, detail="due")
    if (facts.more or facts.urgent or "about" in rules.reasons) and (name := _wrong_extra(facts, rules)):
        return Refusal(Reason.INVALID_FIELD, detail=name)
    return None


def _wrong_extra(facts: IssuedFacts, rules: KindRules) -> str:
    """Return which of the facts that only some orders have does not fit; empty if all do."""
    if not facts.ordered.keys() <= facts.items.keys():
        return "ordered"
    if facts.phone_first and not (
        facts.urgent and rules.phone_first_acts and rules.phone_first_acts.issuperset(facts.items.values())
    ):
        return "phone_first"
    if facts.oral_consent and not (
        facts.urgent and rules.is_approved and "oral_consent" in rules.start.opens_for
    ):
        return "oral_consent"
    for name, table, asked in (("urgent_reason", "urgency", facts.urgent), ("about", "about", True)):
        codes = rules.reasons.get(table, {})
        if (facts.more[name] not in codes) if name in facts.more else (asked and codes):
            return name
    return ""


def _wrong_ground(header: Header, facts: IssuedFacts, rules: KindRules) -> Refusal | None:
    """Refuse an order whose legal ground does not hold, naming the article of the test that fails."""
    if not rules.grounds:
        return Refusal(Reason.INVALID_FIELD, detail="basis") if facts.more.keys() & _OF_GROUNDS else None
    ground = rules.grounds.get(text_fact(facts.more, "basis"))
    if ground is None or not ground.is_open_to(header.sender, header.to):
        return Refusal(Reason.INVALID_FIELD, detail="basis")
    stated = facts.more.get("dates", {})
    dates = {code: str(day) for code, day in stated.items()} if isinstance(stated, dict) else {}
    if not dates.keys() <= rules.reasons["dates"].keys():
        return Refusal(Reason.INVALID_FIELD, detail="dates")
    register = register_of([(header.kind, facts.more)])
    for test in failing(ground, dates, register, header.sender, to_date(header.at)):
        text = f"不符合“{ground.title}”的条件：{test.title}"
        return Refusal(Reason.WRONG_STATE, detail=test.code, text=text, source=test.citation.source)
    first = register.first(str(to_date(header.at)))
    if first is None or first.stated.court != header.to:
        return Refusal(Reason.INVALID_FIELD, detail="seizures", text="应向首先查封法院商请，请核对查封情况")
    return None


def _wrong_papers(facts: IssuedFacts, rules: KindRules) -> Refusal | None:
    if not rules.complete_papers or facts.phone_first:
        return None
    acts = frozenset(Act(act) for act in facts.items.values())
    present = frozenset(PaperType(paper) for paper, count in facts.papers.items() if count)
    return missing(rules.missing_papers(acts, present))


def _is_number(text: str, sender: str, rules: KindRules) -> bool:
    """Return whether *text* is a number of the sender's series, spelled as numbers are; its year may be the draft's."""
    number = MatterNumber.written(text)
    return number is not None and number.court == sender and number.series in (rules.number_word, TRIAL)
