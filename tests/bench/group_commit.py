"""One writer thread for one store: whatever waits when a commit ends goes into the next one. No timer."""

import asyncio
import os
import queue
import sqlite3
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

W = TypeVar("W")
R = TypeVar("R")
MAX_BATCH = 1024
"""A push tree holds at most as many events (protocol §2)."""


def open_store(path: Path, schema: str) -> sqlite3.Connection:
    """Return a connection that makes each commit durable (WAL, FULL) and begins no transaction by itself."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA wal_autocheckpoint=4000")
    connection.executescript(schema)
    return connection


class GroupCommit(Generic[W, R]):
    """Calls *store* in the writer thread with up to 1,024 items inside a transaction, commits, then lets the event
    loop *publish* the result: one wake-up per commit.

    A commit that fails ends the program, the harness sees it: a benchmark has nothing to save.
    """

    def __init__(
        self, connection: sqlite3.Connection, store: Callable[[list[W]], R], publish: Callable[[R], None]
    ) -> None:
        self._connection = connection
        self._store = store
        self._publish = publish
        self._queue: queue.SimpleQueue[W | None] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def put(self, item: W) -> None:
        """Let the writer take *item* with its next commit."""
        self._queue.put(item)

    def close(self) -> None:
        """End the writer; nothing waits any more."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            while batch := self._take():
                self._connection.execute("BEGIN IMMEDIATE")
                result = self._store(batch)
                self._connection.execute("COMMIT")
                self._loop.call_soon_threadsafe(self._publish, result)
        except Exception:  # noqa: BLE001  # whatever it is, nobody else would notice
            traceback.print_exc()
            os._exit(1)

    def _take(self) -> list[W]:
        """Return everything that waits, at least one item; nothing after the end."""
        batch: list[W] = []
        try:
            while len(batch) < MAX_BATCH:
                item = self._queue.get(block=not batch)
                if item is None:
                    break
                batch.append(item)
        except queue.Empty:
            pass
        return batch
