"""Durable rows of 1 KiB in SQLite (WAL, FULL): many callers with one row each against bulk. Scenario and program.

`group-N`: N callers, each waits until its row is durable, then gives the next one; one writer thread.
`raw-N`: N rows per transaction by one loop; `raw-512` is the limit, `raw-1` one commit per row.
"""

import asyncio
import os
import sqlite3
import time
from pathlib import Path

from tests.bench import program
from tests.bench.group_commit import GroupCommit, open_store
from tests.bench.load import Load
from tests.bench.scenario import Scenario
from tests.bench.stand import Stand

SCHEMA = """
CREATE TABLE record (id INTEGER PRIMARY KEY, name TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL,
    content BLOB NOT NULL);
CREATE INDEX record_by_state ON record (name, state, at);
"""
INSERT = "INSERT INTO record (name, state, at, content) VALUES (?, ?, ?, ?)"
CONTENT = os.urandom(1024)
Waiting = tuple[tuple, asyncio.Future[None]]
"""A row and what its caller waits for."""


class Commit(Scenario):
    name = "commit"
    cases = ("raw-1", "raw-512", "group-64", "group-1024")

    def start(self, stand: Stand) -> None:
        stand.start("commit", "tests.bench.raw.commit")


def _row(at: float) -> tuple[str, str, int, bytes]:
    return "苏0508", "Issued", int(at * 1e6), CONTENT


def _bulk(store: sqlite3.Connection, rows: int, load: Load) -> None:
    while load.admits(rows):
        started = time.perf_counter()
        store.execute("BEGIN IMMEDIATE")
        store.executemany(INSERT, [_row(started) for _ in range(rows)])
        store.execute("COMMIT")
        load.finished(started, rows)


async def _group(store: sqlite3.Connection, callers: int, load: Load) -> None:
    loop = asyncio.get_running_loop()

    def keep(waiting: list[Waiting]) -> list[Waiting]:
        store.executemany(INSERT, [row for row, _ in waiting])
        return waiting

    def publish(waiting: list[Waiting]) -> None:
        for _, future in waiting:
            future.set_result(None)

    writer = GroupCommit(store, keep, publish)

    async def caller() -> None:
        while load.admits():
            started = time.perf_counter()
            durable = loop.create_future()
            writer.put((_row(started), durable))
            await durable
            load.finished(started)

    await asyncio.gather(*(caller() for _ in range(callers)))
    writer.close()


async def measure(command: program.Json) -> program.Json:
    kind, _, number = command["case"].partition("-")
    path = Path(program.settings()["directory"]) / f"{command['case']}.db"
    rows = int(number)
    store, load = open_store(path, SCHEMA), Load.of(command, in_flight=rows)
    if kind == "raw":
        _bulk(store, rows, load)
    else:
        await _group(store, rows, load)
    store.close()
    return load.answer()


if __name__ == "__main__":
    asyncio.run(program.serve_async(measure))
