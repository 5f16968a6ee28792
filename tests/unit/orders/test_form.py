"""Whom an order goes to, what it lacks, and what is no order at all."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.orders.form import Force, Order, OrderedCase, Part, gaps, moves_cases, slips
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import Kind

KINDS = shipped_rulebook().kinds
SUPERIOR = "苏05"
COURTS = ["苏0505", "苏0508", "苏0591"]
MOVING = ["ORDER_INSTRUCT", "ORDER_DESIGNATE", "ORDER_ELEVATE", "ORDER_CROSS", "ORDER_CONCENTRATE"]
DAY = date(2026, 11, 22)

cases = st.builds(
    OrderedCase,
    court=st.sampled_from(COURTS),
    number=st.integers(1, 10**6).map("（2026）苏0505执{}号".format),
    claim=st.integers(1, 10**13),
    recovered=st.just(0),
)


def an_order(kind: str, *, new_court: str = "", claim: int = 100, recovered: int = 40) -> Order:
    case = OrderedCase("苏0505", "（2026）苏0505执1号", claim, recovered)
    return Order(kind, SUPERIOR, (case,), new_court)


@pytest.mark.parametrize("kind", [kind for kind, rules in KINDS.items() if rules.ladder == "order"])
def test_what_moves_cases_needs_a_court_for_them(kind: str) -> None:
    rules = KINDS[kind]
    assert moves_cases(rules) == (kind in MOVING)
    assert ("请选择接收案件的法院" in list(gaps(an_order(kind), rules))) == (kind in MOVING)


@pytest.mark.parametrize(
    ("kind", "new_court", "field"),
    [
        ("ORDER_URGE", "苏0508", "new_court"),
        ("ORDER_DESIGNATE", SUPERIOR, "new_court"),
        ("ORDER_ELEVATE", "苏0508", "new_court"),
        ("ORDER_DESIGNATE", "苏0505", "cases[0].court"),
    ],
)
def test_a_court_that_cannot_take_the_case_is_named(kind: str, new_court: str, field: str) -> None:
    assert field in dict(slips(an_order(kind, new_court=new_court), KINDS[kind]))


def test_more_cannot_be_recovered_than_was_claimed() -> None:
    order = an_order("ORDER_DESIGNATE", new_court="苏0508", claim=100, recovered=101)
    assert list(dict(slips(order, KINDS["ORDER_DESIGNATE"]))) == ["cases[0].recovered_fen"]


def test_forces_belong_to_a_joint_order_and_have_days() -> None:
    lent = Force("苏0508", 3, 1, DAY, date(2026, 11, 21))
    order = Order(Kind.ORDER_JOINT, SUPERIOR, (OrderedCase("苏0505", "甲", 1, 0),), forces=(lent,))
    assert list(dict(slips(order, KINDS["ORDER_JOINT"]))) == ["forces[0].until_on"]
    assert not list(gaps(order, KINDS["ORDER_JOINT"]))
    assert order.parts() == {"苏0505": {Part.KEEPS}, "苏0508": {Part.LENDS}}
    assert "forces" in dict(slips(replace(order, kind="ORDER_URGE"), KINDS["ORDER_URGE"]))


@given(st.lists(cases, min_size=1, max_size=12), st.sampled_from(["苏0509", SUPERIOR]))
def test_every_court_gets_one_order_and_the_balances_add_up(ordered: list[OrderedCase], new: str) -> None:
    order = Order(Kind.ORDER_CONCENTRATE, SUPERIOR, tuple(ordered), new)
    parts = order.parts()
    assert set(parts) == ({case.court for case in ordered} | {new}) - {SUPERIOR}
    old = [court for court, each in parts.items() if Part.OLD_COURT in each]
    assert sum(order.balance_of(court) for court in old) == order.balance_of(new)
