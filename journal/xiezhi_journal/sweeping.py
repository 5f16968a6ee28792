"""Leaving nothing behind in the database's files of what was erased (protocol §14).

SQLite overwrites what is deleted where it stood (`secure_delete`), but its WAL goes on holding the pages as they were:
so it is cut to nothing. PostgreSQL keeps dead rows until they are vacuumed, and what was theirs in pages until the
table is written anew; what an older transaction may still see it keeps even then, so such transactions are waited for.
Its own WAL is the operator's business (operating.md).
"""

import time
from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, Engine, Table, text

from xiezhi_domain.errors import Reason, Unavailable
from xiezhi_journal.failures import explain

_TRIES: Final = 50
_PAUSE_S: Final = 0.1
_LOCK_WAIT: Final = "5s"
"""Of PostgreSQL; the writer waits, too, and behind it everybody who asks for the table."""

# What sessions of other roles hold is told to members of pg_monitor alone. A snapshot goes back to the oldest
# transaction that writes in any database of the server; so does the one by which a table is written anew.
_OLDER_THAN: Final = text("""
    SELECT '会话 ' || pid FROM pg_stat_activity
    WHERE age(backend_xmin) > age(CAST(CAST(:since AS xid8) AS xid)) AND pid <> pg_backend_pid()
      AND (datname = current_database() OR backend_type = 'walsender')
    UNION ALL
    SELECT '预备事务 ' || gid FROM pg_prepared_xacts
    WHERE age(transaction) > age(CAST(CAST(:since AS xid8) AS xid)) AND database = current_database()
    UNION ALL
    SELECT '复制槽 ' || slot_name FROM pg_replication_slots
    WHERE age(xmin) > age(CAST(CAST(:since AS xid8) AS xid))
    UNION ALL
    SELECT '较早的写事务' WHERE pg_snapshot_xmin(pg_current_snapshot()) <= CAST(:since AS xid8)
""")


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
        _outlive_older(connection)
        connection.exec_driver_sql(f"SET lock_timeout = '{_LOCK_WAIT}'")
        try:
            for table in tables:
                connection.exec_driver_sql(f"VACUUM (FULL) {quote(table.name)}")
        finally:
            # The connection goes back to the pool.
            connection.exec_driver_sql("RESET lock_timeout")


def _outlive_older(connection: Connection) -> None:
    """Return when nobody can see rows any more that were deleted before this.

    :raises Unavailable: naming who can.
    """
    since = connection.scalar(text("SELECT CAST(pg_current_xact_id() AS text)"))
    for _ in range(_TRIES):
        held = connection.scalars(_OLDER_THAN, {"since": since}).all()
        if not held:
            return
        time.sleep(_PAUSE_S)
    raise Unavailable(Reason.INTERNAL, f"数据库中仍可读到旧数据，暂时无法清理，将自动重试：{'、'.join(held)}")
