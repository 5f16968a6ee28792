"""Opening the database: SQLite by default, PostgreSQL by URL, with the durability that an acknowledgement promises.

What is stored never stands in an error's message: messages go to logs.
"""

from typing import Any

from sqlalchemy import Engine, create_engine, event

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # An answer is given only for what is on disk; with group commit FULL costs hardly anything over NORMAL.
    "PRAGMA synchronous=FULL",
    # Erased content must not lie in free pages (protocol §14).
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA cache_size=-32000",
    "PRAGMA wal_autocheckpoint=4000",
)


def open_writer_engine(url: str) -> Engine:
    """Return an engine for the one writer: its transactions take the write lock when they begin."""
    # Opened once: a new SQLite connection reads the schema and fills its cache anew, and when the last one
    # closes, the whole WAL is written back.
    engine = create_engine(url, pool_size=1, max_overflow=0, hide_parameters=True)
    if is_sqlite(url):
        _set_up_sqlite(engine, begin="BEGIN IMMEDIATE")
    return engine


def open_reader_engine(url: str) -> Engine:
    """Return an engine for readers: connections of their own that never wait for the writer.

    What one connection reads in one transaction belongs together, as SQLite has it by nature.
    """
    engine = create_engine(url, pool_size=4, max_overflow=4, hide_parameters=True, **_reader_options(url))
    if is_sqlite(url):
        _set_up_sqlite(engine, begin="BEGIN")
    return engine


def _reader_options(url: str) -> dict[str, Any]:
    return {} if is_sqlite(url) else {"pool_pre_ping": True, "isolation_level": "REPEATABLE READ"}


def is_sqlite(url: str) -> bool:
    """Return whether *url* names an SQLite database."""
    return url.startswith("sqlite")


def _set_up_sqlite(engine: Engine, begin: str) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # The driver would begin transactions by itself, and later than we need them.
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)
