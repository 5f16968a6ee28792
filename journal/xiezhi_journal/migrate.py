"""Bringing a database to the schema that this program needs.

Programs never do it by themselves when they start: they ask `is_current` and refuse to start on another schema, so
that a database changes only when an operator says so (`migrate`).
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url

from xiezhi_journal.engine import is_sqlite, open_reader_engine, open_writer_engine

_HERE = Path(__file__).resolve()
_PLACES = (_HERE.parent / "migrations", _HERE.parents[2] / "migrations")
"""In a wheel the migrations lie in this package; in a checkout, at the top."""


def upgrade(url: str) -> None:
    """Bring the database at *url* to the newest schema; an empty or missing one is made.

    :raises DBAPIError: the database cannot be reached, or a table was in use for too long; nothing is left half done.
    """
    engine = open_writer_engine(url)
    try:
        with engine.connect() as connection:
            command.upgrade(_config(connection), "head")
    finally:
        engine.dispose()


def current(url: str) -> str:
    """Return the version of the schema of the database at *url*; empty if there is none yet."""
    if is_sqlite(url) and not Path(make_url(url).database or "").exists():
        # Connecting would make the file.
        return ""
    engine = open_reader_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() or ""
    finally:
        engine.dispose()


def newest() -> str:
    """Return the version of the schema that this program needs."""
    [head] = ScriptDirectory.from_config(_config()).get_heads()
    return head


def is_current(url: str) -> bool:
    """Return whether the database at *url* has the schema that this program needs."""
    return current(url) == newest()


def _config(connection: Connection | None = None) -> Config:
    place = next(place for place in _PLACES if (place / "env.py").exists())
    config = Config()
    # Alembic reads options by configparser, to which a percent sign is the beginning of a name.
    config.set_main_option("script_location", str(place).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
