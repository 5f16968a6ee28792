"""Weeks, months and quarters that are over."""

from datetime import date

import pytest

from xiezhi_workbench.periods import chosen, ended


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 11, 22), date(2028, 3, 31)])
def test_every_period_is_over_and_whole(today: date) -> None:
    for _, choices in ended(today):
        periods = [chosen(value) for value, _ in choices]
        assert all(period is not None and period.last < today for period in periods)
        ends = [period.last for period in periods if period]
        assert ends == sorted(ends, reverse=True)


def test_they_are_named_as_bulletins_name_them() -> None:
    months, quarters, weeks = (dict(choices) for _, choices in ended(date(2026, 1, 15)))
    assert months["2025-12-01/2025-12-31"] == "2025年12月"
    assert quarters["2025-10-01/2025-12-31"] == "2025年第4季度"
    assert quarters["2025-01-01/2025-03-31"] == "2025年第1季度"
    assert "2026-01-05/2026-01-11" in weeks


@pytest.mark.parametrize("value", ["", "2026-01-01", "x/y", "2026-02-01/2026-01-01"])
def test_what_is_no_period_is_none(value: str) -> None:
    assert chosen(value) is None
