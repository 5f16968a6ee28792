"""How far tasks have followed what they follow. Functions for the journal's `read` and `write`."""

from sqlalchemy import Connection, select

from xiezhi_journal import tables
from xiezhi_journal.bulk import upsert_rows


def read_place(connection: Connection, name: str) -> str:
    """Return the place of the task *name*; empty before it began."""
    table = tables.follower.c
    return connection.scalar(select(table.place).where(table.name == name)) or ""


def put_place(connection: Connection, name: str, place: str) -> None:
    """Store the place of the task *name*."""
    upsert_rows(connection, tables.follower, [(name, place)])
