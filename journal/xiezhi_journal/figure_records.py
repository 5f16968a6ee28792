"""The records that figures are counted from, kept as rows: a projection that follows the log behind the writer.

Every row says which events it is made of, so that it is used where it is exact and nowhere else; what has no such row
is folded by who asks. How far the rows have come is counted in marks: entries of the log at the hub, changes at a
node, where entries of different lanes come in another order than the log's.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from importlib.metadata import version
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, delete, select

from xiezhi_domain.events.kinds import DIRECTORY_EVENTS
from xiezhi_domain.indicators import MatterRecord
from xiezhi_domain.indicators.kept import FORM, decode_record, encode_record
from xiezhi_journal import tables
from xiezhi_journal.bulk import upsert_rows
from xiezhi_journal.clockwork import Clockwork

_ONLY_ROW = 1


class Cursor(NamedTuple):
    """Every matter that had changed up to `mark` has its record as `judged_by` has it, or a newer one."""

    mark: int
    judged_by: bytes


class Made(NamedTuple):
    """What a record is made of: all events up to `mark` at least, of which the last has the log index `last_index`."""

    mark: int
    last_index: int


class KeptRecord(NamedTuple):
    """The record of a matter and what it is made of; None for a matter that no figure counts."""

    instruction: str
    made: Made
    record: MatterRecord | None


def judging_hash(clockwork: Clockwork) -> bytes:
    """Return what stands for all that a record is judged by but the events of its matter."""
    told = (FORM, version("xiezhi"), clockwork.calendar.content_hash, clockwork.outages)
    return hashlib.sha256(repr(told).encode()).digest()


def read_cursor(connection: Connection) -> Cursor:
    """Return how far the records have come."""
    table = tables.figure_cursor
    row = connection.execute(select(table.c.mark, table.c.judged_by)).one_or_none()
    return Cursor(0, b"") if row is None else Cursor(*row)


def newest_mark(connection: Connection) -> int:
    """Return the mark of now."""
    head = tables.head.c
    row = connection.execute(select(head.log_size, head.change)).one_or_none()
    return 0 if row is None else row.log_size or row.change


def changed_after(connection: Connection, mark: int) -> dict[str, int]:
    """Return the matters that were changed after *mark*, each with the mark of its last change."""
    # Gathered here: to group them, a database would rather go through all events by matter.
    return {row.instruction: row.mark for row in connection.execute(_changes(connection, mark))}


def next_changes(connection: Connection, mark: int, limit: int) -> tuple[int, dict[str, int]]:
    """Return the mark after up to *limit* changes after *mark*, and the matters changed, each with its last mark."""
    rows = connection.execute(_changes(connection, mark).limit(limit)).all()
    return (rows[-1].mark if rows else mark), {row.instruction: row.mark for row in rows}


def made_of(connection: Connection, matters: Collection[str], judged_by: bytes) -> dict[str, Made]:
    """Return what the rows of *matters* that are judged alike are made of."""
    table = tables.figure_record
    query = select(table.c.instruction, table.c.mark, table.c.last_index)
    rows = connection.execute(query.where(table.c.instruction.in_(matters), table.c.judged_by == judged_by))
    return {row.instruction: Made(row.mark, row.last_index) for row in rows}


def read_records(connection: Connection, matters: Collection[str]) -> Mapping[str, KeptRecord]:
    """Return the rows of *matters*, as far as there are any."""
    table = tables.figure_record
    rows = connection.execute(select(table).where(table.c.instruction.in_(matters)))
    return {
        row.instruction: KeptRecord(
            row.instruction,
            Made(row.mark, row.last_index),
            decode_record(row.content) if row.content else None,
        )
        for row in rows
    }


def keep_records(connection: Connection, cursor: Cursor, records: Sequence[KeptRecord]) -> None:
    """Write rows, and how far they have come; in a transaction of the writer."""
    rows = [(each.instruction, cursor.judged_by, *each.made, _content(each.record)) for each in records]
    upsert_rows(connection, tables.figure_record, rows)
    upsert_rows(connection, tables.figure_cursor, [(_ONLY_ROW, cursor.judged_by, cursor.mark)])


def drop_records(connection: Connection) -> None:
    """Drop all rows: they are made again by the program that runs, in the background."""
    connection.execute(delete(tables.figure_record))
    connection.execute(delete(tables.figure_cursor))


def _content(record: MatterRecord | None) -> str:
    return "" if record is None else encode_record(record)


def _changes(connection: Connection, after: int) -> Select[Any]:
    """Return the changes of matters after a mark, in order: accepted entries, at a node what it stored or was told.

    Told and ordered by the columns themselves, which have indexes, so that nobody reads what came before the mark.
    """
    event, ruling, change = tables.event, tables.ruling, tables.change
    if connection.scalar(select(tables.head.c.log_size)):
        marks = select((ruling.c.log_index + 1).label("mark"), event.c.instruction)
        marks = marks.join(event, event.c.position == ruling.c.position).where(ruling.c.accepted)
        marks = marks.where(ruling.c.log_index >= after).order_by(ruling.c.log_index)
    else:
        marks = select(change.c.change.label("mark"), event.c.instruction)
        marks = marks.join(event, event.c.position == change.c.position)
        marks = marks.where(change.c.change > after).order_by(change.c.change)
    return marks.where(event.c.kind.not_in(DIRECTORY_EVENTS))
