"""Shares are exact to the fen: nothing is lost, nobody gets more than his claim, priority comes whole first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.distribution.disputes import release, settle
from xiezhi_domain.distribution.plan import Correction, Plan, corrected, correction_of, plan_of
from xiezhi_domain.distribution.shares import Claim, Mode, pro_rata, share_out
from xiezhi_domain.errors import InvalidInput, LimitExceeded

FEN = st.integers(0, 10**13)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan of up to eight claims, some with priority, of a sum that may be too small for the costs."""
    count = draw(st.integers(1, 8))
    places = draw(st.permutations(range(1, count + 1)))
    claims = tuple(
        Claim(number, draw(FEN), draw(st.integers(0, 3)), places[number - 1])
        for number in range(1, count + 1)
    )
    return Plan(1, draw(FEN), draw(FEN), draw(st.sampled_from(Mode)), claims)


@st.composite
def corrections(draw: st.DrawFn, plan: Plan) -> Correction:
    numbers = st.sampled_from([claim.number for claim in plan.claims])
    amounts = draw(st.dictionaries(numbers, FEN, max_size=2))
    return Correction(amounts, draw(st.dictionaries(numbers, st.integers(0, 3), max_size=2)))


@given(plans())
def test_no_fen_is_lost_and_nobody_gets_more_than_his_claim(plan: Plan) -> None:
    shares = plan.shares
    assert shares.total == plan.total
    assert shares.costs == min(plan.costs, plan.total)
    assert all(0 <= shares.of[claim.number] <= claim.amount for claim in plan.claims)
    assert shares.remainder >= 0
    # Nothing goes back to the debtor while a claim is not paid.
    assert shares.remainder == 0 or all(shares.of[claim.number] == claim.amount for claim in plan.claims)


@given(plans())
def test_priority_comes_whole_before_the_rest_rank_by_rank(plan: Plan) -> None:
    shares = plan.shares.of
    for ahead in plan.claims:
        for behind in plan.claims:
            goes_first = ahead.rank and (not behind.rank or ahead.rank < behind.rank)
            if goes_first and shares[behind.number]:
                assert shares[ahead.number] == ahead.amount


@given(plans())
def test_ordinary_claims_share_in_proportion_or_in_the_order_of_seizure(plan: Plan) -> None:
    shares = plan.shares.of
    ordinary = [claim for claim in plan.claims if not claim.rank]
    whole, given_ = sum(claim.amount for claim in ordinary), sum(shares[claim.number] for claim in ordinary)
    for claim in ordinary:
        if plan.mode is Mode.PRO_RATA:
            # Less than a fen from the exact share.
            assert abs(shares[claim.number] * whole - given_ * claim.amount) < max(whole, 1)
        else:
            ahead = [other for other in ordinary if other.seized < claim.seized]
            assert not shares[claim.number] or all(shares[each.number] == each.amount for each in ahead)


@given(plans(), st.randoms())
def test_every_court_comes_to_the_same_whatever_the_order_of_the_claims(plan: Plan, random) -> None:
    claims = list(plan.claims)
    random.shuffle(claims)
    assert share_out(plan.total, plan.costs, claims, plan.mode) == plan.shares


def test_the_odd_fen_go_to_the_largest_remainders_then_to_the_lower_number() -> None:
    assert pro_rata(100, {1: 100, 2: 100, 3: 100}) == {1: 34, 2: 33, 3: 33}
    assert pro_rata(10, {1: 10, 2: 25, 3: 65}) == {1: 1, 2: 3, 3: 6}
    assert pro_rata(2, {1: 1, 2: 1, 3: 1}) == {1: 1, 2: 1, 3: 0}


@given(plans())
def test_a_plan_is_read_from_the_facts_that_it_states(plan: Plan) -> None:
    assert plan_of(plan.facts()) == plan


@given(st.data())
def test_what_is_disputed_is_deposited_and_the_judgment_releases_all_of_it(data: st.DataObject) -> None:
    plan = data.draw(plans())
    upheld = data.draw(st.lists(corrections(plan), max_size=2))
    sued = data.draw(st.lists(corrections(plan), max_size=3))
    settlement = settle(plan, upheld, sued)
    assert settlement.total == plan.total
    assert settlement.deposited >= 0
    assert all(fen >= 0 for fen in settlement.payments.values())
    if not sued:
        assert settlement.deposited == 0
    won = [correction for correction in sued if data.draw(st.booleans())]
    released = release(plan, upheld, settlement, won)
    assert sum(released.payments.values()) + released.remainder == settlement.deposited
    final = corrected(plan, [*upheld, *won])
    for claim in final.claims:
        got = settlement.payments[claim.number] + released.payments[claim.number]
        assert got == final.shares.of[claim.number] <= claim.amount


@given(st.data())
def test_a_correction_is_read_from_the_facts_that_it_states(data: st.DataObject) -> None:
    correction = data.draw(corrections(data.draw(plans())))
    assert correction_of(correction.facts()) == correction


def test_a_judgment_that_takes_back_what_was_paid_is_not_made_up_from_the_deposit() -> None:
    plan = Plan(1, 100, 0, Mode.PRO_RATA, (Claim(1, 100), Claim(2, 100)))
    settlement = settle(plan, [], [Correction({1: 50}, {})])
    assert (settlement.payments, settlement.deposited) == ({1: 33, 2: 50}, 17)
    with pytest.raises(InvalidInput, match="执行回转"):
        release(plan, [], settlement, [Correction({1: 10}, {})])


def test_a_claim_that_loses_its_priority_comes_last_where_seizures_count() -> None:
    plan = Plan(1, 100, 0, Mode.BY_SEIZURE, (Claim(1, 80, rank=1), Claim(2, 80, seized=1)))
    assert corrected(plan, [Correction({}, {1: 0})]).shares.of == {1: 20, 2: 80}


def test_more_suits_than_can_be_worked_out_are_refused() -> None:
    plan = Plan(1, 100, 0, Mode.PRO_RATA, (Claim(1, 100),))
    with pytest.raises(LimitExceeded):
        settle(plan, [], [Correction({1: at}, {}) for at in range(9)])


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ([Claim(1, 5), Claim(1, 6)], "重复"),
        ([Claim(1, 5, seized=1), Claim(2, 5, seized=1)], "顺位"),
        ([Claim(1, 5)], "顺位"),
        ([Claim(1, -1, seized=1)], "负数"),
        ([Claim(number, 1, seized=number) for number in range(1, 52)], "最多"),
    ],
)
def test_claims_that_cannot_be_paid_are_refused(claims: list[Claim], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        share_out(100, 0, claims, Mode.BY_SEIZURE)
