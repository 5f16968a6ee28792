"""Days that are typed into forms: what is no day is said at its field, and nothing overflows behind it."""

from datetime import date

import pytest

from xiezhi_client.sdk import InvalidInput
from xiezhi_workbench.days import typed_day
from xiezhi_workbench.pages.admin import bounds


def test_a_day_is_read() -> None:
    assert typed_day("2026-11-01", "first") == date(2026, 11, 1)


@pytest.mark.parametrize("typed", ["", "2026-13-01", "昨天", "9999-12-31", "0001-01-01", "2026-11-01x"])
def test_what_is_no_day_is_said_at_its_field(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        typed_day(typed, "first")
    assert [each.field for each in refused.value.fields] == ["first"]


def test_looks_are_asked_for_to_the_end_of_the_last_day() -> None:
    since, until = bounds("2026-11-01", "2026-11-01")
    assert since is not None
    assert until is not None
    assert (until - since).days == 1
    assert bounds("", "") == (None, None)


@pytest.mark.parametrize(("first", "last", "field"), [("昨天", "", "first"), ("", "9999-12-31", "last")])
def test_a_mistyped_day_of_looks_is_not_passed_over(first: str, last: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        bounds(first, last)
    assert [each.field for each in refused.value.fields] == [field]
