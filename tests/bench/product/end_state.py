"""Whether hub, A and B agree after a run: the same history, every matter arrived, log and feeds whole.

Reads the three databases of a stage. What lay there before (a seeded journal) is behind the `Mark`: it is counted,
and stands under the recomputed root, but is not compared row by row in each round.
"""

import base64
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import zip_longest

from tests.bench.courts import HUB, RECEIVER, SENDER
from tests.bench.evidence import root_of
from tests.bench.payload import feed_item
from tests.bench.product.stage import NAMES, Stage

SETTLE_SECONDS = 30
"""The receiver stores the ruling on its receipt after the sender has the receipt."""
SAMPLES = 20
EVENTS = 2
"""Issued and Delivered."""
ARRIVED = "AWAITING_SIGNATURE"
_NEW = "SELECT instruction FROM event JOIN ruling USING (position) WHERE log_index >= ?"
_HISTORY = """
SELECT log_index, event_id, instruction, kind, court, header, push, content, accepted, seq, ruling, leaf
FROM ruling JOIN event USING (position) LEFT JOIN body USING (position)
WHERE log_index >= ? ORDER BY log_index
"""
_FOLDS = f"""
SELECT instruction, number, kind, sender, receiver, state, open, pending, issued_at, due_at, accepted, view
FROM instruction WHERE instruction IN ({_NEW}) ORDER BY instruction
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """What there was before a run."""

    log_size: int
    matters: int
    tally: dict[str, int]


def mark(stage: Stage) -> Mark:
    """Return what there is now."""
    with _opened(stage) as files:
        return _mark(files["hub"])


def settle(stage: Stage) -> None:
    """Wait until all three hold the same number of rulings and no node waits for one.

    :raises AssertionError: that takes too long.
    """
    with _opened(stage) as files:
        _settle(files, None)


def samples(stage: Stage) -> tuple[list[str], str]:
    """Return ids of some accepted events spread over the log, and the id of an open matter."""
    with _opened(stage) as files:
        hub = files["hub"]
        size = _count(hub, "ruling")
        query = (
            "SELECT event_id FROM event JOIN ruling USING (position) WHERE log_index = ? AND court IN (?, ?)"
        )
        places = (size * i // SAMPLES - 1 for i in range(1, SAMPLES + 1))
        found = [hub.execute(query, (place, SENDER, RECEIVER)).fetchone() for place in places]
        [still_open] = hub.execute("SELECT instruction FROM instruction WHERE open LIMIT 1").fetchone()
        return [row[0] for row in found if row], still_open


def check(stage: Stage, before: Mark, issued: int) -> None:
    """Raise `AssertionError` naming what does not agree with *issued* matters since *before*."""
    assert issued > 0, "nothing was issued"
    with _opened(stage) as files:
        _settle(files, before.log_size + EVENTS * issued)
        _same(files, _HISTORY, before.log_size)
        _same(files, _FOLDS, before.log_size)
        _counts(files, before, issued)
        _tally(files["hub"], before, issued)
        for court in (SENDER, RECEIVER, HUB):
            _feed(files, court, before.log_size)
        _log(files["hub"], files["hub"], "hub")
        if not before.matters:
            for court in (SENDER, RECEIVER):
                _log(files["hub"], files[court], court)
            assert all(_one(file, "PRAGMA integrity_check") == ("ok",) for file in files.values())


def check_counts(stage: Stage, before: Mark, issued: int) -> None:
    """Do the same where nothing was kept that proves it: all three have as many matters, and all of them arrived."""
    assert issued > 0, "nothing was issued"
    with _opened(stage) as files:
        _settle(files, before.log_size + EVENTS * issued)
        _counts(files, before, issued)


def _settle(files: dict[str, sqlite3.Connection], size: int | None) -> None:
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        pending = {name: _count(file, "pending") for name, file in files.items()}
        counts = {name: _count(file, "ruling") for name, file in files.items()}
        expected = counts["hub"] if size is None else size
        if set(counts.values()) == {expected} and not any(pending.values()):
            return
        assert time.monotonic() < deadline, f"rulings {counts}, not {expected}; in the outboxes {pending}"
        time.sleep(0.05)


def _same(files: dict[str, sqlite3.Connection], query: str, log_size: int) -> None:
    cursors = [file.execute(query, (log_size,)) for file in files.values()]
    for rows in zip_longest(*cursors):
        assert len(set(rows)) == 1, f"the three copies differ in {[row and row[0] for row in rows]}: {query}"


def _counts(files: dict[str, sqlite3.Connection], before: Mark, issued: int) -> None:
    for name, file in files.items():
        found = _count(file, "instruction"), _count(file, "event")
        expected = before.matters + issued, _count(file, "ruling")
        assert found == expected, f"matters and events at {name}: {found}, not {expected}"
        refused = _count(file, f"ruling WHERE NOT accepted AND log_index >= {before.log_size}")
        assert not refused, f"{refused} events were refused"
        for table in ("quarantine", "returned_work", "pending"):
            assert not _count(file, table), f"{table} at {name} is not empty"
        arrived = file.execute(
            f"SELECT count(*) FROM instruction WHERE instruction IN ({_NEW}) AND state = ? AND open",
            (before.log_size, ARRIVED),
        ).fetchone()
        assert arrived == (issued,), f"{arrived[0]} of {issued} matters have arrived, says {name}"


def _tally(hub: sqlite3.Connection, before: Mark, issued: int) -> None:
    after = dict(before.tally)
    after[ARRIVED] = after.get(ARRIVED, 0) + issued
    tally = _mark(hub).tally
    assert {state: count for state, count in tally.items() if count} == after, f"tally {tally}, not {after}"


def _feed(files: dict[str, sqlite3.Connection], court: str, log_size: int) -> None:
    """Check that a court's feed is gapless and chained, and that its node has it all."""
    lanes = (
        files["hub"]
        .execute(
            "SELECT lane, count(*), min(feed_seq), max(feed_seq) FROM feed WHERE court = ? GROUP BY lane",
            (court,),
        )
        .fetchall()
    )
    for lane, count, first, last in lanes:
        assert (first, last) == (1, count), f"the feed of {court} has gaps in lane {lane}"
        item_hash = _chained(files["hub"], court, lane, log_size)
        if court in files:
            found = _one(files[court], f"SELECT feed_seq, item_hash FROM cursor WHERE lane = {lane}")
            assert found == (last, item_hash), f"{court} is at {found[0]} of lane {lane}, not at {last}"


def _chained(hub: sqlite3.Connection, court: str, lane: int, log_size: int) -> bytes:
    rows = hub.execute(
        "SELECT feed_seq, feed.log_index, item_hash, leaf FROM feed JOIN ruling USING (log_index)"
        " WHERE court = ? AND lane = ? AND feed.log_index >= ? ORDER BY feed_seq",
        (court, lane, log_size),
    )
    previous = b""
    for feed_seq, log_index, item_hash, leaf in rows:
        if previous:
            expected = feed_item(previous, feed_seq, log_index, leaf)
            assert item_hash == expected, f"the feed of {court} is not chained at {feed_seq}"
        previous = item_hash
    if not previous:
        query = "SELECT item_hash FROM feed WHERE court = ? AND lane = ? ORDER BY feed_seq DESC LIMIT 1"
        [previous] = hub.execute(query, (court, lane)).fetchone()
    return previous


def _log(hub: sqlite3.Connection, file: sqlite3.Connection, name: str) -> None:
    """Check that the newest checkpoint has the root of the leaves that lie at *name*."""
    size, root, note = _one(hub, "SELECT size, root, note FROM checkpoint ORDER BY size DESC LIMIT 1")
    assert note.decode().split("\n")[1:3] == [str(size), base64.b64encode(root).decode()]
    leaves = (leaf for (leaf,) in file.execute("SELECT leaf FROM ruling ORDER BY log_index"))
    assert root_of(leaves) == root, f"the rulings at {name} do not lead to the root of the checkpoint"


def _mark(hub: sqlite3.Connection) -> Mark:
    tally = hub.execute("SELECT state, sum(count) FROM tally GROUP BY state HAVING sum(count)")
    return Mark(_count(hub, "ruling"), _count(hub, "instruction"), dict(tally))


class _opened:  # noqa: N801  # reads as a verb: with _opened(stage) as files
    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._stack = ExitStack()

    def __enter__(self) -> dict[str, sqlite3.Connection]:
        return dict(self._each())

    def _each(self) -> Iterator[tuple[str, sqlite3.Connection]]:
        for name in NAMES:
            uri = f"file:{self._stage.journal(name)}?mode=ro"
            yield name, self._stack.enter_context(closing(sqlite3.connect(uri, uri=True)))

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def _count(file: sqlite3.Connection, what: str) -> int:
    return _one(file, f"SELECT count(*) FROM {what}")[0]


def _one(file: sqlite3.Connection, query: str) -> tuple:
    return file.execute(query).fetchone()
