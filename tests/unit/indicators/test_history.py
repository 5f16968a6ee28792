"""From events to records, under the rulebook that ships."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.unit.ladder.histories import RECEIVER, SENDER, header, with_facts
from tests.unit.ladder.model import RULES

from xiezhi_domain.calendar import shipped_calendar
from xiezhi_domain.court_time import parse_text
from xiezhi_domain.errors import FormatError
from xiezhi_domain.indicators import Accepted, MatterRecord, Work, record_of
from xiezhi_domain.indicators.clock import LimitTable, binding_due
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
    "FromALaterVersion": ("sender", "JUDGE"),
}


def events(*told: tuple[str, float] | tuple[str, float, dict]) -> list[Accepted]:
    """A history: kind, hours after it was issued, facts."""
    made = []
    for kind, hours, *facts in (("Issued", 0.0), *told):
        plain = header(kind, *SIDES[kind])
        made.append(Accepted(with_facts(plain, **(facts[0] if facts else {})), ISSUED + round(hours * HOUR)))
    return made


def record(*told: tuple[str, float] | tuple[str, float, dict], issued: dict | None = None) -> MatterRecord:
    history = events(*told)
    first = history[0]
    history[0] = first._replace(header=with_facts(first.header, **(issued or {})))
    return made_of(history)


def made_of(history: Sequence[Accepted]) -> MatterRecord:
    made = record_of(history, {RULES.hash: RULES}, shipped_calendar())
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
    rules = RULES.kind("FIND")
    arrival = replace(rules.limits["arrival"], needs_call=True)
    limits = LimitTable(replace(rules, limits={"arrival": arrival}), shipped_calendar(), urgent=True)
    assert limits.start(ISSUED, None, called=False) is None
    assert limits.start(ISSUED, None, called=True) == hours(0.5)
    assert limits.start(ISSUED, hours(0.25), called=True) == hours(0.25)


def test_a_clock_that_stands_still_has_no_end() -> None:
    assert binding_due(10, [Pause(2, 4)]) == 10
    assert binding_due(10, [Pause(2, 4), Pause(9)]) is None
    assert binding_due(10, [Pause(11)]) == 10


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
