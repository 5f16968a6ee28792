"""From events to records, under the rulebook that ships."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace
from tests.unit.ladder.histories import RECEIVER, SENDER, header, with_facts
from tests.unit.ladder.model import HUB_COURT, RULES

from xiezhi_domain.calendar import shipped_calendar
from xiezhi_domain.clocks import Accepted, Setting
from xiezhi_domain.court_time import parse_text
from xiezhi_domain.errors import FormatError
from xiezhi_domain.indicators import MatterRecord, Work, record_of
from xiezhi_domain.indicators.record import Judgement, Pause, Return
from xiezhi_domain.terms import Channel

# A Monday.
ISSUED = parse_text("2026-11-02 10:00")
HOUR = 3_600_000
SIDES = {
    "Issued": ("sender", "CENTRE_OFFICER"),
    "Delivered": ("receiver", ""),
    "Signed": ("receiver", "CENTRE_OFFICER"),
    "Assigned": ("receiver", "CENTRE_OFFICER"),
    "Completed": ("receiver", "JUDGE"),
    "Confirmed": ("sender", "JUDGE"),
    "ResultRejected": ("sender", "JUDGE"),
    "ContactLogged": ("receiver", "JUDGE"),
    "ReturnProposed": ("receiver", "JUDGE"),
    "Returned": ("receiver", "CENTRE_DIRECTOR"),
    "ReturnRefused": ("receiver", "CENTRE_DIRECTOR"),
    "Withdrawn": ("sender", "JUDGE"),
    "CallLogged": ("receiver", "DUTY_OFFICER"),
    "Suspended": ("sender", "JUDGE"),
    "Resumed": ("sender", "JUDGE"),
    "MaterialAsked": ("receiver", "CENTRE_OFFICER"),
    "Rerouted": ("hub", "CENTRE_DIRECTOR"),
    "ReturnObjected": ("sender", "JUDGE"),
    "ObjectionUpheld": ("hub", "CENTRE_DIRECTOR"),
    "ObjectionDismissed": ("hub", "CENTRE_DIRECTOR"),
    "Stopped": ("sender", "JUDGE"),
    "StopReported": ("receiver", "JUDGE"),
    "FromALaterVersion": ("sender", "JUDGE"),
}


def events(*told: tuple[str, float] | tuple[str, float, dict]) -> list[Accepted]:
    """A history: kind, hours after it was issued, facts."""
    made = []
    for seq, (kind, hours, *facts) in enumerate((("Issued", 0.0), *told), 1):
        told_facts = with_facts(header(kind, *SIDES[kind]), **(facts[0] if facts else {}))
        made.append(Accepted(seq, told_facts, ISSUED + round(hours * HOUR)))
    return made


def record(*told: tuple[str, float] | tuple[str, float, dict], issued: dict | None = None) -> MatterRecord:
    history = events(*told)
    first = history[0]
    history[0] = first._replace(header=with_facts(first.header, **(issued or {})))
    return made_of(history)


def made_of(history: Sequence[Accepted]) -> MatterRecord:
    made = record_of(history, {RULES.hash: RULES}, Setting(shipped_calendar(), HUB_COURT))
    assert made is not None
    return made


TO_WORK = (("Delivered", 1), ("Signed", 2), ("Assigned", 2))


def hours(number: float) -> int:
    return ISSUED + round(number * HOUR)


def test_a_matter_done_and_confirmed() -> None:
    made = record(*TO_WORK, ("Completed", 30), ("Confirmed", 40))
    assert (made.number, made.kind, made.work) == ("苏0591委〔2026〕1187号", "FIND", Work.COOPERATION)
    assert (made.sender, made.receiver, made.channel) == (SENDER, RECEIVER, Channel.PLATFORM)
    assert (made.accepted_at, made.arrived_at, made.start) == (ISSUED, hours(1), hours(1))
    assert (made.answered_at, made.signed_at, made.ended_at) == (hours(2), hours(2), hours(30))
    assert made.sign_due == parse_text("2026-11-03 23:59") + 59_999
    duty = Judgement(SENDER, hours(30), parse_text("2026-11-06 23:59") + 59_999, hours(40))
    assert made.judgements == (duty,)
    assert made.outcomes == {1: "DONE", 2: "NOT_DONE"}
    assert (made.left_at, made.returned, made.pauses) == (None, None, ())


def test_the_clock_of_what_does_not_arrive_starts_by_itself() -> None:
    fallback = parse_text("2026-11-03 23:59") + 59_999
    assert record().start == fallback
    assert record(("Delivered", 100)).start == fallback


def test_in_the_urgent_class_the_clock_starts_by_itself_only_after_a_call() -> None:
    urgent = {"urgent": True}
    assert record(issued=urgent).start is None
    assert record(issued=urgent).sign_due is None
    assert record(("CallLogged", 0.25), issued=urgent).start == hours(0.5)
    assert record(("Delivered", 0.2), issued=urgent).start == hours(0.2)


def test_a_clock_that_stands_still_has_no_end() -> None:
    stopped = record(*TO_WORK, ("Suspended", 30))
    assert (stopped.due, stopped.pauses) == (None, (Pause(hours(30)),))
    moved = record(*TO_WORK, ("Suspended", 30), ("Resumed", 78))
    assert moved.pauses == (Pause(hours(30), hours(78)),)
    assert moved.due > record(*TO_WORK).due
    late = record(*TO_WORK, ("Suspended", 24 * 30))
    assert late.due == record(*TO_WORK).due


def test_after_a_reroute_only_the_new_court_counts() -> None:
    other = "苏0509"
    told = (*TO_WORK, ("MaterialAsked", 3), ("Rerouted", 40))
    history = events(*told)
    last = history[-1]
    history[-1] = last._replace(header=replace(last.header, to=other))
    made = made_of(history)
    assert (made.receiver, made.accepted_at) == (other, hours(40))
    assert (made.arrived_at, made.signed_at, made.answered_at, made.papers_asked) == (None, None, None, False)
    assert made.start > hours(40)


def test_a_request_for_papers_answers_and_pauses() -> None:
    made = record(("Delivered", 1), ("MaterialAsked", 3))
    assert (made.answered_at, made.signed_at, made.papers_asked) == (hours(3), None, True)
    assert made.due is None


def test_an_upheld_objection_takes_the_return_back() -> None:
    told = (
        ("Delivered", 1),
        ("ReturnProposed", 2, {"reason": "OTHER"}),
        ("ContactLogged", 3),
        ("Returned", 4),
    )
    made = record(*told, ("ReturnObjected", 5), ("ObjectionUpheld", 6))
    assert (made.returned, made.overturned) == (None, (Return(hours(4), "OTHER"),))
    assert record(*told, ("ReturnObjected", 5), ("ObjectionDismissed", 6)).returned == Return(
        hours(4), "OTHER"
    )


def test_what_is_taken_over_is_ranked_from_the_next_month_on() -> None:
    assert record(*TO_WORK).ranked_from == 0
    assert record(*TO_WORK, issued={"backfilled": True}).ranked_from == parse_text("2026-12-01 00:00")


def test_a_matter_of_a_trial_is_in_no_figure() -> None:
    history = events(*TO_WORK)
    number = {"number": "苏0591试〔2026〕1187号"}
    history[0] = history[0]._replace(header=with_facts(history[0].header, **number))
    assert record_of(history, {RULES.hash: RULES}, Setting(shipped_calendar(), HUB_COURT)) is None


def test_what_was_stopped_has_left() -> None:
    assert record(*TO_WORK, ("Stopped", 5)).left_at == hours(5)
    assert record(*TO_WORK, ("Stopped", 5), ("StopReported", 9)).left_at == hours(9)


def test_a_rejected_report_is_none_and_the_next_one_counts() -> None:
    rejected = record(*TO_WORK, ("Completed", 30), ("ResultRejected", 40))
    assert (rejected.ended_at, rejected.outcomes) == (None, {1: "", 2: "NOT_DONE"})
    again = record(*TO_WORK, ("Completed", 30), ("ResultRejected", 40), ("Completed", 50))
    assert again.ended_at == hours(50)
    assert [duty.answered_at for duty in again.judgements] == [hours(40), None]


def test_a_return_has_the_reason_that_was_proposed() -> None:
    told = (("Delivered", 1), ("ReturnProposed", 2, {"reason": "WRONG_DISTRICT"}), ("ContactLogged", 3))
    assert record(*told, ("Returned", 4)).returned == Return(hours(4), "WRONG_DISTRICT")
    assert record(*told, ("ReturnRefused", 4)).returned is None


def test_what_was_withdrawn_has_left() -> None:
    assert record(("Delivered", 1), ("Withdrawn", 2)).left_at == hours(2)


def test_an_event_of_a_later_version_changes_nothing() -> None:
    assert record(*TO_WORK, ("FromALaterVersion", 5)) == record(*TO_WORK)


def test_the_state_is_read_at_the_cut_off() -> None:
    history = events(
        *TO_WORK, ("Completed", 30), ("ResultRejected", 40), ("Completed", 50), ("Confirmed", 60)
    )
    ends = [made_of(history[: length + 1]).ended_at for length in range(len(history))]
    assert ends == [None, None, None, None, hours(30), None, hours(50), hours(50)]


def test_a_history_begins_with_the_event_that_starts_it() -> None:
    with pytest.raises(FormatError):
        made_of([replaced(each) for each in events(*TO_WORK)[1:]])


def replaced(event: Accepted) -> Accepted:
    return event._replace(header=replace(event.header, rulebook=RULES.hash))
