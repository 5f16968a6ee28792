"""Sweeping: what was deleted or replaced stands in no file of the database any more, on either of them."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, delete, insert, select, text, update
from tests.integration.journal.scene import SENDER, Clock, Node

from xiezhi_domain.errors import Unavailable
from xiezhi_journal import sweeping, tables

GONE, REPLACED, KEPT = "已删除的测试甲", "已替换的测试乙", "保留的测试丙"


async def test_rows_leave_nothing_in_the_files(journal_url: str, tmp_path: Path) -> None:
    node = Node(journal_url, SENDER, Clock())
    journal, table = node.journal, tables.draft_step
    journal.start()
    row = {"instruction": "i", "action": "a", "account": "a", "name": "n", "at": 0}
    rows = [
        {**row, "remark": f"{word}{'，' * 400}{at}"} for at in range(60) for word in (GONE, REPLACED, KEPT)
    ]
    await journal.write(lambda connection: connection.execute(insert(table), rows))
    assert _words_in_files(node, tmp_path) == {GONE, REPLACED, KEPT}
    await journal.write(
        lambda connection: connection.execute(delete(table).where(table.c.remark.startswith(GONE)))
    )
    replaced = update(table).where(table.c.remark.startswith(REPLACED)).values(remark="")
    await journal.write(lambda connection: connection.execute(replaced))
    await journal.sweep([table])
    assert _words_in_files(node, tmp_path) == {KEPT}
    await journal.write(lambda connection: connection.execute(insert(table), rows[:1]))
    journal.close()


async def test_a_reader_does_not_hold_up_the_writer_for_ever(
    journal_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not journal_url.startswith("postgresql"):
        pytest.skip("SQLite gives up by itself, after seconds")
    monkeypatch.setattr(sweeping, "_LOCK_WAIT", "50ms")
    node = Node(journal_url, SENDER, Clock())
    journal, table = node.journal, tables.draft_step
    journal.start()
    # The writer's engine has a single connection.
    others = create_engine(journal_url)
    with others.connect() as reader:
        reader.execute(select(table)).all()
        with pytest.raises(Unavailable):
            await journal.sweep([table])
    others.dispose()
    await journal.sweep([table])
    with journal._writing.begin() as connection:
        assert connection.scalar(text("SHOW lock_timeout")) == "0"
    journal.close()


async def test_nothing_is_said_to_be_gone_that_an_older_transaction_sees(
    journal_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if not journal_url.startswith("postgresql"):
        pytest.skip("SQLite cuts its WAL only when nobody reads in it")
    monkeypatch.setattr(sweeping, "_TRIES", 3)
    node = Node(journal_url, SENDER, Clock())
    journal, table = node.journal, tables.draft_step
    journal.start()
    row = {"instruction": "i", "action": "a", "account": "a", "name": "n", "at": 0, "remark": GONE}
    await journal.write(lambda connection: connection.execute(insert(table), row))
    others = create_engine(journal_url, isolation_level="REPEATABLE READ")
    with others.connect() as reader:
        # Of the table itself it has read nothing, and holds no lock on it.
        pid = reader.scalar(text("SELECT pg_backend_pid()"))
        await journal.write(lambda connection: connection.execute(delete(table)))
        with pytest.raises(Unavailable, match=f"会话 {pid}"):
            await journal.sweep([table])
        assert _words_in_files(node, tmp_path) == {GONE}
    others.dispose()
    await journal.sweep([table])
    assert _words_in_files(node, tmp_path) == set()
    journal.close()


def _words_in_files(node: Node, folder: Path) -> set[str]:
    with node.journal._writing.begin() as connection:
        if connection.dialect.name == "postgresql":
            folder = _folder_of_database(connection)
    data = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return {word for word in (GONE, REPLACED, KEPT) if word.encode() in data}


def _folder_of_database(connection) -> Path:
    # Tables lie in files of this folder; those of the WAL are the operator's business.
    connection.execute(text("CHECKPOINT"))
    oid = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    return Path(connection.scalar(text("SHOW data_directory"))) / "base" / str(oid)
