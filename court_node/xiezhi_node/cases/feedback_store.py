"""The outbox of results on their way into the case system. Functions for the journal's `read` and `write`."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, select, update

from xiezhi.v1 import case_service_pb2, case_source_pb2, event_pb2, instruction_pb2
from xiezhi_desk import bodies
from xiezhi_domain.ladder.instruction import decode_instruction
from xiezhi_domain.terms import EventKind
from xiezhi_journal import tables
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.reading.paging import Page, token_after
from xiezhi_node.cases.following import put_place, read_place

AT_ONCE = 50
_NAME = "case_feedback"
_feedback = tables.case_feedback.c
_event = tables.event.c
_matter = tables.instruction.c


@dataclass(frozen=True, slots=True)
class Waiting:
    """A result that the case system has not taken: its message and how often that failed."""

    message: case_source_pb2.CaseFeedback
    failures: int


def newest_position(connection: Connection) -> int:
    """Return the position of the last event stored."""
    return connection.scalar(select(tables.head.c.position)) or 0


def has_news(connection: Connection, after: int) -> bool:
    """Return whether results have come behind *after* that are not in the outbox."""
    return connection.execute(_news(connection).where(_event.position > after).limit(1)).first() is not None


def gather(connection: Connection, now: int) -> int:
    """Put the results that were accepted since the last time into the outbox; returns how many."""
    rows = connection.execute(_news(connection).order_by(_event.position)).all()
    if rows:
        new = [(row.event_id, row.instruction, row.case_number, row.position, now, 0, "", 0) for row in rows]
        insert_rows(connection, tables.case_feedback, new)
        put_place(connection, _NAME, str(rows[-1].position))
    return len(rows)


def _news(connection: Connection) -> Select[Any]:
    """Return the query for accepted results behind the last one gathered.

    The other court's events are stored in the order of their positions, each with its ruling.
    """
    place = int(read_place(connection, _NAME) or 0)
    return (
        select(_event.event_id, _event.instruction, _event.position, _matter.case_number)
        .join(tables.instruction, _matter.instruction == _event.instruction)
        .join(tables.ruling, tables.ruling.c.position == _event.position)
        .where(_event.position > place, _event.kind == EventKind.COMPLETED)
        .where(_matter.sent, _matter.case_number != "", tables.ruling.c.accepted)
    )


def read_waiting(connection: Connection, now: int) -> list[Waiting]:
    """Return what is to be tried now, oldest first, up to a handful."""
    query = (
        select(tables.case_feedback, _matter.number, _matter.kind, _matter.receiver, _matter.accepted)
        .add_columns(tables.body.c.content, tables.ruling.c.ruled_at)
        .join(tables.instruction, _matter.instruction == _feedback.instruction)
        .join(tables.body, tables.body.c.position == _feedback.position)
        .join(tables.ruling, tables.ruling.c.position == _feedback.position)
        .where(_feedback.sent_at == 0, _feedback.next_at <= now)
        .order_by(_feedback.position)
        .limit(AT_ONCE)
    )
    return [Waiting(_message(row), row.failures) for row in connection.execute(query)]


def note_sent(connection: Connection, event_id: str, now: int) -> None:
    """Note that the case system has taken a result."""
    change = update(tables.case_feedback).where(_feedback.event_id == event_id)
    connection.execute(change.values(sent_at=now, problem=""))


def note_failure(connection: Connection, event_id: str, problem: str, next_at: int) -> None:
    """Note that a try failed, why, and when the next one is."""
    change = update(tables.case_feedback).where(_feedback.event_id == event_id, _feedback.sent_at == 0)
    connection.execute(change.values(failures=_feedback.failures + 1, problem=problem, next_at=next_at))


def list_feedback(
    connection: Connection, page: Page, *, waiting_only: bool, also: ColumnElement[bool]
) -> case_service_pb2.ListCaseFeedbackResponse:
    """Return a page of results, newest first, of the matters that *also* lets through.

    :raises InvalidInput: a token of another list.
    """
    query = select(tables.case_feedback).join(
        tables.instruction, _matter.instruction == _feedback.instruction
    )
    query = query.where(also)
    if waiting_only:
        query = query.where(_feedback.sent_at == 0)
    after = page.after(int)
    if after is not None:
        query = query.where(_feedback.position < after[0])
    found = connection.execute(query.order_by(_feedback.position.desc()).limit(page.size + 1)).all()
    shown = found[: page.size]
    token = token_after(shown[-1].position) if len(found) > len(shown) else ""
    return case_service_pb2.ListCaseFeedbackResponse(
        feedback=[_status(row) for row in shown], next_page_token=token
    )


def _message(row: Row[Any]) -> case_source_pb2.CaseFeedback:
    body = event_pb2.Body.FromString(row.content)
    message = case_source_pb2.CaseFeedback(
        feedback_id=row.event_id,
        case_number=row.case_number,
        instruction_id=row.instruction,
        matter_number=row.number,
        kind=row.kind,
        receiver=row.receiver,
        outcomes=bodies.outcomes_of(body),
        text=bodies.prose_of(body).text,
        documents=bodies.documents_of(body),
    )
    message.reported_at.FromMilliseconds(row.ruled_at)
    result = decode_instruction(row.accepted).result if row.accepted else None
    if result:
        message.result = instruction_pb2.Result.Value(f"RESULT_{result}")
    return message


def _status(row: Row[Any]) -> case_service_pb2.CaseFeedbackStatus:
    status = case_service_pb2.CaseFeedbackStatus(
        feedback_id=row.event_id,
        instruction_id=row.instruction,
        case_number=row.case_number,
        failures=row.failures,
        problem=row.problem,
    )
    if row.sent_at:
        status.sent_at.FromMilliseconds(row.sent_at)
    return status
