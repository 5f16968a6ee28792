from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.court_time import SHANGHAI, parse_text, to_date, to_datetime, to_ms, to_text
from xiezhi_domain.errors import InvalidInput

MORNING = 1_795_314_660_000  # 2026-11-22T02:31:00Z


def test_a_moment_is_shown_in_the_courts_time() -> None:
    assert to_text(MORNING) == "2026-11-22 10:31"
    assert parse_text(" 2026-11-22 10:31 ") == MORNING
    assert to_datetime(MORNING + 7) == datetime(2026, 11, 22, 10, 31, 0, 7_000, SHANGHAI)


def test_the_day_changes_at_midnight_in_shanghai() -> None:
    midnight = to_ms(datetime(2026, 11, 21, 16, tzinfo=UTC))
    assert to_date(midnight) == date(2026, 11, 22)
    assert to_date(midnight - 1) == date(2026, 11, 21)


@pytest.mark.parametrize("typed", ["", "2026-11-22", "2026-02-30 10:31", "2026/11/22 10:31", "昨天"])
def test_other_texts_are_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="时间格式不正确") as caught:
        parse_text(typed, field="done_at")
    assert caught.value.fields[0].field == "done_at"


@given(st.integers(-2_000_000_000_000, 8_000_000_000_000))
def test_milliseconds_survive(ms: int) -> None:
    assert to_ms(to_datetime(ms)) == ms
    assert to_datetime(ms).utcoffset() == timedelta(hours=8)
    assert to_date(ms) == to_datetime(ms).date()
    assert 0 <= ms - parse_text(to_text(ms)) < 60_000
