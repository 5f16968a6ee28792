"""Lines of lists as the contract shows them at the hub: without names."""

from collections.abc import Iterator
from typing import Final

from xiezhi.v1 import instruction_pb2 as pb
from xiezhi_desk.terms import MARKS, STATES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.ladder import Result
from xiezhi_domain.terms import Mark
from xiezhi_journal.reading import MatterRow

_RESULTS: Final = {
    Result.ALL_DONE: pb.RESULT_ALL_DONE,
    Result.PARTLY_DONE: pb.RESULT_PARTLY_DONE,
    Result.NOT_DONE: pb.RESULT_NOT_DONE,
}


def to_summary(row: MatterRow, *, late: bool) -> pb.InstructionSummary:
    """Return the line of one matter; *late*: its receiver is past the limit."""
    return pb.InstructionSummary(
        instruction_id=row.instruction,
        matter_number=row.number,
        kind=row.kind,
        sender=row.sender,
        receiver=row.receiver,
        case_number=row.case_number,
        state=STATES.to_proto(row.state),
        marks=MARKS.all_to_proto(_marks(row, late=late)),
        issued_at=to_timestamp(row.issued_at),
        due_at=to_timestamp(row.due_at),
        updated_at=to_timestamp(row.updated_at),
        item_count=row.item_count,
        result=_RESULTS[Result(row.result)] if row.result else pb.RESULT_UNSPECIFIED,
        last_event_id=row.last_event,
    )


def _marks(row: MatterRow, *, late: bool) -> Iterator[Mark]:
    if row.urgent:
        yield Mark.URGENT
    if late:
        yield Mark.OVERDUE
    yield from row.marks
