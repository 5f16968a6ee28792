"""Rows of leaves. Functions for the journal's `read` and `write`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select, update

from xiezhi_domain.errors import NotFound, Reason
from xiezhi_journal.tables import account as people
from xiezhi_journal.tables import leave as table


@dataclass(frozen=True, slots=True)
class Leave:
    """A leave of `account`, in whose place `substitute` acts (empty: nobody); `ended_at` in ms, 0: on its last day."""

    leave_id: str
    account: str
    substitute: str
    first_day: date
    last_day: date
    reason: str
    entered_by: str
    entered_at: int
    ended_at: int = 0


def stands_in_for(connection: Connection, account: str, today: date) -> frozenset[tuple[str, str]]:
    """Return id and name of those in whose place *account* acts today; the last day over, it is nobody by itself."""
    query = (
        select(people.c.account_id, people.c.name)
        .join(table, table.c.account == people.c.account_id)
        .where(table.c.substitute == account, _running(today), table.c.first_day <= today.isoformat())
    )
    return frozenset((row.account_id, row.name) for row in connection.execute(query))


def running_leaves(connection: Connection, today: date) -> Sequence[Leave]:
    """Return the leaves that are not over, those that begin first first."""
    query = select(table).where(_running(today)).order_by(table.c.first_day, table.c.leave_id)
    return [_leave(row) for row in connection.execute(query)]


def leaves_within(connection: Connection, account: str, first: date, last: date) -> Sequence[Leave]:
    """Return the leaves in which *account* is away, or stands in for somebody, on some day between two days."""
    days = and_(table.c.first_day <= last.isoformat(), table.c.last_day >= first.isoformat())
    whose = or_(table.c.account == account, table.c.substitute == account)
    query = select(table).where(whose, days, table.c.ended_at == 0)
    return [_leave(row) for row in connection.execute(query)]


def get_leave(connection: Connection, leave_id: str) -> Leave:
    """Return one leave.

    :raises NotFound: there is none.
    """
    row = connection.execute(select(table).where(table.c.leave_id == leave_id)).one_or_none()
    if row is None:
        raise NotFound(Reason.UNKNOWN_ACCOUNT, "找不到该请假记录，请核对")
    return _leave(row)


def add_leave(connection: Connection, leave: Leave) -> None:
    """Add a leave."""
    values = {
        "leave_id": leave.leave_id,
        "account": leave.account,
        "substitute": leave.substitute,
        "first_day": leave.first_day.isoformat(),
        "last_day": leave.last_day.isoformat(),
        "reason": leave.reason,
        "entered_by": leave.entered_by,
        "entered_at": leave.entered_at,
        "ended_at": leave.ended_at,
    }
    connection.execute(insert(table), values)


def end_leave(connection: Connection, leave_id: str, now: int) -> None:
    """End a leave at *now* (ms), unless it has ended."""
    open_ = and_(table.c.leave_id == leave_id, table.c.ended_at == 0)
    connection.execute(update(table).where(open_).values(ended_at=now))


def _running(today: date) -> ColumnElement[bool]:
    return and_(table.c.last_day >= today.isoformat(), table.c.ended_at == 0)


def _leave(row: Row[Any]) -> Leave:
    return Leave(
        row.leave_id,
        row.account,
        row.substitute,
        date.fromisoformat(row.first_day),
        date.fromisoformat(row.last_day),
        row.reason,
        row.entered_by,
        row.entered_at,
        row.ended_at,
    )
