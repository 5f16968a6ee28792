"""How migrations run, for `xiezhi_journal.migrate` and for the alembic command (`-x url=…`).

One process migrates at a time: on SQLite it holds the write lock, on PostgreSQL an advisory lock. A migration
that waits too long for a table gives up, because everybody else queues behind it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection, text

from xiezhi_journal.engine import open_writer_engine
from xiezhi_journal.tables import metadata

ADVISORY_LOCK = 0x58_69_65_7A_68_69
"""Any number, as long as it stays the same: the letters of Xiezhi."""
LOCK_TIMEOUT = "4s"


def run(connection: Connection) -> None:
    with _alone(connection):
        context.configure(
            connection=connection,
            target_metadata=metadata,
            # Alembic takes SQLite for unable to roll a schema change back; with our own BEGIN it is able to.
            transactional_ddl=True,
            transaction_per_migration=True,
            render_as_batch=connection.dialect.name == "sqlite",
        )
        with context.begin_transaction():
            context.run_migrations()


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != "postgresql":
        yield
        return
    # Waiting for another migration is fine, however long it takes; the time limit is for tables in use.
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(text("SET lock_timeout = DEFAULT"))
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
        connection.commit()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = open_writer_engine(context.get_x_argument(as_dictionary=True)["url"])
    with engine.connect() as opened:
        run(opened)
    engine.dispose()
