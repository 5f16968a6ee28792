"""The journal of one program: its database, its one writer, its readers."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Connection, Table

from xiezhi_domain.errors import Reason, Unavailable
from xiezhi_domain.rulebook import Rulebook
from xiezhi_journal.engine import open_reader_engine, open_writer_engine
from xiezhi_journal.failures import explain
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.ledger import Cache, Ledger, RequestKey
from xiezhi_journal.rebuild import Rebuilt, rebuild
from xiezhi_journal.sweeping import sweep
from xiezhi_journal.writer import AfterCommitError, Unsigned, Work, Writer

ResultT = TypeVar("ResultT")
Clock = Callable[[], int]
READERS = 4


def system_clock() -> int:
    """Return the time in ms since 1970."""
    return time.time_ns() // 1_000_000


class Journal:
    """Everything durable of one program. Writes go through the one writer, reads have connections of their own."""

    def __init__(
        self, url: str, *, court: str = "", key: SigningKey | None = None, clock: Clock = system_clock
    ) -> None:
        self.court = court
        self.key = key
        self.clock = clock
        self.rulebooks: dict[str, Rulebook] = {}
        self.after_commit: Callable[[Ledger], None] | None = None
        """Called with each committed ledger on the writer's thread before anybody is answered.

        If it raises, what was committed stands and everybody is told that the machine cannot go on now.
        """
        self._writing = open_writer_engine(url)
        self._reading = open_reader_engine(url)
        self._cache = Cache()
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self.writer = Writer(self.open_ledger)

    def start(self) -> None:
        """Start the writer."""
        self.writer.start()

    def close(self) -> None:
        """Finish what waits, then let go of the database."""
        self.writer.stop()
        self._readers.shutdown()
        self._writing.dispose()
        self._reading.dispose()

    async def submit(self, work: Work[Ledger, ResultT]) -> ResultT:
        """Return what *work* returned, once it is on disk.

        :raises DomainError: the work was refused, or nothing can be stored now.
        """
        return await self.writer.submit(work)

    async def write(self, work: Callable[[Connection], ResultT]) -> ResultT:
        """Return what *work* returned, run in the writer's transaction in a savepoint of its own.

        :raises DomainError: raised by *work*, which is undone; or nothing can be stored now.
        """
        return await self.writer.submit(_Plain(work))

    async def write_once(self, key: RequestKey, work: Callable[[Connection], bytes]) -> bytes:
        """Return what *work* returned, or the stored answer if the same request was answered before.

        :raises Conflict: REQUEST_ID_REUSED.
        :raises DomainError: as `write`.
        """
        return await self.writer.submit(_Once(key, work))

    async def read(self, query: Callable[[Connection], ResultT]) -> ResultT:
        """Return what *query* returned, run on a reader's connection in a reader's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, query)

    def read_now(self, query: Callable[[Connection], ResultT]) -> ResultT:
        """Return what *query* returned, in the calling thread. What it wrote is rolled back.

        :raises Unavailable: the database cannot be read now.
        """
        try:
            with self._reading.connect() as connection:
                return query(connection)
        except Exception as error:
            failure = explain(error)
            if failure is None:
                raise
            raise Unavailable(Reason.INTERNAL, "数据库暂时不可用，请稍后再试") from error

    def rebuild(self) -> Rebuilt:
        """Drop the projections and make them again from what happened, in one transaction; blocks until it is done."""
        with self._writing.begin() as connection:
            return rebuild(connection, self.court, self.rulebooks)

    async def sweep(self, tables: Collection[Table]) -> None:
        """Leave nothing in the database's files of rows of *tables* that were deleted or replaced; all wait meanwhile.

        :raises Unavailable: somebody reads for very long, or the disk is full; try again later.
        """
        await self.writer.run_alone(lambda: sweep(self._writing, tables))

    @contextmanager
    def open_ledger(self) -> Iterator[Ledger]:
        """Begin a transaction of the writer; it is committed when left without error."""
        try:
            with self._writing.begin() as connection:
                ledger = Ledger(connection, self._cache, self.court, self.key, self.rulebooks, self.clock())
                yield ledger
        except BaseException:
            self._cache.clear()
            raise
        ledger.committed()
        self.rulebooks.update(ledger.rulebooks)
        if self.after_commit is not None:
            try:
                self.after_commit(ledger)
            except Exception as error:
                raise AfterCommitError from error


@dataclass(frozen=True, slots=True)
class _Plain(Unsigned, Generic[ResultT]):
    """Work on tables that no other item of a batch has in memory."""

    work: Callable[[Connection], ResultT]

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing."""

    def run(self, ledger: Ledger) -> ResultT:
        """Run it in a savepoint."""
        with ledger.connection.begin_nested():
            return self.work(ledger.connection)


@dataclass(frozen=True, slots=True)
class _Once(Unsigned):
    """Plain work with an idempotency key."""

    key: RequestKey
    work: Callable[[Connection], bytes]

    def prepare(self, ledger: Ledger) -> None:
        """Ask whether it was answered before."""
        ledger.want_request(self.key)

    def run(self, ledger: Ledger) -> bytes:
        """Run it, unless it was answered before."""
        answered = ledger.answered(self.key)
        if answered is None:
            with ledger.connection.begin_nested():
                answered = self.work(ledger.connection)
            ledger.remember(self.key, answered)
        return answered


def request_key(principal: str, method: str, request_id: str, content: bytes) -> RequestKey:
    """Return the idempotency key of a request with this serialised *content*."""
    return RequestKey(principal, method, request_id, hashlib.sha256(content).digest())
