"""Golden days: Spring Festival and National Day of 2025 and 2026, and over New Year 2027."""

from datetime import date, timedelta

import pytest
from tests.unit.clocks.course import HUB, Course

from xiezhi_domain.calendar import CalendarRow, shipped_calendar
from xiezhi_domain.clocks import Setting
from xiezhi_domain.court_time import parse_text
from xiezhi_domain.terms import State


def sign_and_handle(arrived: str) -> tuple[str, str]:
    course = Course().issued(arrived).hears("Delivered", arrived)
    return course.due("sign")[:10], course.due("handle")[:10]


# Arrived · sign limit (1 working day) · handling limit (7 days, rolled over free ones).
GOLDEN = [
    # 2025: free from 28 January to 4 February; Sunday 26 January and Saturday 8 February are worked.
    ("2025-01-24 10:00", "2025-01-26", "2025-02-05"),
    ("2025-01-25 10:00", "2025-01-26", "2025-02-05"),
    ("2025-01-27 23:59", "2025-02-05", "2025-02-05"),
    ("2025-02-01 09:00", "2025-02-05", "2025-02-08"),
    ("2025-02-07 16:00", "2025-02-08", "2025-02-14"),
    # 2025: free from 1 to 8 October; Sunday 28 September and Saturday 11 October are worked.
    ("2025-09-26 10:00", "2025-09-28", "2025-10-09"),
    ("2025-09-30 17:30", "2025-10-09", "2025-10-09"),
    ("2025-10-04 10:00", "2025-10-09", "2025-10-11"),
    ("2025-10-10 10:00", "2025-10-11", "2025-10-17"),
    # 2026: free from 15 to 23 February; Saturdays 14 and 28 February are worked.
    ("2026-02-13 10:00", "2026-02-14", "2026-02-24"),
    ("2026-02-14 10:00", "2026-02-24", "2026-02-24"),
    ("2026-02-20 10:00", "2026-02-24", "2026-02-27"),
    ("2026-02-21 10:00", "2026-02-24", "2026-02-28"),
    ("2026-02-27 10:00", "2026-02-28", "2026-03-06"),
    # 2026: free from 1 to 7 October; Sunday 20 September and Saturday 10 October are worked.
    ("2026-09-18 10:00", "2026-09-20", "2026-09-28"),
    ("2026-09-25 10:00", "2026-09-28", "2026-10-08"),
    ("2026-09-30 10:00", "2026-10-08", "2026-10-08"),
    ("2026-10-03 10:00", "2026-10-08", "2026-10-10"),
]


@pytest.mark.parametrize(("arrived", "sign", "handle"), GOLDEN)
def test_periods_around_the_long_holidays(arrived: str, sign: str, handle: str) -> None:
    assert sign_and_handle(arrived) == (sign, handle)


def test_urgent_hours_run_through_the_holiday_and_the_night() -> None:
    course = Course(urgent=True).issued("2026-02-16 23:30").hears("Delivered", "2026-02-16 23:40")
    assert course.due("sign") == "2026-02-17 01:40"
    assert course.due("handle") == "2026-02-17 23:40"


def test_over_new_year_2027_days_are_provisional_and_hours_are_not() -> None:
    course = Course().issued("2026-12-29 10:00").hears("Delivered", "2026-12-29 10:00")
    assert (course.due("sign"), course.of("sign").provisional) == ("2026-12-30 23:59", False)
    assert (course.due("handle"), course.of("handle").provisional) == ("2027-01-05 23:59", True)
    urgent = Course(urgent=True).issued("2026-12-31 20:00").hears("Delivered", "2026-12-31 20:00")
    assert (urgent.due("handle"), urgent.of("handle").provisional) == ("2027-01-01 20:00", False)


def test_new_years_day_is_free_before_its_arrangement_is_published() -> None:
    course = Course().issued("2026-12-25 10:00").hears("Delivered", "2026-12-25 10:00")
    assert course.due("handle") == "2027-01-04 23:59"
    assert (
        Course().issued("2026-12-31 10:00").hears("Delivered", "2026-12-31 10:00").due("sign")[:10]
        == "2027-01-04"
    )


def test_a_published_year_moves_what_was_provisional() -> None:
    days = [date(2027, 1, 1) + timedelta(days=count) for count in range(4)]
    rows = [CalendarRow(day, False, "测试安排") for day in days] + [
        CalendarRow(date(2027, 1, 9), True, "测试安排")
    ]
    published = shipped_calendar().with_rows(rows, complete_years={2027})
    course = Course(Setting(published, HUB)).issued("2026-12-31 10:00").hears("Delivered", "2026-12-31 10:00")
    assert (course.due("sign"), course.of("sign").provisional) == ("2027-01-05 23:59", False)
    assert (course.due("handle"), course.of("handle").provisional) == ("2027-01-07 23:59", False)


def arrived(at: str, **more: bool) -> Course:
    return Course(**more).issued(at).hears("Delivered", at)


# Arrived · paused · resumed · sign limit · handling limit: what was left is left, and ends on a working day.
PAUSED = [
    # 2025: both ends of the pause lie in Spring Festival, or one of them.
    ("2025-01-22 10:00", "2025-01-23 09:00", "2025-02-01 10:00", "2025-02-05", "2025-02-14"),
    ("2025-01-26 10:00", "2025-01-30 09:00", "2025-02-06 10:00", "2025-01-27", "2025-02-12"),
    # 2025: from before National Day to the day before a worked Saturday.
    ("2025-09-28 10:00", "2025-09-30 09:00", "2025-10-10 10:00", "2025-09-29", "2025-10-20"),
    # 2026: out of the pause on a free day; Saturday 14 February was still a day of the limit.
    ("2026-02-13 10:00", "2026-02-13 16:00", "2026-02-20 10:00", "2026-02-24", "2026-03-03"),
    ("2026-02-10 10:00", "2026-02-12 10:00", "2026-02-25 10:00", "2026-02-11", "2026-03-09"),
    # 2026: from one worked week-end day to the other.
    ("2026-09-18 10:00", "2026-09-20 10:00", "2026-10-10 10:00", "2026-10-10", "2026-10-19"),
]


@pytest.mark.parametrize(("begun", "paused", "resumed", "sign", "handle"), PAUSED)
def test_pauses_around_the_long_holidays(
    begun: str, paused: str, resumed: str, sign: str, handle: str
) -> None:
    course = arrived(begun).hears("Paused", paused, State.SUSPENDED).hears("Resumed", resumed)
    assert (course.due("sign")[:10], course.due("handle")[:10]) == (sign, handle)


def test_an_extension_over_spring_festival_never_shortens_and_is_paused_too() -> None:
    course = arrived("2026-02-10 10:00")
    assert course.due("handle") == "2026-02-24 23:59"
    shorter = parse_text("2026-02-20 23:59")
    assert (
        course.hears("Extended", "2026-02-12 10:00", stated_due=shorter).due("handle") == "2026-02-24 23:59"
    )
    longer = parse_text("2026-02-28 23:59")
    assert course.hears("Extended", "2026-02-13 10:00", stated_due=longer).due("handle") == "2026-02-28 23:59"
    course.hears("Paused", "2026-02-25 10:00", State.SUSPENDED).hears("Resumed", "2026-02-27 10:00")
    assert course.due("handle") == "2026-03-02 23:59"


def test_the_least_time_after_a_rejection_skips_national_day_and_counts_the_worked_saturday() -> None:
    course = arrived("2026-09-28 10:00").hears("Completed", "2026-09-30 16:00")
    assert course.due("confirm") == "2026-10-10 23:59"
    assert course.hears("Rejected", "2026-09-30 17:00").due("handle") == "2026-10-10 23:59"


# Arrived · paused · resumed · 24 hours later, to the minute: through nights, holidays and the turn of the year.
URGENT = [
    ("2025-01-28 22:00", "", "", "2025-01-29 22:00"),
    ("2025-10-01 09:00", "2025-10-01 12:00", "2025-10-03 15:30", "2025-10-04 12:30"),
    ("2026-02-15 00:00", "2026-02-15 23:59", "2026-02-24 09:00", "2026-02-24 09:01"),
    ("2026-10-07 12:00", "", "", "2026-10-08 12:00"),
    ("2026-12-31 20:00", "2026-12-31 23:00", "2027-01-01 01:00", "2027-01-01 22:00"),
]


@pytest.mark.parametrize(("begun", "paused", "resumed", "handle"), URGENT)
def test_urgent_hours_know_no_holiday(begun: str, paused: str, resumed: str, handle: str) -> None:
    course = arrived(begun, urgent=True)
    if paused:
        course.hears("Paused", paused, State.SUSPENDED).hears("Resumed", resumed)
    assert (course.due("handle"), course.of("handle").provisional) == (handle, False)


def test_a_pause_over_new_year_ends_in_a_provisional_year() -> None:
    course = arrived("2026-12-24 10:00")
    assert (course.due("handle"), course.of("handle").provisional) == ("2026-12-31 23:59", False)
    course.hears("Paused", "2026-12-28 10:00", State.SUSPENDED).hears("Resumed", "2026-12-31 10:00")
    assert (course.due("handle"), course.of("handle").provisional) == ("2027-01-04 23:59", True)
