from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.calendar import (
    CalendarRow,
    WorkingCalendar,
    end_of_day_ms,
    parse_calendar,
    shipped_calendar,
)
from xiezhi_domain.court_time import parse_text, to_datetime, to_text
from xiezhi_domain.errors import FormatError, InvalidInput
from xiezhi_domain.working_hours import WorkingHours, shipped_hours

CALENDAR = shipped_calendar()
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
NOTICE_2027 = [
    CalendarRow(date(2027, 2, 8), is_workday=False, source="2027年放假通知"),
    CalendarRow(date(2027, 2, 20), is_workday=True, source="2027年放假通知"),
]


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2025, 1, 28), date(2025, 2, 4)),
        (date(2025, 10, 1), date(2025, 10, 8)),
        (date(2026, 2, 15), date(2026, 2, 23)),
        (date(2026, 10, 1), date(2026, 10, 7)),
    ],
)
def test_published_holidays_are_free(first: date, last: date) -> None:
    assert not any(CALENDAR.is_workday(day) for day in days(first, last))
    assert CALENDAR.is_workday(last + timedelta(1))


@pytest.mark.parametrize(
    "day",
    [
        date(2025, 1, 26), date(2025, 2, 8), date(2025, 9, 28), date(2025, 10, 11),
        date(2026, 2, 14), date(2026, 2, 28), date(2026, 9, 20), date(2026, 10, 10),
    ],
)  # fmt: skip
def test_make_up_days_are_working_days(day: date) -> None:
    assert day.weekday() >= 5
    assert CALENDAR.is_workday(day)
    assert not CALENDAR.is_provisional(day)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2025, 1, 24), 3, date(2025, 2, 5)),  # Fri; Sun 26 is a make-up day, Mon 27 works.
        (date(2025, 9, 30), 1, date(2025, 10, 9)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # Fri; Sat is a make-up day.
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # Thu 8, Fri 9, Sat 10 is a make-up day.
        (date(2026, 10, 3), 1, date(2026, 10, 8)),  # an event on a holiday.
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        (date(2026, 10, 8), -1, date(2026, 9, 30)),
        (date(2026, 10, 9), -3, date(2026, 9, 29)),
        (date(2026, 10, 3), 0, date(2026, 10, 3)),
    ],
)
def test_working_days_around_the_holidays(start: date, count: int, end: date) -> None:
    assert CALENDAR.add_working_days(start, count) == end


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2025, 1, 20), 10, date(2025, 2, 5)),  # 30 January is a holiday.
        (date(2025, 9, 26), 5, date(2025, 10, 9)),
        (date(2026, 2, 10), 4, date(2026, 2, 14)),  # a Saturday, but a working day.
        (date(2026, 2, 10), 5, date(2026, 2, 24)),
        (date(2026, 9, 28), 15, date(2026, 10, 13)),  # holidays inside a period count.
        (date(2026, 9, 28), 5, date(2026, 10, 8)),
        (date(2026, 12, 22), 10, date(2027, 1, 4)),  # New Year, then a week-end.
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
    ],
)
def test_a_period_that_ends_on_a_holiday_ends_on_the_next_working_day(
    start: date, count: int, end: date
) -> None:
    assert CALENDAR.add_days_rolled(start, count) == end


def test_a_year_without_an_arrangement_is_provisional() -> None:
    assert not CALENDAR.is_provisional(date(2026, 12, 31))
    assert CALENDAR.is_provisional(date(2027, 1, 4))
    free = [date(2027, 1, 1), date(2027, 1, 2), date(2027, 5, 1), date(2027, 10, 1), date(2027, 10, 2)]
    assert not any(CALENDAR.is_workday(day) for day in free)
    assert CALENDAR.is_workday(date(2027, 2, 8))
    assert CALENDAR.is_workday(date(2027, 10, 4))


def test_importing_an_arrangement_ends_the_provisional_year_and_moves_deadlines() -> None:
    imported = CALENDAR.with_rows(NOTICE_2027, complete_years={2027})
    assert CALENDAR.add_days_rolled(date(2027, 2, 1), 7) == date(2027, 2, 8)
    assert imported.add_days_rolled(date(2027, 2, 1), 7) == date(2027, 2, 9)
    assert imported.is_workday(date(2027, 2, 20))
    assert not imported.is_provisional(date(2027, 1, 4))
    assert imported.is_workday(date(2027, 1, 1))  # a complete arrangement says all; nothing is added to it.
    assert CALENDAR.is_provisional(date(2027, 1, 4))


def test_one_closing_day_does_not_complete_a_year() -> None:
    closed = CALENDAR.with_rows([CalendarRow(date(2027, 7, 5), is_workday=False, source="台风停工通知")])
    assert not closed.is_workday(date(2027, 7, 5))
    assert not closed.is_provisional(date(2027, 7, 5))
    assert closed.is_provisional(date(2027, 7, 6))


def test_a_later_row_stands_in_place_of_an_older_one() -> None:
    moved = CALENDAR.with_rows([CalendarRow(date(2026, 10, 7), is_workday=True, source="调整通知")])
    assert moved.is_workday(date(2026, 10, 7))
    assert not CALENDAR.is_workday(date(2026, 10, 7))


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([NOTICE_2027[0], NOTICE_2027[0]], "日期重复：2027-02-08"),
        (
            [CalendarRow(date(2027, 2, 8), is_workday=False, source="通知\nday 2027-02-09 free 通知")],
            "一行文字",
        ),
        ([CalendarRow(date(2027, 2, 8), is_workday=False, source=" ")], "一行文字"),
    ],
)
def test_wrong_rows_are_refused(rows: list[CalendarRow], complaint: str) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        CALENDAR.with_rows(rows)


def test_equal_tables_have_equal_hashes_and_every_difference_shows() -> None:
    imported = CALENDAR.with_rows(NOTICE_2027, complete_years={2027})
    backwards = CALENDAR.with_rows(reversed(NOTICE_2027), complete_years={2027})
    assert imported == backwards
    assert imported.content_hash == backwards.content_hash
    assert (
        len({CALENDAR.content_hash, imported.content_hash, CALENDAR.with_rows(NOTICE_2027).content_hash}) == 3
    )


def test_the_bytes_that_are_hashed_are_pinned() -> None:
    small = WorkingCalendar({}, frozenset()).with_rows(NOTICE_2027, complete_years={2027})
    assert small.canonical_bytes().decode().split("\n") == [
        "xiezhi/calendar/v1",
        "year 2027",
        "day 2027-02-08 free 2027年放假通知",
        "day 2027-02-20 work 2027年放假通知",
        "",
    ]
    assert small.content_hash.hex() == "5f47bbf9c2f545e40c9691847ea6558c1cde8855f318ac75dedad80bd16c40f4"


@given(DAYS, st.integers(1, 40))
def test_counting_working_days_there_and_back(start: date, count: int) -> None:
    end = CALENDAR.add_working_days(start, count)
    assert CALENDAR.is_workday(end)
    between = [day for day in days(start + timedelta(1), end) if CALENDAR.is_workday(day)]
    assert len(between) == count


@given(DAYS, st.integers(0, 60))
def test_a_period_is_never_shortened_and_rolls_over_free_days_only(start: date, count: int) -> None:
    nominal, end = start + timedelta(count), CALENDAR.add_days_rolled(start, count)
    assert CALENDAR.is_workday(end)
    assert not any(CALENDAR.is_workday(day) for day in days(nominal, end)[:-1])


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-12-07 10:00", 30, "2026-12-07 10:30"),
        ("2026-12-07 03:00", 30, "2026-12-07 09:30"),
        ("2026-12-07 11:50", 10, "2026-12-07 12:00"),
        ("2026-12-07 11:50", 30, "2026-12-07 14:20"),
        ("2026-12-07 12:30", 30, "2026-12-07 14:30"),
        ("2026-12-11 17:45", 30, "2026-12-14 09:15"),
        ("2026-02-14 17:50", 30, "2026-02-24 09:20"),  # a worked Saturday, then Spring Festival.
        ("2026-12-07 10:00", 7 * 60 * 5, "2026-12-14 10:00"),
    ],
)
def test_working_hours_alone_pass(start: str, minutes: int, end: str) -> None:
    begun = parse_text(start)
    assert to_text(CALENDAR.add_working_ms(begun, minutes * 60_000)) == end
    assert CALENDAR.working_ms_between(begun, parse_text(end)) == minutes * 60_000
    assert CALENDAR.working_ms_between(parse_text(end), begun) == 0


LONGER = WorkingHours.of(
    date(2026, 12, 9), ["08:30-12:00", "13:30-17:30"], "苏中法〔2026〕9号", confirmed=True
)


def test_other_hours_hold_from_their_day_on() -> None:
    changed = CALENDAR.with_rows((), hours=[LONGER])
    for start, end in (
        ("2026-12-08 17:45", "2026-12-09 08:45"),
        ("2026-12-09 13:20", "2026-12-09 14:00"),
        ("2026-12-08 11:50", "2026-12-08 14:20"),
    ):
        assert to_text(changed.add_working_ms(parse_text(start), 30 * 60_000)) == end
    assert CALENDAR.hours_of(LONGER.since) == shipped_hours()
    assert not shipped_hours().confirmed
    again = WorkingHours.of(LONGER.since, ["09:00-17:00"], "另一文件", confirmed=False)
    assert changed.with_rows((), hours=[again]).hours == (again,)


def test_hours_are_a_part_of_the_calendar_and_its_address() -> None:
    changed = CALENDAR.with_rows((), hours=[LONGER])
    line = "hours 2026-12-09 08:30-12:00,13:30-17:30 1 苏中法〔2026〕9号"
    assert line in changed.canonical_bytes().decode().splitlines()
    assert parse_calendar(changed.canonical_bytes()) == changed
    assert changed.content_hash != CALENDAR.content_hash
    with pytest.raises(FormatError):
        parse_calendar(changed.canonical_bytes().replace(b"13:30", b"11:30"))


@pytest.mark.parametrize(
    ("spans", "source"),
    [
        ([], "s"),
        (["9点到12点"], "s"),
        (["12:00-09:00"], "s"),
        (["25:00-26:00"], "s"),
        (["09:00-12:00", "11:00-18:00"], "s"),
        (["09:00-12:00"], "两\n行"),
    ],
)
def test_wrong_hours_are_refused(spans: list[str], source: str) -> None:
    with pytest.raises(InvalidInput):
        WorkingHours.of(date(2026, 12, 9), spans, source, confirmed=False)


def test_the_end_of_a_day() -> None:
    end = end_of_day_ms(date(2026, 11, 22))
    assert to_text(end) == "2026-11-22 23:59"
    assert to_text(end + 1) == "2026-11-23 00:00"


def test_the_last_day_that_there_is_has_an_end():
    assert to_datetime(end_of_day_ms(date.max)).date() == date.max
