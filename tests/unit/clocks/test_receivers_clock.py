"""The receiver's clock (practice.md §4): arrival or the fallback, the logged call, the recorded outage."""

from tests.unit.clocks.course import HUB, RECEIVER, SENDER, SETTING, Course

from xiezhi_domain.clocks import Outage, Setting
from xiezhi_domain.court_time import parse_text, to_text
from xiezhi_domain.terms import DeadlineState, State


def with_outage(court: str, start: str, end: str) -> Setting:
    return Setting(SETTING.calendar, HUB, (Outage(court, parse_text(start), parse_text(end)),))


def test_an_unplugged_node_stops_no_clock() -> None:
    course = Course().issued("2026-03-02 10:00")
    assert to_text(course.of("sign").started_at) == "2026-03-03 23:59"
    assert (course.due("sign"), course.due("handle")) == ("2026-03-04 23:59", "2026-03-10 23:59")
    assert course.of("sign").state is DeadlineState.RUNNING


def test_arrival_starts_it_earlier() -> None:
    course = (
        Course().issued("2026-03-02 10:00").hears("Delivered", "2026-03-02 10:01", State.AWAITING_SIGNATURE)
    )
    assert (course.due("sign"), course.due("handle")) == ("2026-03-03 23:59", "2026-03-09 23:59")
    assert len([each for each in course.clocks.deadlines if each.clock == "sign"]) == 1


def test_arrival_after_the_fallback_does_not_start_it_again() -> None:
    course = (
        Course().issued("2026-03-02 10:00").hears("Delivered", "2026-03-05 10:00", State.AWAITING_SIGNATURE)
    )
    assert course.due("sign") == "2026-03-04 23:59"
    assert course.of("sign").state_at(parse_text("2026-03-05 10:00")) is DeadlineState.BREACHED


def test_the_urgent_fallback_needs_a_logged_call() -> None:
    course = Course(urgent=True).issued("2026-03-02 22:00")
    assert course.clocks.latest("handle") is None
    course.hears("Called", "2026-03-02 22:10", State.IN_TRANSIT)
    assert (course.due("sign"), course.due("handle")) == ("2026-03-03 00:30", "2026-03-03 22:30")
    late = (
        Course(urgent=True).issued("2026-03-02 22:00").hears("Called", "2026-03-02 23:00", State.IN_TRANSIT)
    )
    assert late.due("handle") == "2026-03-03 23:00"


def test_urgent_arrival_without_a_call() -> None:
    course = Course(urgent=True).issued("2026-03-02 22:00").hears("Delivered", "2026-03-03 08:00")
    assert course.due("handle") == "2026-03-04 08:00"


def test_an_ordinary_matter_again_has_days() -> None:
    course = Course(urgent=True).issued("2026-03-02 09:00").hears("Delivered", "2026-03-02 09:05")
    course.urgent = False
    course.hears("MadeOrdinary", "2026-03-02 12:00")
    assert (course.due("sign"), course.due("handle")) == ("2026-03-03 23:59", "2026-03-09 23:59")


def test_a_recorded_outage_shifts_the_clock_of_that_court_alone() -> None:
    def played(court: str) -> Course:
        setting = with_outage(court, "2026-03-03 09:00", "2026-03-05 12:00")
        return Course(setting).issued("2026-03-02 10:00").hears("Delivered", "2026-03-02 10:01")

    assert (played(RECEIVER).due("sign"), played(RECEIVER).due("handle")) == (
        "2026-03-05 23:59",
        "2026-03-11 23:59",
    )
    assert (played(SENDER).due("sign"), played(SENDER).due("handle")) == (
        "2026-03-03 23:59",
        "2026-03-09 23:59",
    )


def test_an_outage_on_the_last_day_gives_a_working_day_back() -> None:
    setting = with_outage(RECEIVER, "2026-03-06 10:00", "2026-03-06 23:00")
    course = Course(setting).issued("2026-03-05 10:00").hears("Delivered", "2026-03-05 10:01")
    assert course.due("sign") == "2026-03-09 23:59"


def test_an_outage_after_the_limit_cures_no_delay() -> None:
    setting = with_outage(RECEIVER, "2026-03-04 10:00", "2026-03-06 10:00")
    course = Course(setting).issued("2026-03-02 10:00").hears("Delivered", "2026-03-02 10:01")
    assert course.due("sign") == "2026-03-03 23:59"


def test_urgent_hours_are_given_back_to_the_minute() -> None:
    setting = with_outage(RECEIVER, "2026-03-02 23:00", "2026-03-03 01:30")
    course = Course(setting, urgent=True).issued("2026-03-02 22:00").hears("Delivered", "2026-03-02 22:00")
    assert course.due("handle") == "2026-03-04 00:30"
