"""Orders of every shipped kind, and moves as their rulebook lets a court fill them in."""

from tests.unit.ladder.model import HUB_COURT, RULES, Court

from xiezhi_domain.court_time import to_date
from xiezhi_domain.events.header import Header
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.ladder.fitting import fitting_facts
from xiezhi_domain.rulebook import FactType, KindRules, Move, Rulebook, Side
from xiezhi_domain.rulebook.grounds import FIRST_SEIZED

DAY = 86_400_000
COURTS = ["苏0591", "苏0508", "苏0509"]
SUMS = {1: 1_000_000_00, 2: 33}


def issued_facts(kind: str, sender: str, at: int, **more: object) -> dict:
    """Facts of an order of a shipped *kind* with two items, complete papers and a period of the usual length."""
    return facts_of_order(RULES.kind(kind), sender, at, **more)


def facts_of_order(rules: KindRules, sender: str, at: int, **more: object) -> dict:
    """Facts of such an order under *rules*."""
    acts = sorted(rules.acts)
    items = [[number, str(acts[number % len(acts)])] for number in (1, 2)] if rules.max_items else []
    asked = {str(paper): 1 for rule in rules.papers for paper in rule.papers}
    days = rules.limits["handle"].amount
    return {
        "kind": rules.kind,
        "number": f"{sender}{rules.number_word}〔2026〕1187号",
        "lane": 2,
        "urgent": False,
        "limit_days": days,
        "due": at + days * DAY,
        "items": items,
        "papers": asked,
        "documents": len(asked),
        "role": min(rules.start.roles),
        **({"about": min(rules.reasons["about"])} if "about" in rules.reasons else {}),
        **more,
    }


def grounds_of(rules: KindRules, sender: str, receiver: str, at: int) -> dict:
    """Facts with which the first legal ground of a kind holds, where it has any."""
    if not rules.grounds:
        return {}
    ground, today = next(iter(rules.grounds.values())), str(to_date(at))
    days = (str(to_date(at - 400 * DAY)), str(to_date(at + 2_000 * DAY)))
    return {
        "basis": ground.code,
        "dates": {code: today for test in ground.tests for code in test.dates if code != FIRST_SEIZED},
        "seizures": [[1, receiver, "PRESERVATION", *days], [2, sender, "ENFORCEMENT", *days]],
    }


def can_act(move: Move, view: Instruction, court: str) -> bool:
    """Whether the move is that of a side on which *court* stands."""
    sides = {Side.SENDER: view.sender, Side.RECEIVER: view.receiver}
    return any(sides.get(side, HUB_COURT) == court for side in move.sides)


def content_of(
    view: Instruction, court: str, move: Move, now: int, rulebook: Rulebook = RULES
) -> tuple[str, dict]:
    """Addressee and facts of *move* as *court* would fill them in at *now* (ms)."""
    rules = rulebook.rules(view.kind, view.sender, view.receiver)
    facts = fitting_facts(move, view, rules, now)
    for rule in move.facts:
        if rule.type is FactType.COURT:
            facts[rule.name] = COURTS[0]
    if move.until_for:
        facts |= {"reason": min(move.until_for), "until": now + DAY}
    if move.roles:
        facts["role"] = min(move.roles)
    if move.reports and view.ordered:
        facts["controlled"] = [[number, sum_] for number, sum_ in view.ordered.items()]
    third = next(name for name in COURTS if name not in (view.sender, view.receiver))
    return third if move.changes else view.other_court(court), facts


def filled_in(court: Court, matter: str, move: Move) -> Header:
    """The header of *move* as *court* would make it on what it sees now."""
    to, facts = content_of(court.view(matter), court.name, move, court.clock.now)
    return court.draft(matter, move.kind, to, facts)
