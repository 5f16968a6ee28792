"""Leaving nothing behind in the database's files of what was erased (protocol §14).

SQLite overwrites what is deleted where it stood (`secure_delete`), but its WAL goes on holding the pages as they were:
so it is cut to nothing. PostgreSQL keeps dead rows until they are vacuumed, and what was theirs in pages until the
table is written anew; its own WAL is the operator's business (operating.md).
"""

import time
from collections.abc import Collection
from typing import Final

from sqlalchemy import Engine, Table

from xiezhi_domain.errors import Reason, Unavailable
from xiezhi_journal.failures import explain

_TRIES: Final = 50
_PAUSE_S: Final = 0.1
_LOCK_WAIT: Final = "5s"
"""Of PostgreSQL; the writer waits, too, and behind it everybody who asks for the table."""


def sweep(engine: Engine, tables: Collection[Table]) -> None:
    """Leave of deleted and replaced rows of *tables* nothing; no transaction is under way on *engine*.

    :raises Unavailable: a reader holds an old state of the database too long, or the disk is full.
    """
    try:
        if engine.dialect.name == "sqlite":
            _cut_wal(engine)
        else:
            _write_anew(engine, tables)
    except Exception as error:
        failure = explain(error)
        if failure is None:
            raise
        raise failure from error


def _cut_wal(engine: Engine) -> None:
    with engine.connect() as connection:
        # Asked of the driver itself: the engine would begin a transaction, in which it cannot be done.
        driver = connection.connection.driver_connection
        assert driver is not None, "a connection that is open has its driver's"
        for _ in range(_TRIES):
            busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return
            time.sleep(_PAUSE_S)
    raise Unavailable(Reason.INTERNAL, "数据库正被长时间读取，暂时无法清理，将自动重试")


def _write_anew(engine: Engine, tables: Collection[Table]) -> None:
    quote = engine.dialect.identifier_preparer.quote
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"SET lock_timeout = '{_LOCK_WAIT}'")
        try:
            for table in tables:
                connection.exec_driver_sql(f"VACUUM (FULL) {quote(table.name)}")
        finally:
            # The connection goes back to the pool.
            connection.exec_driver_sql("RESET lock_timeout")
