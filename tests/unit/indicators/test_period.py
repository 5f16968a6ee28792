from datetime import date

import pytest

from xiezhi_domain.court_time import parse_text
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.indicators import Period


def days(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("period", "previous", "year_before", "words"),
    [
        (
            ("2026-11-01", "2026-11-30"),
            ("2026-10-01", "2026-10-31"),
            ("2025-11-01", "2025-11-30"),
            "2026年11月",
        ),
        (
            ("2024-02-01", "2024-02-29"),
            ("2024-01-01", "2024-01-31"),
            ("2023-02-01", "2023-02-28"),
            "2024年2月",
        ),
        (
            ("2025-02-01", "2025-02-28"),
            ("2025-01-01", "2025-01-31"),
            ("2024-02-01", "2024-02-29"),
            "2025年2月",
        ),
        (
            ("2026-07-01", "2026-09-30"),
            ("2026-04-01", "2026-06-30"),
            ("2025-07-01", "2025-09-30"),
            "2026年第3季度",
        ),
        (("2026-01-01", "2026-12-31"), ("2025-01-01", "2025-12-31"), ("2025-01-01", "2025-12-31"), "2026年"),
        (
            ("2024-02-10", "2024-02-29"),
            ("2024-01-21", "2024-02-09"),
            ("2023-02-10", "2023-02-28"),
            "2024-02-10 至 2024-02-29",
        ),
    ],
)
def test_a_period_knows_what_it_is_compared_to(period, previous, year_before, words) -> None:
    made = days(*period)
    assert (made.previous, made.year_before, made.words) == (days(*previous), days(*year_before), words)


def test_a_period_is_whole_days_of_shanghai() -> None:
    month = Period.month(2026, 11)
    assert month.start_ms == parse_text("2026-11-01 00:00")
    assert month.contains(month.end_ms - 1)
    assert not month.contains(month.end_ms)
    assert not month.contains(None)
    assert month.end_ms == parse_text("2026-12-01 00:00")


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(InvalidInput):
        days("2026-11-02", "2026-11-01")
