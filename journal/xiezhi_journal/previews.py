"""Which rows of deadlines are stale at a node: they are previews, made again when somebody asks for a list.

Storing an event costs nothing for them. What has changed is read from the changes that watchers are told, from the
mark on; a calendar or an outage, which may move every deadline, lets all open rows be looked at again.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, literal_column, select, update

from xiezhi_domain.escalation.climb import NEVER
from xiezhi_domain.events.kinds import DIRECTORY_EVENTS, TIME_EVENTS
from xiezhi_journal import tables
from xiezhi_journal.bulk import insert_rows, upsert_rows

_MARK: Final = "previewed"
_DEADLINE = tables.deadline
_OPEN: Final[ColumnElement[bool]] = literal_column("deadline.open")


class Stale(NamedTuple):
    """Matters whose rows have to be made again, and the change that they then show; `moves_all`: time has moved."""

    matters: tuple[str, ...]
    change: int
    moves_all: bool


def find_stale(connection: Connection, limit: int) -> Stale | None:
    """Return what to make again first, up to *limit* matters; None where every row is as it should be."""
    seen = int(connection.scalar(select(tables.pin.c.value).where(tables.pin.c.name == _MARK)) or 0)
    change, event = tables.change, tables.event
    query = (
        select(change.c.change, event.c.instruction, event.c.kind)
        .join(event, event.c.position == change.c.position)
        .where(change.c.change > seen)
        .order_by(change.c.change)
        .limit(limit)
    )
    changes = connection.execute(query).all()
    matters = dict.fromkeys(row.instruction for row in changes if row.kind not in DIRECTORY_EVENTS)
    moved = select(_DEADLINE.c.instruction).where(_OPEN, _DEADLINE.c.next_at <= 0).distinct()
    matters |= dict.fromkeys(connection.scalars(moved.limit(max(limit - len(matters), 0))))
    if not changes and not matters:
        return None
    moves_all = any(row.kind in TIME_EVENTS for row in changes)
    return Stale(tuple(matters), changes[-1].change if changes else seen, moves_all)


def put_previews(connection: Connection, stale: Stale, rows: Iterable[Sequence[Any]]) -> None:
    """Put *rows* (in the order of the table's columns) in the place of those of the *stale* matters."""
    connection.execute(delete(_DEADLINE).where(_DEADLINE.c.instruction.in_(stale.matters)))
    insert_rows(connection, _DEADLINE, [(*row[:-1], NEVER) for row in rows])
    if stale.moves_all:
        connection.execute(update(_DEADLINE).where(_DEADLINE.c.open).values(next_at=0))
    upsert_rows(connection, tables.pin, [(_MARK, str(stale.change))])


def forget_previews(connection: Connection) -> None:
    """Drop all rows; the next list makes them again from the histories."""
    connection.execute(delete(_DEADLINE))
    connection.execute(delete(tables.pin).where(tables.pin.c.name == _MARK))
