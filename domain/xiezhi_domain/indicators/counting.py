"""How each indicator counts: one matter and one period in, the units that it adds out (indicators.md).

A unit adds 1 to the denominator of a rate and its `amount` to the numerator: 1 or 0 for a rate, ms for a time.
What is counted lies where its moment lies, so that the parts of a period add up to the whole; what is open past a
limit is counted at the period's end.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from xiezhi_domain.indicators.period import Period
from xiezhi_domain.indicators.record import MatterRecord, Return, Work
from xiezhi_domain.terms import Indicator, Variant


class Unit(NamedTuple):
    """One unit of an indicator, charged to `court`; `label` is the reason of a return."""

    court: str
    amount: int
    label: str = ""
    provisional: bool = False


Units = Iterator[Unit]
Counting = Callable[[MatterRecord, Period], Units]

_PAPER_REASONS: Final = frozenset({"PAPERS_MISSING", "PAPERS_WRONG"})
"""Reasons of a return that are the sender's papers."""


def _handling(matter: MatterRecord, period: Period) -> Units:
    """事项受托平均用时: from the start of the clock to the report, pauses taken off."""
    for whole, start, end in _handled(matter, period, matter.begun_at):
        yield Unit(matter.receiver, whole - matter.paused_ms(start, end))


def _handling_from_signing(matter: MatterRecord, period: Period) -> Units:
    """自签收起: from the signature instead."""
    for whole, start, end in _handled(matter, period, matter.signed_at):
        yield Unit(matter.receiver, whole - matter.paused_ms(start, end))


def _handling_with_pauses(matter: MatterRecord, period: Period) -> Units:
    """不扣除: pauses stay in."""
    for whole, _, _ in _handled(matter, period, matter.begun_at):
        yield Unit(matter.receiver, whole)


def _handled(matter: MatterRecord, period: Period, start: int | None) -> Iterator[tuple[int, int, int]]:
    if _is_finished(matter, period) and matter.ended_at is not None:
        begun = matter.accepted_at if start is None else start
        yield matter.ended_at - begun, begun, matter.ended_at


def _completed_in_time(matter: MatterRecord, period: Period) -> Units:
    """期限内办结率: what is finished, and what is open past its limit."""
    yield from _completed_in_time_of_finished(matter, period)
    if _counts(matter) and _is_overdue_at_end(matter, period):
        yield Unit(matter.receiver, 0)


def _completed_in_time_of_finished(matter: MatterRecord, period: Period) -> Units:
    """仅办结口径: what is finished alone."""
    if _is_finished(matter, period):
        yield Unit(matter.receiver, int(matter.is_in_time))


def _supervision_in_time(matter: MatterRecord, period: Period) -> Units:
    """督办事项期限内办结率: a reply under review counts provisionally; what is returned does not."""
    if matter.work is not Work.SUPERVISION or matter.left_at is not None:
        return
    if period.contains(matter.ended_at):
        yield Unit(matter.receiver, int(matter.is_in_time), provisional=matter.under_review)
    elif _is_overdue_at_end(matter, period):
        yield Unit(matter.receiver, 0)


def _signed_in_time(matter: MatterRecord, period: Period) -> Units:
    """签收及时率. Withdrawn before the sign limit: out; withdrawn later, unanswered: it had been left lying."""
    due, answered = matter.sign_due, matter.answered_at
    if matter.work is not Work.COOPERATION or due is None:
        return
    in_time = answered is not None and answered <= due
    if matter.left_at is not None:
        if answered is not None or matter.left_at <= due:
            return
        answered = matter.left_at
    if period.contains(answered):
        yield Unit(matter.receiver, int(in_time))
    elif due < period.end_ms and not period.has_ended_by(answered) and not _is_returned_by(matter, period):
        yield Unit(matter.receiver, 0)


def _returned_received(matter: MatterRecord, period: Period) -> Units:
    """退回率 of the receiver."""
    return _returned(matter, period, matter.receiver)


def _returned_sent(matter: MatterRecord, period: Period) -> Units:
    """被退回率 of the sender."""
    return _returned(matter, period, matter.sender)


def _returned(matter: MatterRecord, period: Period, court: str) -> Units:
    if _is_finished(matter, period):
        yield Unit(court, 0)
    if _counts(matter) and matter.returned is not None and period.contains(matter.returned.at):
        yield Unit(court, 1, matter.returned.reason)


def _wrongly_returned(matter: MatterRecord, period: Period) -> Units:
    """不当退回数: returns of the period that were overturned since."""
    if _counts(matter):
        for each in matter.overturned:
            if period.contains(each.at):
                yield Unit(matter.receiver, 1, each.reason)


def _confirmed_in_time(matter: MatterRecord, period: Period) -> Units:
    """确认及时率: every report asks the sender once; a matter that was reported twice counts twice."""
    if not _counts(matter):
        return
    for duty in matter.judgements:
        if duty.due is None:
            continue
        if period.contains(duty.answered_at):
            yield Unit(duty.court, int(duty.answered_at is not None and duty.answered_at <= duty.due))
        elif duty.due < period.end_ms and not period.has_ended_by(duty.answered_at):
            yield Unit(duty.court, 0)


def _passed_at_once(matter: MatterRecord, period: Period) -> Units:
    """一次通过率: signed for, and never sent back for papers."""
    if _counts(matter) and period.contains(matter.signed_at):
        returns: tuple[Return, ...] = (*matter.overturned, *filter(None, (matter.returned,)))
        sent_back = matter.papers_asked or any(each.reason in _PAPER_REASONS for each in returns)
        yield Unit(matter.sender, int(not sent_back))


def _arrival(matter: MatterRecord, period: Period) -> Units:
    """到达用时: from the hub's acceptance to the arrival at the court's node."""
    if _counts(matter) and matter.arrived_at is not None and period.contains(matter.arrived_at):
        yield Unit(matter.receiver, matter.arrived_at - matter.accepted_at)


def _counts(matter: MatterRecord) -> bool:
    """Say whether the matter is in the rates of cooperation at all: 撤回 and 终止 are out."""
    return matter.work is Work.COOPERATION and matter.left_at is None


def _is_finished(matter: MatterRecord, period: Period) -> bool:
    """Say whether it belongs to F: its last report that was not rejected lies in the period."""
    return _counts(matter) and period.contains(matter.ended_at)


def _is_overdue_at_end(matter: MatterRecord, period: Period) -> bool:
    """Say whether it belongs to O: open at the end of the period, its limit passed."""
    past = matter.due is not None and matter.due < period.end_ms
    return past and not period.has_ended_by(matter.ended_at) and not _is_returned_by(matter, period)


def _is_returned_by(matter: MatterRecord, period: Period) -> bool:
    return matter.returned is not None and period.has_ended_by(matter.returned.at)


COUNTINGS: Final[Mapping[tuple[Indicator, Variant], Counting]] = {
    (Indicator.HANDLING_DAYS, Variant.STANDARD): _handling,
    (Indicator.HANDLING_DAYS, Variant.FROM_SIGNING): _handling_from_signing,
    (Indicator.HANDLING_DAYS, Variant.PAUSES_COUNTED): _handling_with_pauses,
    (Indicator.COMPLETED_IN_TIME, Variant.STANDARD): _completed_in_time,
    (Indicator.COMPLETED_IN_TIME, Variant.FINISHED_ONLY): _completed_in_time_of_finished,
    (Indicator.SUPERVISION_IN_TIME, Variant.STANDARD): _supervision_in_time,
    (Indicator.SIGNED_IN_TIME, Variant.STANDARD): _signed_in_time,
    (Indicator.RETURNED_RECEIVED, Variant.STANDARD): _returned_received,
    (Indicator.RETURNED_SENT, Variant.STANDARD): _returned_sent,
    (Indicator.WRONGLY_RETURNED, Variant.STANDARD): _wrongly_returned,
    (Indicator.CONFIRMED_IN_TIME, Variant.STANDARD): _confirmed_in_time,
    (Indicator.PASSED_AT_ONCE, Variant.STANDARD): _passed_at_once,
    (Indicator.ARRIVAL_DAYS, Variant.STANDARD): _arrival,
}
