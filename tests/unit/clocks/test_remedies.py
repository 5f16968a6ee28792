"""What moves a deadline: extension, suspension, rework, reroute, an upheld objection (practice.md §5–§7)."""

from tests.unit.clocks.course import RECEIVER, SENDER, THIRD, Course

from xiezhi_domain.court_time import parse_text, to_text
from xiezhi_domain.terms import DeadlineState, State, TimeVerdict


def at_work() -> Course:
    """Arrived on Monday, 2 March 2026: due on Monday, 9 March."""
    return (
        Course()
        .issued("2026-03-02 10:00")
        .hears("Delivered", "2026-03-02 10:00")
        .hears("Signed", "2026-03-02 11:00")
    )


def test_a_limit_that_is_met_is_met_once() -> None:
    course = at_work().hears("Completed", "2026-03-09 23:00", State.REPORTED)
    handle = course.of("handle")
    assert (handle.state, handle.verdict) == (DeadlineState.MET, TimeVerdict.IN_TIME)
    assert to_text(handle.ended_at) == "2026-03-09 23:00"
    assert (course.of("confirm").owner, course.due("confirm")) == (SENDER, "2026-03-12 23:59")


def test_a_limit_that_is_met_too_late_stays_breached() -> None:
    handle = at_work().hears("Completed", "2026-03-10 00:00", State.REPORTED).of("handle")
    assert (handle.state, handle.verdict) == (DeadlineState.BREACHED, TimeVerdict.LATE)


def test_a_granted_extension_binds() -> None:
    course = at_work().hears("Extended", "2026-03-06 10:00", stated_due=parse_text("2026-03-16 23:59"))
    assert course.due("handle") == "2026-03-16 23:59"
    assert course.due("sign") == "2026-03-03 23:59"


def test_an_extension_never_shortens() -> None:
    course = at_work().hears("Extended", "2026-03-06 10:00", stated_due=parse_text("2026-03-07 23:59"))
    assert course.due("handle") == "2026-03-09 23:59"


def test_what_is_left_before_a_suspension_is_left_after_it() -> None:
    course = at_work().hears("Paused", "2026-03-04 15:00", State.SUSPENDED)
    assert course.of("handle").state is DeadlineState.PAUSED
    assert course.of("handle").state_at(parse_text("2026-05-01 10:00")) is DeadlineState.PAUSED
    course.hears("Resumed", "2026-04-01 09:00")
    assert (course.of("handle").state, course.due("handle")) == (DeadlineState.RUNNING, "2026-04-07 23:59")
    assert [(to_text(start), to_text(end)) for start, end in course.of("handle").pauses] == [
        ("2026-03-04 15:00", "2026-04-01 09:00")
    ]


def test_an_extension_during_a_second_suspension_keeps_its_order() -> None:
    course = (
        at_work().hears("Paused", "2026-03-04 15:00", State.SUSPENDED).hears("Resumed", "2026-03-05 09:00")
    )
    assert course.due("handle") == "2026-03-10 23:59"
    course.hears("Extended", "2026-03-06 10:00", stated_due=parse_text("2026-03-20 23:59"))
    course.hears("Paused", "2026-03-09 15:00", State.SUSPENDED).hears("Resumed", "2026-03-11 09:00")
    assert course.due("handle") == "2026-03-23 23:59"


def test_rework_has_the_larger_of_what_is_left_and_the_minimum() -> None:
    early = at_work().hears("Completed", "2026-03-03 10:00", State.REPORTED)
    early.hears("Rejected", "2026-03-04 10:00", State.REWORK)
    assert (early.of("handle").round, early.due("handle")) == (2, "2026-03-09 23:59")
    late = at_work().hears("Completed", "2026-03-09 10:00", State.REPORTED)
    late.hears("Rejected", "2026-03-10 10:00", State.REWORK)
    assert (late.of("handle").round, late.due("handle")) == (2, "2026-03-13 23:59")
    assert late.of("confirm").state is DeadlineState.MET


def test_a_reroute_starts_afresh_and_charges_the_new_court() -> None:
    course = (
        Course().issued("2026-03-02 10:00").hears("Delivered", "2026-03-02 10:00", State.AWAITING_SIGNATURE)
    )
    course.receiver = THIRD
    course.hears("Rerouted", "2026-03-04 10:00", State.IN_TRANSIT)
    course.hears("Delivered", "2026-03-04 10:05", State.AWAITING_SIGNATURE)
    assert (course.due("sign"), course.due("handle")) == ("2026-03-05 23:59", "2026-03-11 23:59")
    owners = {(each.clock, each.round): (each.owner, each.state) for each in course.clocks.deadlines}
    assert owners["sign", 1] == (RECEIVER, DeadlineState.BREACHED)
    assert owners["handle", 1] == (RECEIVER, DeadlineState.CANCELLED)
    assert owners["handle", 2] == (THIRD, DeadlineState.RUNNING)


def test_an_upheld_objection_resumes_under_the_original_limit() -> None:
    course = at_work().hears("Returned", "2026-03-04 10:00", State.RETURNED)
    assert course.of("handle").state is DeadlineState.CANCELLED
    course.hears("Upheld", "2026-03-06 10:00", State.IN_PROGRESS)
    assert (course.of("handle").state, course.due("handle")) == (DeadlineState.RUNNING, "2026-03-09 23:59")
    assert course.of("sign").state is DeadlineState.MET


def test_a_final_state_ends_every_clock() -> None:
    course = Course().issued("2026-03-02 10:00").hears("Other", "2026-03-02 11:00", State.WITHDRAWN)
    assert not [each for each in course.clocks.deadlines if each.is_open]


def test_a_clock_that_starts_after_the_end_runs() -> None:
    course = at_work().hears("Completed", "2026-03-04 10:00", State.REPORTED)
    course.hears("Confirmed", "2026-03-05 10:00", State.CONFIRMED)
    course.hears("Completed", "2026-03-06 10:00", State.CONFIRMED)
    assert (course.of("confirm").round, course.of("confirm").state) == (2, DeadlineState.RUNNING)
    course.hears("Other", "2026-03-07 10:00", State.CONFIRMED)
    assert course.of("confirm").is_open


def test_an_event_that_no_clock_hears_changes_nothing() -> None:
    course = at_work()
    before = course.clocks
    assert course.hears("Other", "2026-03-03 10:00").clocks is before
