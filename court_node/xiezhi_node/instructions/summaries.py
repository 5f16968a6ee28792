"""Rows of lists as messages."""

from collections.abc import Iterator

from xiezhi.v1 import instruction_pb2
from xiezhi_desk.terms import MARKS, STATES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.calendar import WorkingCalendar
from xiezhi_domain.court_time import to_date
from xiezhi_domain.terms import Mark
from xiezhi_journal.reading import MatterRow, is_overdue
from xiezhi_node.seat import Seat


def to_summary(row: MatterRow, seat: Seat, now: int) -> instruction_pb2.InstructionSummary:
    """Return the line of a matter as it stands at *now* (ms)."""
    summary = instruction_pb2.InstructionSummary(
        instruction_id=row.instruction,
        matter_number=row.number,
        kind=row.kind,
        sender=row.sender,
        receiver=row.receiver,
        case_number=row.case_number,
        state=STATES.to_proto(row.state),
        marks=[MARKS.to_proto(mark) for mark in _marks(row, seat, now)],
        subject_names=row.subject_names,
        officer=row.officer_name,
        issued_at=to_timestamp(row.issued_at) if row.issued_at else None,
        due_at=to_timestamp(row.due_at) if row.due_at else None,
        updated_at=to_timestamp(row.updated_at),
        item_count=row.item_count,
        last_event_id=row.last_event,
    )
    if row.result:
        summary.result = instruction_pb2.Result.Value(f"RESULT_{row.result}")
    return summary


def _marks(row: MatterRow, seat: Seat, now: int) -> Iterator[Mark]:
    if row.urgent:
        yield Mark.URGENT
    if is_overdue(row, now):
        yield Mark.OVERDUE
    elif row.open and row.due_at and is_due_soon(row.due_at, now, seat.calendar):
        yield Mark.DUE_SOON
    yield from row.marks
    rules = seat.rulebook.kinds.get(row.kind)
    if rules is not None and rules.confidential:
        yield Mark.CONFIDENTIAL
    if row.due_at and seat.calendar.is_provisional(to_date(row.due_at)):
        yield Mark.PROVISIONAL
    if row.pending:
        yield Mark.PENDING


def is_due_soon(due_at: int, now: int, calendar: WorkingCalendar) -> bool:
    """Return whether a matter is due by the next working day (practice.md §8: the last reminder)."""
    return now <= due_at and to_date(due_at) <= calendar.add_working_days(to_date(now), 1)
