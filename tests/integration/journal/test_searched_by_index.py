"""Lists that grow for years are found by an index: the plan that SQLite makes for them names it."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event

from xiezhi_desk.access import AccessFilter, read_accesses
from xiezhi_hub.superior.calls import calls_of
from xiezhi_journal import tables
from xiezhi_journal.figure_records import changed_after, next_changes
from xiezhi_journal.reading import Page


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    tables.metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def plan_of(connection: Connection, read: Callable[[], Any]) -> str:
    """Return how the database finds what *read* asks for."""
    asked: list[tuple[str, Any]] = []

    @event.listens_for(connection, "before_cursor_execute")
    def _note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        asked.append((statement, parameters))

    read()
    statement, parameters = asked[-1]
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return " / ".join(str(row[-1]) for row in rows)


def test_the_calls_of_a_court(connection: Connection) -> None:
    page = Page(50, "")
    plan = plan_of(connection, lambda: calls_of(connection, "苏05", page, 0, ()))
    assert "ix_event_calls" in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (AccessFilter(accounts=["judge"]), "ix_access_account"),
        (AccessFilter(object="苏0591委〔2026〕1187号"), "ix_access_object"),
    ],
)
def test_looks_of_somebody_or_at_something(connection: Connection, wanted: AccessFilter, index: str) -> None:
    plan = plan_of(connection, lambda: read_accesses(connection, wanted, limit=50))
    assert index in plan


@pytest.mark.parametrize(("log_size", "searched"), [(7, "SEARCH ruling"), (0, "SEARCH change")])
def test_what_figures_have_not_followed_yet(connection: Connection, log_size: int, searched: str) -> None:
    values = dict.fromkeys(tables.head.columns.keys(), 0) | {
        "id": 1,
        "log_size": log_size,
        "log_frontier": b"",
    }
    connection.execute(tables.head.insert().values(values))
    for read in (changed_after, partial(next_changes, limit=400)):
        plan = plan_of(connection, partial(read, connection, 5))
        assert searched in plan
        assert "SCAN" not in plan
        assert "TEMP B-TREE" not in plan


def test_looks_of_a_time(connection: Connection) -> None:
    wanted = AccessFilter(since=1_000, until=2_000)
    assert "ix_access_at" in plan_of(connection, lambda: read_accesses(connection, wanted, limit=50))
