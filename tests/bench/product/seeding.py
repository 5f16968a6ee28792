"""Fills hub, A and B with the history of a sample matter, over and over. Run as a program on a stage at rest.

The sample went through the real programs: issued, delivered, withdrawn. Each copy has ids, numbers, times, base
hashes, signatures of the courts' real keys, rulings, log entries, feed items and folds of its own, made by the
functions that the programs use, and shares the bodies of the sample. Every tenth copy is not withdrawn and stays open.
Copies come in blocks, each event of a block in one push and under one checkpoint, as group commit leaves them.

The hub's rows are made here. A node holds the same events in the same order, so its rows are copied from the hub's
database in SQL; what is its own (changes, cursor, answered requests, labels) is added on the way.

Ids begin in the past, one ms for each matter, so that what is issued later comes last, as in life. Rulings are one ms
apart, as the hub makes them at its fastest.
"""

import json
import os
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import Table, create_engine
from tests.bench.courts import HUB, RECEIVER, SENDER
from tests.bench.product.stage import NAMES, ORIGIN, Stage

from xiezhi_domain.events.feed import feed_item_hash
from xiezhi_domain.events.header import Base, Header, decode_header, encode_header, header_hash
from xiezhi_domain.events.ids import uuid7
from xiezhi_domain.events.ruling import Ruling, encode_ruling, entry_leaf
from xiezhi_domain.evidence.merkle import CompactRange
from xiezhi_domain.evidence.push import sign_push
from xiezhi_domain.evidence.tiles import TileRows
from xiezhi_domain.ladder import Step, fold
from xiezhi_domain.matternumber import MatterNumber
from xiezhi_domain.rulebook import Rulebook, load_rulebook
from xiezhi_journal import tables
from xiezhi_journal.clockwork import read_clockwork
from xiezhi_journal.figure_records import Cursor, judging_hash, keep_records, newest_mark
from xiezhi_journal.headfile import HeadFile
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.matter import Labels, Matter, begun_matter, to_row
from xiezhi_journal.proofs import encode_push
from xiezhi_journal.translog import LogSigner

BLOCK: Final = 100
"""Matters in a block."""
STAYS_OPEN: Final = 10
"""One of so many."""
PROCESSES: Final = 2
AHEAD: Final = 64
"""Blocks that may be under way: they are kept in memory."""
FAST: Final = ("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "PRAGMA cache_size=-500000")
"""A stage that is not seeded to its end is thrown away."""

T = TypeVar("T")
R = TypeVar("R")
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """What all copies have in common. Picklable: blocks are made by several processes."""

    folder: Path
    headers: tuple[Header, ...]
    bodies: tuple[bytes, ...]
    number: MatterNumber
    labels: Labels
    rulebook: bytes
    started_at: int
    ruled_at: int
    journal_positions: dict[str, int]


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a copy with its ruling; position, log index and feeds come from its place in the log."""

    row: Row
    """As in the table `event`, without the position."""
    step: int
    ruled_at: int
    ruling: bytes
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Block:
    """The events of some copies in the order of the log, push by push, and the rows that they leave."""

    pushes: list[list[Event]]
    matters: list[Row]
    tally: "Counter[tuple[str, str, str]]"


# --- Making blocks, in several processes -----------------------------------------------------------------------------


class _Maker:
    """Makes blocks; one for each process."""

    def __init__(self, sample: Sample) -> None:
        stage = Stage(sample.folder)
        self._sample = sample
        self._rulebook: Rulebook = load_rulebook(sample.rulebook)
        self._keys = {
            court: SigningKey.load(stage.data(court) / "keys" / "event.pem") for court in (SENDER, RECEIVER)
        }

    def block(self, at: tuple[int, int]) -> Block:
        """Return block number *at[0]* of *at[1]* matters; all blocks before it are whole."""
        number, count = at
        first = number * BLOCK
        places = _Places(self._sample, number)
        matters: list[Matter | None] = [None] * count
        pushes = []
        for step in range(len(self._sample.headers)):
            chosen = [i for i in range(count) if step < 2 or (first + i) % STAYS_OPEN]
            drafts = [self._draft(step, first + i, matters[i]) for i in chosen]
            push = self._push(drafts, step, places)
            pushes.append(push)
            for i, header, event in zip(chosen, drafts, push, strict=True):
                matters[i] = self._after(matters[i], header, event)
        done = [matter for matter in matters if matter is not None]
        tally = Counter((matter.sender, matter.receiver, str(matter.state)) for matter in done)
        return Block(
            pushes, [to_row(matter, HUB, {self._rulebook.hash: self._rulebook}) for matter in done], tally
        )

    def _draft(self, step: int, number: int, before: Matter | None) -> Header:
        sample = self._sample
        at = sample.started_at + number
        header = msgspec.structs.replace(sample.headers[step], id=uuid7(at, os.urandom(10)), at=at)
        if before is None:
            matter_number = str(replace(sample.number, number=sample.number.number + 1 + number))
            facts = {**header.facts, "number": matter_number}
            return msgspec.structs.replace(header, instruction=uuid7(at, os.urandom(10)), facts=facts)
        assert before.accepted is not None
        head = before.accepted.head
        return msgspec.structs.replace(header, instruction=before.id, base=Base(head.id, head.seq, head.hash))

    def _push(self, headers: Sequence[Header], step: int, places: "_Places") -> list[Event]:
        court = headers[0].sender
        first, ruled_at = places.next(court, len(headers))
        data = [encode_header(header) for header in headers]
        key = self._keys[court]
        proofs = sign_push(court, key.key_id, first, data, key.sign)
        events = []
        for i, (header, bytes_, proof) in enumerate(zip(headers, data, proofs, strict=True)):
            ruling = encode_ruling(places.ruling(header.instruction, step, ruled_at + i))
            leaf = entry_leaf(bytes_, ruling)
            places.leaves[header.instruction] = leaf.hex()
            row = header.id, header.instruction, header.kind, court, bytes_, encode_push(proof), first + i
            events.append(Event(row, step, ruled_at + i, ruling, leaf))
        return events

    def _after(self, before: Matter | None, header: Header, event: Event) -> Matter:
        hash_ = header_hash(event.row[4])
        if before is None:
            step = Step(1, header.id, hash_, event.leaf.hex())
            return begun_matter(fold(None, header, step, event.ruled_at, self._rulebook), self._sample.labels)
        assert before.accepted is not None
        ruling = Ruling(True, event.step + 1, before.accepted.head.leaf, event.ruled_at)
        return before.accept(header, hash_, ruling, event.leaf, self._rulebook)


class _Places:
    """Journal positions and times of rulings within a block, which follow from its number."""

    def __init__(self, sample: Sample, number: int) -> None:
        withdrawn = BLOCK - BLOCK // STAYS_OPEN
        before = {SENDER: number * (BLOCK + withdrawn), RECEIVER: number * BLOCK}
        self._ruled_at = sample.ruled_at + 1 + sum(before.values())
        self._next = {court: sample.journal_positions[court] + 1 + done for court, done in before.items()}
        self.leaves: dict[str, str] = {}

    def ruling(self, instruction: str, step: int, at: int) -> Ruling:
        """Return the ruling that accepts the next event of a matter."""
        return Ruling(True, step + 1, self.leaves.get(instruction, ""), at)

    def next(self, court: str, count: int) -> tuple[int, int]:
        """Return the first journal position and the first time of *count* events of *court*."""
        found = self._next[court], self._ruled_at
        self._next[court] += count
        self._ruled_at += count
        return found


_maker: list[_Maker] = []


def _begin(sample: Sample) -> None:
    _maker.append(_Maker(sample))


def _block(at: tuple[int, int]) -> Block:
    return _maker[0].block(at)


def _in_order(pool: ProcessPoolExecutor, work: Callable[[T], R], items: Iterator[T]) -> Iterator[R]:
    """Yield results in order with a bounded number under way."""
    waiting = [pool.submit(work, item) for item in islice(items, AHEAD)]
    while waiting:
        yield waiting.pop(0).result()
        waiting.extend(pool.submit(work, item) for item in islice(items, 1))


# --- The hub's rows --------------------------------------------------------------------------------------------------


class _HubRows:
    """Gives the events of blocks their places in the hub's log, and stores them."""

    def __init__(self, stage: Stage, file: sqlite3.Connection, sample: Sample) -> None:
        self._file = file
        self._lane = sample.headers[0].facts["lane"]
        self._bodies = sample.bodies
        self._stage = stage
        self._signer = LogSigner(ORIGIN, SigningKey.load(stage.data("hub") / "keys" / "log.pem"))
        query = "SELECT position, log_size, log_frontier, ruled_at FROM head"
        self._position, self._log_size, frontier, self._ruled_at = file.execute(query).fetchone()
        self._log = TileRows(CompactRange.decode(frontier))
        self._feeds = {court: self._feed_head(court) for court in (SENDER, RECEIVER, HUB)}

    def _feed_head(self, court: str) -> tuple[int, bytes]:
        query = "SELECT feed_seq, item_hash FROM feed WHERE court = ? AND lane = ? ORDER BY feed_seq DESC"
        return self._file.execute(query, (court, self._lane)).fetchone()

    def add(self, block: Block) -> None:
        """Store a block."""
        rows: dict[str, list[Row]] = {name: [] for name in ("event", "body", "ruling", "feed", "log_hash")}
        checkpoints = []
        for push in block.pushes:
            for event in push:
                self._add_event(event, rows)
            root = self._log.frontier.root()
            checkpoints.append(
                (self._log_size, root, self._ruled_at, self._signer.sign(self._log_size, root))
            )
        for name, added in rows.items():
            insert(self._file, tables.metadata.tables[name], added)
        insert(self._file, tables.checkpoint, checkpoints)
        insert(self._file, tables.instruction, block.matters)
        for key, count in block.tally.items():
            self._file.execute(
                "INSERT INTO tally VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
                (*key, count),
            )

    def _add_event(self, event: Event, rows: dict[str, list[Row]]) -> None:
        self._position += 1
        position = self._position
        rows["event"].append((position, *event.row))
        if self._bodies[event.step]:
            rows["body"].append((position, self._bodies[event.step]))
        index, self._log_size, self._ruled_at = self._log_size, self._log_size + 1, event.ruled_at
        rows["ruling"].append(
            (index, position, True, event.step + 1, "", "", event.ruled_at, event.leaf, event.ruling)
        )
        rows["log_hash"].extend((row.level, row.index, row.hash) for row in self._log.append(event.leaf))
        for court, (seq, previous) in self._feeds.items():
            item_hash = feed_item_hash(previous, seq + 1, index, event.leaf)
            self._feeds[court] = seq + 1, item_hash
            rows["feed"].append((court, self._lane, seq + 1, index, item_hash))

    def finish(self) -> None:
        """Store the head, in the database and outside it."""
        frontier = self._log.frontier
        self._file.execute(
            "UPDATE head SET position = ?, log_size = ?, log_frontier = ?, ruled_at = ?, commits = commits + 1",
            (self._position, self._log_size, frontier.encode(), self._ruled_at),
        )
        head_file = HeadFile(self._stage.data("hub") / "head" / "log.head")
        head_file.write(self._log_size, frontier.root(), self._signer.sign(self._log_size, frontier.root()))
        head_file.close()


def insert(file: sqlite3.Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert *rows* in the order of the table's columns."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    marks = ", ".join("?" * len(table.columns))
    file.executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', rows)


# --- The nodes' rows, from the hub's ---------------------------------------------------------------------------------

NODE_SQL: Final = """
INSERT INTO event SELECT position + :shift, event_id, instruction, kind, court, header, push, journal_position
  FROM hub.event WHERE position > :hub_position ORDER BY position;
INSERT INTO body SELECT position + :shift, content FROM hub.body WHERE position > :hub_position ORDER BY position;
INSERT INTO ruling SELECT log_index, position + :shift, accepted, seq, reason, winner, ruled_at, leaf, ruling
  FROM hub.ruling WHERE log_index >= :log_size ORDER BY log_index;
INSERT INTO checkpoint SELECT * FROM hub.checkpoint WHERE size > :log_size;
INSERT INTO change SELECT :change + row_number() OVER (ORDER BY position, told), position FROM (
  SELECT position, 0 AS told FROM event WHERE position > :position
  UNION ALL SELECT position, 1 FROM event WHERE position > :position AND court = :court);
CREATE TEMP TABLE labelled AS SELECT * FROM instruction WHERE instruction = :sample;
INSERT INTO instruction SELECT h.instruction, h.number, h.kind, h.sender, h.receiver, h.sender = :court, h.state,
  h.open, h.urgent, h.pending, l.case_number, l.subject_names, l.officer, l.officer_name, h.issued_at, h.due_at,
  h.updated_at, h.item_count, h.result, h.last_event, h.accepted, h.view, h.overlays, h.marks, h.appeals
  FROM hub.instruction h, labelled l WHERE h.instruction NOT IN (SELECT instruction FROM instruction)
  ORDER BY h.instruction;
UPDATE cursor SET (feed_seq, item_hash) = (
  SELECT feed_seq, item_hash FROM hub.feed WHERE court = :court AND lane = :lane ORDER BY feed_seq DESC LIMIT 1)
  WHERE lane = :lane;
INSERT INTO request SELECT r.principal, r.method, i.instruction || '/1', r.content_hash, r.response, i.issued_at
  FROM request r, instruction i WHERE r.method = 'IssueFinds' AND i.sent AND i.instruction <> :sample
  ORDER BY 1, 2, 3;
UPDATE serial SET last = last + :count;
UPDATE head SET position = (SELECT max(position) FROM event), change = (SELECT max(change) FROM change),
  journal_position = (SELECT max(journal_position) FROM event WHERE court = :court), commits = commits + 1;
"""


def seed_node(stage: Stage, court: str, known: dict[str, Any]) -> None:
    """Copy what the hub has after *known* into the journal of a court's node."""
    with closing(_open(stage.journal(court))) as file:
        file.execute("ATTACH ? AS hub", (str(stage.journal("hub")),))
        columns = [column[1] for column in file.execute("PRAGMA table_info(instruction)")]
        assert columns == [column.name for column in tables.instruction.columns], (
            "NODE_SQL knows another table"
        )
        position, change = file.execute("SELECT position, change FROM head").fetchone()
        values = {
            **known,
            "court": court,
            "position": position,
            "change": change,
            "shift": position - known["hub_position"],
        }
        file.execute("BEGIN")
        for statement in NODE_SQL.split(";\n"):
            if statement.strip():
                file.execute(statement, values)
        file.execute("COMMIT")


# --- The program -----------------------------------------------------------------------------------------------------


def seed(folder: Path, sample_id: str, count: int) -> None:
    """Fill the stage in *folder* with *count* copies of the matter *sample_id*."""
    stage = Stage(folder)
    with closing(_open(stage.journal("hub"))) as file:
        sample = _sample(stage, file, sample_id, count)
        [[hub_position, log_size]] = file.execute("SELECT position, log_size FROM head").fetchall()
        file.execute("BEGIN")
        hub = _HubRows(stage, file, sample)
        blocks = ((number, min(BLOCK, count - number * BLOCK)) for number in range(-(-count // BLOCK)))
        with ProcessPoolExecutor(PROCESSES, initializer=_begin, initargs=(sample,)) as pool:
            for block in _in_order(pool, _block, blocks):
                hub.add(block)
        hub.finish()
        file.execute("COMMIT")
    known = {
        "hub_position": hub_position,
        "log_size": log_size,
        "sample": sample_id,
        "lane": sample.headers[0].facts["lane"],
        "count": count,
    }
    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda court: seed_node(stage, court, known), (SENDER, RECEIVER)))
    for name in NAMES:
        _note_figures(stage.journal(name))


def _note_figures(path: Path) -> None:
    """Say that records of figures are kept up to now, as they would be after years: their backlog is not measured."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        judged_by = judging_hash(read_clockwork(connection))
        keep_records(connection, Cursor(newest_mark(connection), judged_by), [])
    engine.dispose()


def _sample(stage: Stage, hub: sqlite3.Connection, instruction: str, count: int) -> Sample:
    rows = hub.execute(
        "SELECT header, coalesce(content, x'') FROM event JOIN ruling USING (position) LEFT JOIN body USING (position)"
        " WHERE instruction = ? ORDER BY log_index",
        (instruction,),
    ).fetchall()
    headers = tuple(decode_header(header) for header, _ in rows)
    assert [header.kind for header in headers] == ["Issued", "Delivered", "Withdrawn"], headers
    [[ruled_at]] = hub.execute("SELECT ruled_at FROM head").fetchall()
    [[case_number]] = hub.execute("SELECT case_number FROM instruction WHERE instruction = ?", (instruction,))
    query = "SELECT content FROM rulebook WHERE hash = ?"
    [[rulebook]] = hub.execute(query, (headers[0].rulebook,)).fetchall()
    return Sample(
        folder=stage.folder,
        headers=headers,
        bodies=tuple(body for _, body in rows),
        number=MatterNumber.parse(str(headers[0].facts["number"])),
        labels=Labels(case_number=case_number),
        rulebook=rulebook,
        started_at=time.time_ns() // 1_000_000 - count,
        ruled_at=ruled_at,
        journal_positions={court: _journal_position(stage, court) for court in (SENDER, RECEIVER)},
    )


def _journal_position(stage: Stage, court: str) -> int:
    with closing(sqlite3.connect(stage.journal(court))) as file:
        [[position]] = file.execute("SELECT journal_position FROM head").fetchall()
    return position


def _open(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path, isolation_level=None)
    for pragma in FAST:
        file.execute(pragma)
    return file


if __name__ == "__main__":
    settings = json.loads(sys.argv[1])
    seed(Path(settings["stage"]), settings["sample"], settings["count"])
