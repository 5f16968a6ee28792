"""Whether sender, hub and receiver hold the same history after a run, each matter with its receipt.

Reads the three files of a stand that `naive` or `prototype` left: `<court>.db` with the tables event, ruling and, at
the hub, feed and checkpoint.
"""

import base64
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.bench.courts import HUB, RECEIVER, SENDER
from tests.bench.evidence import leaf_hash, root_of
from tests.bench.payload import entry

SETTLE_SECONDS = 20
"""The receiver stores the ruling on its receipt after the sender has the receipt."""


def check(directory: Path) -> None:
    """Raise `AssertionError` naming what does not agree."""
    with (
        _open(directory, SENDER) as sender,
        _open(directory, HUB) as hub,
        _open(directory, RECEIVER) as receiver,
    ):
        matters = _count(sender, "event WHERE kind = 'Issued'")
        assert matters > 0, "nothing was issued"
        everybody = (sender, hub, receiver)
        _settle(everybody, 2 * matters)
        _same(everybody, "SELECT event_id, instruction, kind, header FROM event ORDER BY event_id")
        _same(everybody, "SELECT log_index, ruling FROM ruling ORDER BY log_index")
        _receipts(sender, matters)
        _feeds(hub, 2 * matters)
        _log(hub, 2 * matters)
        assert all(_one(file, "PRAGMA integrity_check") == ("ok",) for file in everybody)


def _settle(files: tuple[sqlite3.Connection, ...], events: int) -> None:
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        counts = [_count(file, table) for file in files for table in ("event", "ruling")]
        if counts == [events] * len(counts):
            return
        assert time.monotonic() < deadline, (
            f"events and rulings at sender, hub, receiver: {counts}, not {events}"
        )
        time.sleep(0.05)


def _same(files: tuple[sqlite3.Connection, ...], query: str) -> None:
    cursors = [file.execute(query) for file in files]
    for rows in zip(*cursors, strict=True):
        assert len(set(rows)) == 1, f"the three copies differ: {query}"


def _receipts(sender: sqlite3.Connection, matters: int) -> None:
    with_receipt = _count(
        sender,
        "(SELECT 1 FROM event GROUP BY instruction HAVING count(*) = 2 AND count(DISTINCT kind) = 2)",
    )
    assert with_receipt == matters, f"{with_receipt} of {matters} matters have their receipt"


def _feeds(hub: sqlite3.Connection, events: int) -> None:
    for court in (SENDER, RECEIVER):
        found = hub.execute(
            "SELECT count(*), min(feed_seq), max(feed_seq) FROM feed WHERE court = ?", (court,)
        )
        assert found.fetchone() == (events, 1, events), f"the feed of {court} has gaps"


def _log(hub: sqlite3.Connection, events: int) -> None:
    rows = hub.execute(
        "SELECT header, ruling FROM ruling JOIN event USING (position) ORDER BY log_index",
    )
    root = root_of(leaf_hash(entry(header, ruling)) for header, ruling in rows)
    size, note = _one(hub, "SELECT size, note FROM checkpoint ORDER BY size DESC")
    assert size == events
    assert note.decode().split("\n")[2] == base64.b64encode(root).decode(), "the checkpoint has another root"


@contextmanager
def _open(directory: Path, court: str) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{directory / court}.db?mode=ro", uri=True)) as connection:
        yield connection


def _count(file: sqlite3.Connection, what: str) -> int:
    return _one(file, f"SELECT count(*) FROM {what}")[0]


def _one(file: sqlite3.Connection, query: str) -> tuple:
    return file.execute(query).fetchone()
