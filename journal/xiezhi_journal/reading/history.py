"""Events as readers get them: the history of a matter, what has changed, what waits for the hub."""

from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, Select, bindparam, func, null, select

from xiezhi.v1 import event_pb2
from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_journal import tables

MAX_OUTGOING_BYTES = 1024 * 1024

PENDING = -1
"""The log index of an event that the hub has not ruled on."""


class EventRow(Protocol):
    """What a row needs to become a message: rows of histories and of feeds have it."""

    @property
    def header(self) -> bytes:
        """The exact bytes signed."""

    @property
    def push(self) -> bytes:
        """PushProof, serialised."""

    @property
    def body(self) -> bytes | None:
        """Body, serialised; None where it was not asked for or there is none."""

    @property
    def ruling(self) -> bytes | None:
        """The exact bytes in the log entry; None while pending."""

    @property
    def log_index(self) -> int:
        """Index of the log entry; meaningless while pending."""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """An event and what the hub made of it; `accepted` is None and `log_index` -1 while it is pending."""

    position: int
    event_id: str
    instruction: str
    kind: str
    court: str
    journal_position: int
    header: bytes
    push: bytes
    body: bytes | None
    ruling: bytes | None
    log_index: int
    accepted: bool | None
    seq: int
    reason: str
    winner: str
    ruled_at: int


@dataclass(frozen=True, slots=True)
class Change:
    """One change as watchers are told of it; the event is shown as it is now, not as it was then."""

    cursor: int
    event: HistoryRow


class OutboxEvent(NamedTuple):
    """An own event that the hub has not ruled on, as it is pushed."""

    journal_position: int
    instruction: str
    event: StoredEvent


def history(connection: Connection, instruction: str, *, bodies: bool = False) -> list[HistoryRow]:
    """Return the events of a matter: ruled ones, refused ones included, in the order of the log, then pending ones."""
    event, ruling = tables.event, tables.ruling
    query = (
        _events(bodies=bodies)
        .where(event.c.instruction == instruction)
        .order_by(ruling.c.log_index.is_(None), ruling.c.log_index, event.c.position)
    )
    return [_row(row) for row in connection.execute(query)]


def changes_after(connection: Connection, change: int, limit: int, *, bodies: bool = False) -> list[Change]:
    """Return up to *limit* changes after cursor *change*, oldest first."""
    values = {"change": change, "limit": limit}
    return [Change(row.change, _row(row)) for row in connection.execute(_changes(bodies=bodies), values)]


def pending_after(
    connection: Connection, journal_position: int, limit: int, max_bytes: int = MAX_OUTGOING_BYTES
) -> list[OutboxEvent]:
    """Return events of the outbox after *journal_position*, oldest first, ready to be pushed.

    Up to *limit* and of about *max_bytes*, but at least one if there is one.
    """
    last = _last_that_fits(connection, journal_position, limit, max_bytes)
    if last == journal_position:
        return []
    rows = connection.execute(_outbox(), {"after": journal_position, "last": last})
    return [
        OutboxEvent(position, instruction, StoredEvent(header=header, push=push, body=body))
        for position, instruction, header, push, body in rows
    ]


def _last_that_fits(connection: Connection, after: int, limit: int, max_bytes: int) -> int:
    """Return the journal position up to which the outbox makes about *max_bytes*, looking at sizes alone."""
    room, last = max_bytes, after
    for position, bytes_ in connection.execute(_outbox_sizes(), {"after": after, "limit": limit}):
        room -= bytes_
        if last > after and room < 0:
            break
        last = position
    return last


def ruled_records(connection: Connection, first: int, end: int, limit: int) -> list[StoredEvent]:
    """Return up to *limit* of the events that lie here and that the log has from index *first* to before *end*."""
    log_index = tables.ruling.c.log_index
    query = _events(bodies=True).where(log_index >= first, log_index < end).order_by(log_index).limit(limit)
    return [
        StoredEvent(
            header=row.header, push=row.push, body=row.body, ruling=row.ruling, log_index=row.log_index
        )
        for row in connection.execute(query)
    ]


def find_by_number(connection: Connection, number: str) -> str | None:
    """Return the id of the matter with this number, as said on the phone; None if there is none."""
    table = tables.instruction
    query = select(table.c.instruction).where(table.c.number == number).order_by(table.c.instruction.desc())
    return connection.scalar(query.limit(1))


def event_record(row: EventRow) -> event_pb2.EventRecord:
    """Return the message of an event with everything that proves it, as far as the row has it."""
    record = event_pb2.EventRecord(
        header=row.header,
        push=event_pb2.PushProof.FromString(row.push),
        ruling=row.ruling or b"",
        log_index=row.log_index if row.ruling else 0,
    )
    if row.body is not None:
        record.body.MergeFromString(row.body)
    return record


# Queries of the hot path are built once: building one costs SQLAlchemy ten times as much as running it.


@cache
def _changes(*, bodies: bool) -> Select[Any]:
    table = tables.change
    return (
        _events(bodies=bodies)
        .add_columns(table.c.change)
        .join(table, table.c.position == tables.event.c.position)
        .where(table.c.change > bindparam("change"))
        .order_by(table.c.change)
        .limit(bindparam("limit"))
    )


@cache
def _outbox() -> Select[Any]:
    table, event, body = tables.pending, tables.event, tables.body
    return (
        select(table.c.journal_position, table.c.instruction, event.c.header, event.c.push, body.c.content)
        .join(event, event.c.position == table.c.position)
        .join(body, body.c.position == table.c.position, isouter=True)
        .where(table.c.journal_position > bindparam("after"), table.c.journal_position <= bindparam("last"))
        .order_by(table.c.journal_position)
    )


@cache
def _outbox_sizes() -> Select[Any]:
    table, event, body = tables.pending, tables.event, tables.body
    size = (
        func.length(event.c.header)
        + func.length(event.c.push)
        + func.coalesce(func.length(body.c.content), 0)
    )
    return (
        select(table.c.journal_position, size)
        .join(event, event.c.position == table.c.position)
        .join(body, body.c.position == table.c.position, isouter=True)
        .where(table.c.journal_position > bindparam("after"))
        .order_by(table.c.journal_position)
        .limit(bindparam("limit"))
    )


def _events(*, bodies: bool) -> Select[Any]:
    event, ruling, body = tables.event, tables.ruling, tables.body
    content = body.c.content if bodies else null()
    query = select(
        event,
        content.label("body"),
        ruling.c.ruling,
        ruling.c.log_index,
        ruling.c.accepted,
        ruling.c.seq,
        ruling.c.reason,
        ruling.c.winner,
        ruling.c.ruled_at,
    ).join_from(event, ruling, ruling.c.position == event.c.position, isouter=True)
    return query.join(body, body.c.position == event.c.position, isouter=True) if bodies else query


def _row(row: Any) -> HistoryRow:
    return HistoryRow(
        position=row.position,
        event_id=row.event_id,
        instruction=row.instruction,
        kind=row.kind,
        court=row.court,
        journal_position=row.journal_position,
        header=row.header,
        push=row.push,
        body=row.body,
        ruling=row.ruling,
        log_index=PENDING if row.log_index is None else row.log_index,
        accepted=row.accepted,
        seq=row.seq or 0,
        reason=row.reason or "",
        winner=row.winner or "",
        ruled_at=row.ruled_at or 0,
    )
