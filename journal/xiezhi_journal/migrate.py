"""Bringing a database to the schema that this program needs.

Programs never do it by themselves when they start: they ask `is_current` and refuse to start on another schema, so
that a database changes only when an operator says so (`migrate`). Alembic takes more than 10 MiB of memory, so it is
loaded by who migrates alone, and the newest version is named here.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, inspect, make_url, text

from xiezhi_journal.engine import is_sqlite, open_reader_engine, open_writer_engine

if TYPE_CHECKING:
    from alembic.config import Config

NEWEST: Final = "0035_naming"
"""The version of the schema that this program needs: the last of the migrations (a test compares)."""

_HERE = Path(__file__).resolve()
_PLACES = (_HERE.parent / "migrations", _HERE.parents[2] / "migrations")
"""In a wheel the migrations lie in this package; in a checkout, at the top."""


def upgrade(url: str) -> None:
    """Bring the database at *url* to the newest schema; an empty or missing one is made.

    :raises DBAPIError: the database cannot be reached, or a table was in use for too long; nothing is left half done.
    """
    from alembic import command  # noqa: PLC0415  see above

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
            return version_of(connection)
    finally:
        engine.dispose()


def version_of(connection: Connection) -> str:
    """Return the version of the schema of the database behind *connection*; empty if there is none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.scalar(text("SELECT version_num FROM alembic_version")) or ""


def is_current(url: str) -> bool:
    """Return whether the database at *url* has the schema that this program needs."""
    return current(url) == NEWEST


def _config(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415  see above

    place = next(place for place in _PLACES if (place / "env.py").exists())
    config = Config()
    # Alembic reads options by configparser, to which a percent sign is the beginning of a name.
    config.set_main_option("script_location", str(place).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
