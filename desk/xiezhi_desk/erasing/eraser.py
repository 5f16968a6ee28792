"""The task that follows orders to erase: from the journal, from the documents, from the files; then it answers."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Final, Protocol

import structlog

from xiezhi_desk.documents.documents import Documents
from xiezhi_desk.erasing.copies import TOUCHED
from xiezhi_desk.erasing.drafts import holders_of_papers
from xiezhi_desk.erasing.listed import ErasureList
from xiezhi_desk.erasing.work import EraseAllFromJournal, EraseFromJournal
from xiezhi_domain.errors import DomainError
from xiezhi_journal.erasures import Erasure, all_orders, finish, unfinished
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
        """Erase from journal and documents, before anybody is served, what a backup has brought back (protocol §14).

        A document whose file cannot be deleted stays, and its order waits for `follow`.

        :raises DomainError: the list is damaged, or the database cannot be written.
        """
        if lost := await self._journal.write(self._listed.restore):
            _log.warning("erased_data_restored", orders=lost)
        work = await self._journal.read(EraseAllFromJournal.of)
        await self._journal.submit(work)
        for erasure in work.orders:
            await self._erase_documents(erasure)

    async def follow(self) -> None:
        """Follow what is due, all of it; answer what is done.

        :raises DomainError: the database or the hub cannot take it now; nothing is lost, `follow` goes on with it.
        :raises OSError: the list cannot be written. A document that cannot be deleted keeps its own order waiting only.
        """
        waiting = await self._journal.read(unfinished)
        due = [each for each in waiting if each.due]
        if due:
            self._listed.write(await self._journal.read(all_orders))
            await self._erase(due)
        for erasure in await self._journal.read(unfinished):
            if not erasure.due and not erasure.answer_id:
                await self._answer(erasure)

    async def _erase(self, due: list[Erasure]) -> None:
        done = []
        for erasure in due:
            work = EraseFromJournal(erasure.order_id, erasure.instruction)
            erased = await self._journal.submit(work)
            documents = await self._erase_documents(erased)
            if documents is not None:
                done.append((erased, documents))
        if not done:
            return
        self._forget()
        # Once for all of them: everybody waits meanwhile.
        await self._journal.sweep(TOUCHED)
        now = self._journal.clock()
        for erased, documents in done:
            count = max(documents, erased.documents)
            if await self._journal.write(partial(finish, erasure=erased, documents=count, at=now)):
                _log.info("erased", order=erased.order_id, instruction=erased.instruction)

    async def _erase_documents(self, erasure: Erasure) -> int | None:
        """Return how many documents went; None if one cannot be deleted now."""
        hashes = None if erasure.order.whole else list(erasure.order.documents)
        try:
            holders = await self._journal.read(partial(holders_of_papers, instruction=erasure.instruction))
            return await self._documents.erase(holders, hashes)
        except OSError as error:
            _log.warning(
                "erasure_of_documents_postponed", order=erasure.order_id, problem=str(error.strerror)
            )
            return None
