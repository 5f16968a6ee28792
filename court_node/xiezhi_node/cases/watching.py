"""Following the case source: each change of a case is stored and told once, and a known case is taken anew."""

import asyncio
from contextlib import aclosing
from functools import partial
from typing import Final

import structlog

from xiezhi.v1 import case_source_pb2
from xiezhi_domain.errors import DomainError, Reason
from xiezhi_journal.journal import Journal
from xiezhi_link.backoff import Backoff
from xiezhi_node.cases.change_store import StoredChange
from xiezhi_node.cases.changes import check_change
from xiezhi_node.cases.following import put_place, read_place
from xiezhi_node.cases.importing import import_case
from xiezhi_node.cases.source import CaseSource
from xiezhi_node.cases.store import get_case
from xiezhi_node.cases.telling import CASE_SYSTEM, FollowChange, TakeChange
from xiezhi_node.seat import Seat

FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
LONGEST_CURSOR: Final = 1_000
_NAME: Final = "case_changes"
_log = structlog.get_logger(__name__)


class CaseWatcher:
    """Follows the changes of a source for ever; begins again where it was when the source was away."""

    def __init__(self, journal: Journal, seat: Seat, source: CaseSource) -> None:
        self._journal = journal
        self._seat = seat
        self._source = source

    async def run(self) -> None:
        """Run until cancelled; a court without a case source is left in peace."""
        if not self._source.configured:
            await asyncio.Event().wait()
        backoff = Backoff(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        while True:
            try:
                await self._follow(backoff)
            except DomainError as error:
                _log.warning("case_source_not_followed", reason=error.reason)
            await asyncio.sleep(backoff.next_s())

    async def _follow(self, backoff: Backoff) -> None:
        after = await self._journal.read(partial(read_place, name=_NAME))
        async with aclosing(self._source.watch_cases(after)) as told:
            async for each in told:
                await self._take(each)
                backoff.reset()

    async def _take(self, told: case_source_pb2.CaseSourceWatchCasesResponse) -> None:
        """Store and tell a change, with its cursor; one that cannot be read is passed over and holds up no other."""
        cursor = told.cursor[:LONGEST_CURSOR]
        try:
            if not told.change.change_id:
                raise DomainError(Reason.CASE_UNREADABLE)  # noqa: TRY301  told like every other one
            change = check_change(told.change, self._journal.clock(), "")
        except DomainError as error:
            _log.warning("case_change_not_read", reason=error.reason, change=told.change.change_id)
            await self._journal.write(partial(put_place, name=_NAME, place=cursor))
            return
        take = await self._journal.read(
            partial(TakeChange.of, seat=self._seat, person=CASE_SYSTEM, change=change)
        )
        if await self._journal.submit(FollowChange(take, _NAME, cursor)):
            await self._refresh(change)

    async def _refresh(self, change: StoredChange) -> None:
        """Take a case that the node knows anew: its stage and its amounts have changed."""
        try:
            await self._journal.read(partial(get_case, case_number=change.case_number))
            await import_case(self._journal, self._source, change.case_number)
        except DomainError as error:
            _log.info("changed_case_not_taken", reason=error.reason)
