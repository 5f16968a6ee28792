"""Each day's record of looks gets its root into the log, by the program that kept it (design §9, ADR 0013)."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import structlog

from xiezhi_domain.errors import DomainError
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_journal.journal import Journal
from xiezhi_journal.look_seals import day_of_looks, days_to_seal, sealed_facts

EVERY_S: Final = 600.0
_log = structlog.get_logger(__name__)


class LookSealer:
    """Seals the days of a journal. *seal* makes the event `LooksSealed` with its facts."""

    def __init__(
        self, journal: Journal, court: str, holder: str, seal: Callable[[JsonObject], Awaitable[None]]
    ) -> None:
        self._journal = journal
        self._court = court
        self._holder = holder
        self._seal = seal

    async def run(self) -> None:
        """Run until cancelled; what cannot be done now is done later."""
        while True:
            try:
                await self.seal_days()
            except DomainError as error:
                _log.warning("looks_not_sealed", reason=error.reason)
            await asyncio.sleep(EVERY_S)

    async def seal_days(self) -> None:
        """Seal every day that is over.

        :raises DomainError: nothing can be made now.
        """
        due = partial(days_to_seal, court=self._court, holder=self._holder, now=self._journal.clock())
        for day in await self._journal.read(due):
            looks = await self._journal.read(partial(day_of_looks, day=day))
            await self._seal(sealed_facts(looks, self._holder))
