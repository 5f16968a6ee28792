"""Rows of duties. Functions for the journal's `read` and `write`."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple
from typing import Final

from sqlalchemy import Connection, delete, select

from xiezhi_desk.roster.duty import Duty
from xiezhi_journal.bulk import upsert_rows
from xiezhi_journal.tables import duty as table

MOST_DUTIES: Final = 1_000
_COLUMNS: Final = (
    table.c.court,
    table.c.begins_at,
    table.c.ends_at,
    table.c.name,
    table.c.phone,
    table.c.mobile,
    table.c.deputy,
    table.c.deputy_phone,
)


def duties_between(connection: Connection, court: str, since: int, until: int) -> Sequence[Duty]:
    """Return the duties of a court that are under way at some time from *since* until before *until* (ms)."""
    query = (
        select(*_COLUMNS)
        .where(table.c.court == court, table.c.ends_at > since, table.c.begins_at < until)
        .order_by(table.c.begins_at, table.c.name)
        .limit(MOST_DUTIES)
    )
    return [Duty(*row) for row in connection.execute(query)]


def duties_at(connection: Connection, court: str, at: int) -> Sequence[Duty]:
    """Return who is on duty at a court at *at* (ms)."""
    return duties_between(connection, court, at, at + 1)


def replace_days(connection: Connection, court: str, days: Iterable[int], duties: Iterable[Duty]) -> None:
    """Put *duties* in the place of those that begin on the days that begin at *days* (ms)."""
    for start in days:
        _delete(connection, court, start, start + 24 * 3_600_000)
    _add(connection, duties)


def replace_since(connection: Connection, court: str, since: int, duties: Iterable[Duty]) -> None:
    """Put *duties* in the place of those that end after *since* (ms)."""
    connection.execute(delete(table).where(table.c.court == court, table.c.ends_at > since))
    _add(connection, duties)


def _delete(connection: Connection, court: str, since: int, until: int) -> None:
    begins = table.c.begins_at
    connection.execute(delete(table).where(table.c.court == court, begins >= since, begins < until))


def _add(connection: Connection, duties: Iterable[Duty]) -> None:
    rows = [dict(zip((column.name for column in _COLUMNS), astuple(duty), strict=True)) for duty in duties]
    upsert_rows(connection, table, [tuple(row[column.name] for column in table.columns) for row in rows])
