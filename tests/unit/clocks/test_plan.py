"""The plan of a kind's clocks is made once, and goes with the rules that it is made of."""

import gc

from tests.unit.ladder.model import RULES

from xiezhi_domain.clocks import plan
from xiezhi_domain.clocks.plan import plan_of
from xiezhi_domain.rulebook import load_rulebook


def test_a_plan_is_made_once() -> None:
    rules = RULES.kind("FIND")
    assert plan_of(rules) is plan_of(rules)


def test_a_plan_is_let_go_with_its_rules() -> None:
    rulebook = load_rulebook(RULES.content)
    key = id(rulebook.kind("FIND"))
    assert plan_of(rulebook.kind("FIND")) is not plan_of(RULES.kind("FIND"))
    assert key in plan._plans
    del rulebook
    gc.collect()
    assert key not in plan._plans
