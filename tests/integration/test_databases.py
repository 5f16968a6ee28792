"""The databases that the other tests stand on: real, empty, one per test."""

import pytest
from sqlalchemy import create_engine, inspect, text


@pytest.mark.parametrize("run", ["first", "second"])
def test_every_test_gets_an_empty_database(journal_url: str, run: str) -> None:
    engine = create_engine(journal_url)
    assert inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE mark (run TEXT)"))
        connection.execute(text("INSERT INTO mark VALUES (:run)"), {"run": run})
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT run FROM mark")).all() == [run]
    engine.dispose()
