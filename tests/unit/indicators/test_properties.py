"""What must hold for all matters: parts add up, order does not matter, what left is out."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.indicators.matters import COURTS, EVERY, MONTH, at, done, matter, random_matters

from xiezhi_domain.indicators import ALL_COURTS, Measure, Period, figures_of
from xiezhi_domain.indicators.counting import COUNTINGS
from xiezhi_domain.indicators.reach import within_reach
from xiezhi_domain.terms import Indicator

DAYS = [date(2026, 11, 1) + timedelta(days=number) for number in range(30)]
OPEN_AT_THE_END = {
    Indicator.COMPLETED_IN_TIME,
    Indicator.SUPERVISION_IN_TIME,
    Indicator.SIGNED_IN_TIME,
    Indicator.CONFIRMED_IN_TIME,
}


def figures(records, definition, variant, period=MONTH):
    return figures_of(records, period, definition, variant, COURTS)


def happened(records, definition, variant, period):
    """Units that have a moment in the period; what is open at its end belongs to no moment."""
    made = figures(records, definition, variant, period)
    found = Counter()
    for key, figure in made.items():
        for each in figure.counted:
            if each.unit.amount or definition.indicator not in OPEN_AT_THE_END:
                found[key, each] += 1
    return found


@given(random_matters, st.sampled_from(EVERY), st.sets(st.sampled_from(DAYS[1:]), max_size=4))
def test_the_parts_of_a_period_sum_to_the_whole(records, each, cuts) -> None:
    firsts = [DAYS[0], *sorted(cuts)]
    lasts = [*(day - timedelta(days=1) for day in firsts[1:]), DAYS[-1]]
    parts = Counter()
    for first, last in zip(firsts, lasts, strict=True):
        parts += happened(records, *each, Period(first, last))
    assert parts == happened(records, *each, MONTH)


@given(random_matters, st.sampled_from(EVERY))
def test_the_courts_sum_to_the_whole_in_every_channel(records, each) -> None:
    made = figures(records, *each)
    for key, figure in made.items():
        if key.court == ALL_COURTS:
            parts = [made[key._replace(court=court)] for court in COURTS]
            assert sum(part.numerator for part in parts) == figure.numerator
            assert sum(part.denominator for part in parts) == figure.denominator


@given(random_matters.flatmap(st.permutations), st.sampled_from(EVERY))
def test_the_order_of_matters_is_irrelevant(shuffled, each) -> None:
    assert figures(shuffled, *each) == figures(sorted(shuffled, key=lambda record: record.id), *each)


@given(random_matters, st.sampled_from(DAYS), st.sampled_from([1, 7, 30]))
def test_what_is_out_of_reach_is_counted_by_nothing(records, first, length) -> None:
    period = Period(first, first + timedelta(days=length - 1))
    reached = within_reach(records, period)
    for definition, variant in EVERY:
        assert figures(reached, definition, variant, period) == figures(records, definition, variant, period)


def test_of_years_of_matters_a_month_reaches_its_own_and_what_is_open() -> None:
    over, open_still = done(1, day=-20, answered_at=at(-30), accepted_at=at(-30)), matter(2, due=at(-40))
    over = replace(over, due=at(-10), sign_due=at(-29), arrived_at=at(-30), signed_at=at(-30))
    later = matter(3, accepted_at=at(31), arrived_at=at(31), due=at(40), sign_due=at(32))
    assert within_reach([over, open_still, later], MONTH) == [open_still]


@given(random_matters, st.sampled_from(EVERY))
def test_what_was_withdrawn_before_anything_was_due_is_out(records, each) -> None:
    left = [replace(record, left_at=at(-90)) for record in records]
    assert all(figure.denominator == 0 for figure in figures(left, *each).values())


@given(random_matters, st.sampled_from(EVERY))
def test_a_rate_lies_between_nothing_and_all(records, each) -> None:
    for figure in figures(records, *each).values():
        if figure.measure is Measure.RATE and figure.value is not None:
            assert 0 <= figure.value <= 1
            assert {unit.unit.amount for unit in figure.counted} <= {0, 1}


def test_every_variant_is_counted_by_something_and_nothing_is_counted_for_nobody() -> None:
    assert {(definition.indicator, variant) for definition, variant in EVERY} == set(COUNTINGS)
    assert {indicator for indicator, _ in COUNTINGS} == set(Indicator)
