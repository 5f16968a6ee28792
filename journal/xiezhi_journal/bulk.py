"""Inserting many rows with one prepared statement: the shape of everything on the hot path.

SQLAlchemy describes the tables and builds the statements once; the rows go to the driver as they are. That is
four times as fast as its own executemany for rows of this size, and there is nothing to convert. To SQLite rows
go in chunks, each one statement: the driver lets go of the interpreter with every statement that it runs, and where
other threads wait for it, every row would be a change of threads.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain
from typing import Any, Final

from sqlalchemy import Column, Connection, Dialect, Table


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert *rows*, each a tuple in the order of the table's columns; None is a number that the database gives."""
    _run(connection, table, rows, _insert_sql)


def upsert_rows(
    connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], *, keeping: tuple[str, ...] = ()
) -> None:
    """Insert *rows* or replace those with the same primary key.

    *keeping* names columns that are in a row that is there as they are in the new one: SQLite writes an index anew
    whenever a column of it is set, to whatever value.
    """
    _run(connection, table, rows, partial(_upsert_sql, keeping=keeping))


def delete_rows(connection: Connection, table: Table, keys: Sequence[tuple[Any, ...]]) -> None:
    """Delete the rows with these primary keys."""
    if keys:
        connection.exec_driver_sql(_delete_sql(connection.dialect, table), list(keys))


def add_counts(connection: Connection, table: Table, counts: Mapping[tuple[str, str, str], int]) -> None:
    """Add each count to the row of its key; the table's last column is the count."""
    rows = [(*key, count) for key, count in counts.items() if count]
    if rows:
        connection.exec_driver_sql(_add_sql(connection.dialect, table), rows)


_CHUNK: Final = 64
"""Rows in one statement: 25 columns times as many are far from SQLite's limit of 32,766 values."""


def _run(
    connection: Connection,
    table: Table,
    rows: Sequence[tuple[Any, ...]],
    sql_of: Callable[[Dialect, Table, int], str],
) -> None:
    """Run a statement for *rows*: whole chunks of them at once where that helps, the rest row by row."""
    dialect, done = connection.dialect, 0
    if dialect.name == "sqlite" and len(rows) >= _CHUNK:
        sql, done = sql_of(dialect, table, _CHUNK), len(rows) - len(rows) % _CHUNK
        for start in range(0, done, _CHUNK):
            values = tuple(chain.from_iterable(rows[start : start + _CHUNK]))
            connection.exec_driver_sql(sql, values)
    if done < len(rows):
        connection.exec_driver_sql(sql_of(dialect, table, 1), list(rows[done:]))


@lru_cache(maxsize=128)
def _insert_sql(dialect: Dialect, table: Table, count: int = 1) -> str:
    quote = dialect.identifier_preparer.quote
    columns = ", ".join(quote(column.name) for column in table.columns)
    marks = f"({', '.join(_mark(dialect, column) for column in table.columns)})"
    # Names come from our own table definitions, never from a request.
    return f"INSERT INTO {quote(table.name)} ({columns}) VALUES {', '.join([marks] * count)}"  # noqa: S608  see above


def _mark(dialect: Dialect, column: Column[Any]) -> str:
    # The two drivers that we use know these two ways to mark a value.
    if dialect.name == "sqlite":
        return "?"
    if column is column.table.autoincrement_column:
        return f"COALESCE(%s, nextval(pg_get_serial_sequence('{column.table.name}', '{column.name}')))"
    return "%s"


@lru_cache(maxsize=128)
def _upsert_sql(dialect: Dialect, table: Table, count: int = 1, *, keeping: tuple[str, ...] = ()) -> str:
    quote = dialect.identifier_preparer.quote
    keys = ", ".join(quote(column.name) for column in table.primary_key)
    updates = ", ".join(
        f"{quote(column.name)} = excluded.{quote(column.name)}"
        for column in table.columns
        if not column.primary_key and column.name not in keeping
    )
    return f"{_insert_sql(dialect, table, count)} ON CONFLICT ({keys}) DO UPDATE SET {updates}"


@lru_cache(maxsize=8)
def _delete_sql(dialect: Dialect, table: Table) -> str:
    quote = dialect.identifier_preparer.quote
    mark = "?" if dialect.name == "sqlite" else "%s"
    condition = " AND ".join(f"{quote(column.name)} = {mark}" for column in table.primary_key)
    return f"DELETE FROM {quote(table.name)} WHERE {condition}"  # noqa: S608  names of our own tables


@lru_cache(maxsize=8)
def _add_sql(dialect: Dialect, table: Table) -> str:
    quote = dialect.identifier_preparer.quote
    keys = ", ".join(quote(column.name) for column in table.primary_key)
    count = quote(list(table.columns)[-1].name)
    own = f"{quote(table.name)}.{count}"
    return (
        f"{_insert_sql(dialect, table)} ON CONFLICT ({keys}) DO UPDATE SET {count} = {own} + excluded.{count}"
    )
