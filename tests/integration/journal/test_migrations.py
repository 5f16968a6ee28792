"""The schema: what the migrations make is what the code describes, on both databases."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from xiezhi_journal import migrate, tables
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.engine import open_writer_engine

PROJECT = Path(__file__).parents[3]


def test_the_history_has_one_head():
    script = ScriptDirectory.from_config(Config(toml_file=PROJECT / "pyproject.toml"))
    assert script.get_heads() == [migrate.NEWEST]


def test_the_migrations_make_exactly_the_tables_of_the_code(journal_url):
    migrate.upgrade(journal_url)
    engine = create_engine(journal_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, tables.metadata) == []
    engine.dispose()


def test_the_database_itself_describes_both_alike(journal_url):
    """Alembic does not compare primary keys, partial indexes, defaults of keys and rowid tables; this does."""
    migrate.upgrade(journal_url)
    engine = create_engine(journal_url)
    migrated = _described(engine)
    with engine.begin() as connection:
        tables.metadata.drop_all(connection)
        tables.metadata.create_all(connection)
    assert migrated == _described(engine)
    engine.dispose()


def _described(engine):
    inspector = inspect(engine)
    names = [name for name in inspector.get_table_names() if name != "alembic_version"]
    described = {
        name: (
            [{**column, "type": str(column["type"])} for column in inspector.get_columns(name)],
            inspector.get_pk_constraint(name)["constrained_columns"],
            sorted(map(_index, inspector.get_indexes(name))),
            sorted(map(repr, inspector.get_unique_constraints(name))),
        )
        for name in names
    }
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            query = text("SELECT name FROM pragma_table_list WHERE wr = 1")
            described["without rowid"] = sorted(connection.scalars(query))
    return described


def _index(index):
    where = {key: str(value) for key, value in index.get("dialect_options", {}).items()}
    return index["name"], index["column_names"], bool(index["unique"]), sorted(where.items())


def test_a_program_can_tell_whether_the_schema_is_its_own(journal_url):
    assert not migrate.is_current(journal_url)
    assert migrate.current(journal_url) == ""
    migrate.upgrade(journal_url)
    assert migrate.is_current(journal_url)
    migrate.upgrade(journal_url)
    assert migrate.current(journal_url) == migrate.NEWEST


def test_asking_does_not_make_a_database(tmp_path):
    assert not migrate.is_current(f"sqlite:///{tmp_path / 'none.db'}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("given", [None, 7])
def test_a_number_that_the_database_gives_may_be_left_open(journal_url, given):
    migrate.upgrade(journal_url)
    engine = open_writer_engine(journal_url)
    with engine.begin() as connection:
        insert_rows(connection, tables.draft_step, [(given, "i", "CREATE", "a", "n", "", 1)])
    with engine.connect() as connection:
        assert connection.scalar(tables.draft_step.select()) == (given or 1)
    engine.dispose()


def test_what_events_of_before_name_is_found_again(journal_url):
    engine = open_writer_engine(journal_url)
    with engine.connect() as connection:
        command.upgrade(migrate._config(connection), "0034_first_passwords")
    headers = [b'{"facts":{"links":["a","b","a"]}}', b'{"facts":{"links":"a"}}', b'{"facts":{}}']
    with engine.begin() as connection:
        rows = [(at, f"e{at}", "m", "Issued", "c", header, b"", at) for at, header in enumerate(headers)]
        insert_rows(connection, tables.event, rows)
    migrate.upgrade(journal_url)
    with engine.connect() as connection:
        named = connection.execute(tables.naming.select().order_by(tables.naming.c.named)).all()
        assert [tuple(row) for row in named] == [(0, "a"), (0, "b")]
    engine.dispose()
