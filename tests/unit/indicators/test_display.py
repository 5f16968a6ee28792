from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.indicators import Measure
from xiezhi_domain.indicators.display import decimal, shown, shown_change


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 11), "9.09%"),
        (Fraction(12345, 1_000_000), "1.23%"),
        (Fraction(12350, 1_000_000), "1.24%"),
        (Fraction(2, 3), "66.67%"),
        (Fraction(1), "100.00%"),
        (Fraction(0), "0.00%"),
        (None, "—"),
    ],
)
def test_rates_are_rounded_half_up_to_a_hundredth(value: Fraction | None, text: str) -> None:
    assert shown(Measure.RATE, value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(Fraction(5, 4), "1.3天"), (Fraction(124, 100), "1.2天"), (None, "—")]
)
def test_days_are_rounded_half_up_to_a_tenth(value: Fraction | None, text: str) -> None:
    assert shown(Measure.DAYS, value) == text


@pytest.mark.parametrize(
    ("measure", "change", "text"),
    [
        (Measure.RATE, Fraction(1, 80), "+1.25个百分点"),
        (Measure.RATE, Fraction(-1, 80), "-1.25个百分点"),
        (Measure.RATE, Fraction(0), "0.00个百分点"),
        (Measure.RATE, Fraction(-1, 1_000_000), "0.00个百分点"),
        (Measure.DAYS, Fraction(-1, 4), "-0.3天"),
        (Measure.COUNT, Fraction(2), "+2件"),
        (Measure.RATE, None, "—"),
    ],
)
def test_changes_of_rates_are_percentage_points(measure: Measure, change: Fraction | None, text: str) -> None:
    assert shown_change(measure, change) == text


@given(st.fractions(-1000, 1000), st.integers(0, 3))
def test_what_is_shown_is_never_further_off_than_half_a_unit(value: Fraction, digits: int) -> None:
    assert abs(Fraction(decimal(value, digits)) - value) <= Fraction(1, 2 * 10**digits)
