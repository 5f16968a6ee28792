"""When a notification is tried, and when phones stay quiet."""

from datetime import datetime

import pytest

from xiezhi_desk.notifying.schedule import FIRST_PAUSE_MS, LONGEST_PAUSE_MS, QuietHours, pause_after
from xiezhi_domain.court_time import SHANGHAI, to_ms

NIGHT = QuietHours.parse("22:00-07:30")


def at(day: int, hour: int, minute: int = 0) -> int:
    return to_ms(datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI))


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(22, 21, 59), 0),
        (at(22, 22), at(23, 7, 30)),
        (at(22, 23, 59), at(23, 7, 30)),
        (at(23, 0), at(23, 7, 30)),
        (at(23, 7, 29), at(23, 7, 30)),
        (at(23, 7, 30), 0),
        (at(30, 23), to_ms(datetime(2026, 12, 1, 7, 30, tzinfo=SHANGHAI))),
    ],
)
def test_the_night_ends_in_the_morning(now: int, until: int) -> None:
    assert NIGHT.end_after(now) == until


def test_quiet_hours_within_a_day() -> None:
    noon = QuietHours.parse("12:00-13:30")
    assert noon.end_after(at(22, 12, 30)) == at(22, 13, 30)
    assert noon.end_after(at(22, 13, 30)) == noon.end_after(at(22, 11)) == 0


def test_no_quiet_hours() -> None:
    assert QuietHours.parse("").end_after(at(22, 3)) == 0
    assert QuietHours.parse("08:00-08:00").end_after(at(22, 8)) == 0


@pytest.mark.parametrize("text", ["22-7", "24:00-07:00", "22:00", "22:00-07:60"])
def test_hours_are_written_in_one_way(text: str) -> None:
    with pytest.raises(ValueError, match="22:00-07:30"):
        QuietHours.parse(text)


def test_pauses_double_up_to_an_hour() -> None:
    assert [pause_after(each) for each in (1, 2, 3)] == [FIRST_PAUSE_MS * n for n in (1, 2, 4)]
    assert pause_after(500) == LONGEST_PAUSE_MS


def test_a_gateway_may_ask_for_a_longer_pause_but_not_for_days() -> None:
    assert pause_after(1, 60_000) == 60_000
    assert pause_after(1, 1) == FIRST_PAUSE_MS
    assert pause_after(1, 10**9) == LONGEST_PAUSE_MS
