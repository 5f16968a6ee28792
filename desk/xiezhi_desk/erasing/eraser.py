"""The task that follows orders to erase: from the journal, from the documents, from the files; then it answers."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Final, Protocol

import structlog

from xiezhi_desk.documents.documents import Documents
from xiezhi_desk.erasing.copies import TOUCHED
from xiezhi_desk.erasing.listed import ErasureList
from xiezhi_desk.erasing.work import EraseAllFromJournal, EraseFromJournal
from xiezhi_domain.errors import DomainError
from xiezhi_journal.erasures import Erasure, all_orders, change_erasure, unfinished
from xiezhi_journal.journal import Journal

PAUSE_S: Final = 60.0
REST_S: Final = 1.0
"""Nearly no commit brings an order; while there are many, they are looked through together."""

_log = structlog.get_logger(__name__)


def _nothing() -> None:
    pass


class Wake(Protocol):
    """Wakes who waits for commits."""

    async def wait(self, seconds: float) -> object:
        """Return after a commit, at the latest after so many seconds."""


class Eraser:
    """Follows the orders in *journal*. *answer* tells the hub that nothing is left here, and keeps that it did."""

    def __init__(
        self,
        journal: Journal,
        documents: Documents,
        listed: ErasureList,
        answer: Callable[[Erasure], Awaitable[None]],
        forget: Callable[[], None] = _nothing,
    ) -> None:
        """*forget* lets go of what of the journal's bodies is kept in memory."""
        self._journal = journal
        self._documents = documents
        self._listed = listed
        self._answer = answer
        self._forget = forget

    async def run(self, subscribe: Callable[[], AbstractContextManager[Wake]]) -> None:
        """Run until cancelled; what fails is tried again."""
        with subscribe() as wake:
            while True:
                try:
                    await self.follow()
                except (DomainError, OSError) as error:
                    _log.warning("erasure_postponed", problem=str(error))
                await asyncio.sleep(REST_S)
                await wake.wait(PAUSE_S)

    async def take_back_restored(self) -> None:
        """Erase from the journal, before anybody is served, what a backup has brought back (protocol §14).

        :raises DomainError: the list is damaged, or the database cannot be written.
        """
        if lost := await self._journal.write(self._listed.restore):
            _log.warning("erased_data_restored", orders=lost)
        await self._journal.submit(await self._journal.read(EraseAllFromJournal.of))

    async def follow(self) -> None:
        """Follow what is due, all of it; answer what is done.

        :raises DomainError: the database or the hub cannot take it now; nothing is lost, `follow` goes on with it.
        :raises OSError: a file cannot be deleted or written.
        """
        waiting = await self._journal.read(unfinished)
        due = [each for each in waiting if not each.done_at]
        if due:
            self._listed.write(await self._journal.read(all_orders))
            await self._erase(due)
        for erasure in await self._journal.read(unfinished):
            if erasure.done_at and not erasure.answer_id:
                await self._answer(erasure)

    async def _erase(self, due: list[Erasure]) -> None:
        done = []
        for erasure in due:
            work = EraseFromJournal(erasure.order_id, erasure.instruction)
            erased = await self._journal.submit(work)
            order = erased.order
            hashes = None if order.whole else list(order.documents)
            documents = await self._documents.erase(erased.instruction, hashes)
            done.append((erased, documents))
        self._forget()
        # Once for all of them: everybody waits meanwhile.
        await self._journal.sweep(TOUCHED)
        now = self._journal.clock()
        for erased, documents in done:
            changed = {"documents": max(documents, erased.documents), "done_at": now}
            await self._journal.write(partial(change_erasure, erasure=erased, changed=changed))
            _log.info("erased", order=erased.order_id, instruction=erased.instruction)
