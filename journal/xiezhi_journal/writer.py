"""The one deciding writer of a process (protocol §11).

It takes everything that waits, decides item by item inside one transaction, commits once and then answers all. Nobody
is answered before the commit. Work that fails by itself (a `DomainError`) leaves no trace and fails alone; a
transaction that fails as a whole is split by halves until the bad item stands alone.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Protocol, TypeVar

import structlog

from xiezhi_domain.errors import DomainError, Reason, Unavailable
from xiezhi_journal.failures import explain
from xiezhi_journal.signer_line import SignerAway

log = structlog.get_logger(__name__)
ResultT_co = TypeVar("ResultT_co", covariant=True)
LedgerT_contra = TypeVar("LedgerT_contra", contravariant=True)
ResultT = TypeVar("ResultT")
MAX_BATCH = 1_024
"""A push tree holds at most as many events (protocol §2)."""


class Work(Protocol[LedgerT_contra, ResultT_co]):
    """One item for the writer. What it needs is read for the whole batch before any item runs."""

    def prepare(self, ledger: LedgerT_contra, /) -> None:
        """Tell the ledger what has to be read."""

    def run(self, ledger: LedgerT_contra, /) -> ResultT_co:
        """Decide and add to the ledger; a `DomainError` undoes what this item added."""


class Unsigned:
    """Work that adds nothing which is signed when all is written: it is done while the signer is away, too."""


class BatchLedger(Protocol):
    """What the writer needs of a ledger."""

    def read(self) -> None:
        """Read by set what the items asked for."""

    def attempt(self) -> AbstractContextManager[None]:
        """Undo what is added inside, if it ends with an error."""

    def flush(self) -> None:
        """Write everything added."""


class AfterCommitError(Exception):
    """The transaction stands, but what must follow before anybody is answered failed; its cause says why.

    The work is never run again. Who sent it may send it again: the answer is then found by its request or event id.
    """


class _Answers:
    """The answers to works that were put together; `settle` is called when the last one is there."""

    def __init__(self, count: int, settle: Callable[[list[Any]], None]) -> None:
        self._values: list[Any] = [None] * count
        self._left = count
        self._settle = settle

    def put(self, index: int, value: Any) -> None:
        """Take the answer to the work at *index*."""
        self._values[index] = value
        self._left -= 1
        if not self._left:
            self._settle(self._values)


@dataclass(frozen=True, slots=True)
class _Alone:
    """A step that is run between transactions, and where its end is told."""

    step: Callable[[], None]
    told: Callable[[BaseException | None], None]

    def run(self) -> None:
        try:
            self.step()
        except Exception as error:  # noqa: BLE001  whatever it is, somebody waits for an answer
            self.told(error)
        else:
            self.told(None)


Opener = Callable[[], AbstractContextManager[Any]]
Slot = tuple[Work[Any, Any], _Answers, int]
"""A work, and where its answer goes."""


class Writer:
    """Runs work in a thread of its own. `open_ledger` begins a transaction and commits it when left without error."""

    def __init__(self, open_ledger: Opener, name: str = "writer") -> None:
        self._open_ledger = open_ledger
        self._queue: queue.SimpleQueue[list[Slot] | _Alone | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)
        self._listeners: list[Callable[[], None]] = []
        self._stopping = False
        self._gate = threading.Lock()
        self.failing: str = ""
        """Why the last transaction failed as a whole; empty while all is well. Health reads it."""

    def start(self) -> None:
        """Start taking work."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what waits, then end; returns when it has. Nothing is taken any more."""
        with self._gate:
            self._stopping = True
            self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call *listener* on the writer's thread after each commit; it must be quick and must not raise."""
        self._listeners.append(listener)

    async def submit(self, work: Work[Any, ResultT]) -> ResultT:
        """Return what *work* returned once it is on disk.

        :raises DomainError: the work was refused, or the database could not store it.
        :raises Unavailable: STOPPING.
        """
        [answer] = await self.submit_all([work])
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def submit_all(self, works: Sequence[Work[Any, ResultT]]) -> list[ResultT | BaseException]:
        """Return the result or the error of each of *works*, in order, once everything is on disk.

        :raises Unavailable: STOPPING.
        """
        if not works:
            return []
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[ResultT | BaseException]] = loop.create_future()

        def settle(values: list[Any]) -> None:
            if not future.done():
                future.set_result(values)

        def settle_on_loop(values: list[Any]) -> None:
            # A closed loop: whoever asked is gone, and the next one still wants an answer.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(settle, values)

        self._put(_slots(works, settle_on_loop))
        return await future

    async def run_alone(self, step: Callable[[], None]) -> None:
        """Run *step* on the writer's thread while no transaction is under way; everything else waits for it.

        :raises Exception: what *step* raised.
        :raises Unavailable: STOPPING.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()

        def settle(error: BaseException | None) -> None:
            if not future.done():
                future.set_result(None) if error is None else future.set_exception(error)

        def settle_on_loop(error: BaseException | None) -> None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(settle, error)

        self._put(_Alone(step, settle_on_loop))
        await future

    def _put(self, slots: "list[Slot] | _Alone") -> None:
        with self._gate:
            if self._stopping:
                raise Unavailable(Reason.STOPPING)
            self._queue.put(slots)

    def run_now(self, work: Work[Any, ResultT]) -> ResultT:
        """Return what *work* returned; for programs' start-up and tools, before the writer takes work.

        :raises DomainError: as `submit`.
        """
        answers: list[Any] = []
        self._commit(_slots([work], answers.extend))
        if isinstance(answers[0], BaseException):
            raise answers[0]
        return answers[0]  # type: ignore[no-any-return]  # what came out of this very work

    def _loop(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, alone = ([], first) if isinstance(first, _Alone) else self._gather(first)
            if batch:
                self._commit(batch)
            if alone is not None:
                alone.run()

    def _gather(self, first: list[Slot]) -> "tuple[list[Slot], _Alone | None]":
        """Return everything that waits, up to a batch, and the step that has to be run alone after it."""
        batch = list(first)
        while len(batch) < MAX_BATCH:
            try:
                more = self._queue.get_nowait()
            except queue.Empty:
                break
            if more is None:
                self._queue.put(None)
                break
            if isinstance(more, _Alone):
                return batch, more
            batch.extend(more)
        return batch, None

    def _commit(self, batch: list[Slot]) -> None:
        answers: list[Any] = []
        try:
            with self._open_ledger() as ledger:
                _run(ledger, batch, answers)
        except AfterCommitError as error:
            self._fail(batch, explain(error.__cause__ or error) or Unavailable(Reason.INTERNAL), error)
            return
        except Exception as error:  # noqa: BLE001  whatever it is, somebody waits for an answer
            self._split(batch, error)
            return
        self.failing = ""
        for (_, slot_answers, index), value in zip(batch, answers, strict=True):
            slot_answers.put(index, value)
        self._tell_listeners()

    def _tell_listeners(self) -> None:
        for listener in self._listeners:
            try:
                listener()
            except Exception:  # whoever listens, the writer goes on
                log.exception("listener_failed")

    def _split(self, batch: list[Slot], error: Exception) -> None:
        failure = explain(error)
        if failure is not None:
            # Splitting does not help against a full disk or a lost database; a signer fails those who need it.
            spared = [slot for slot in batch if isinstance(slot[0], Unsigned)]
            if spared and isinstance(error, SignerAway):
                self._commit(spared)
                batch = [slot for slot in batch if not isinstance(slot[0], Unsigned)]
            self._fail(batch, failure, error)
            return
        if len(batch) == 1:
            log.error("item_failed", work=type(batch[0][0]).__name__, exc_info=error)
            _fail(batch, Unavailable(Reason.INTERNAL))
            return
        middle = len(batch) // 2
        self._commit(batch[:middle])
        self._commit(batch[middle:])

    def _fail(self, batch: list[Slot], failure: Unavailable, error: Exception) -> None:
        self.failing = failure.reason
        log.error("commit_failed", reason=failure.reason, items=len(batch), exc_info=error)
        _fail(batch, failure)


def _slots(works: Sequence[Work[Any, Any]], settle: Callable[[list[Any]], None]) -> list[Slot]:
    answers = _Answers(len(works), settle)
    return list(zip(works, repeat(answers), range(len(works)), strict=False))


def _fail(batch: list[Slot], failure: Unavailable) -> None:
    for _, answers, index in batch:
        answers.put(index, failure)


def _run(ledger: Any, batch: list[Slot], answers: list[Any]) -> None:
    for work, _, _ in batch:
        work.prepare(ledger)
    ledger.read()
    for work, _, _ in batch:
        try:
            with ledger.attempt():
                answers.append(work.run(ledger))
        except DomainError as error:
            answers.append(error)
    ledger.flush()
