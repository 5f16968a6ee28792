"""Following a journal: what has happened since the last look becomes notifications, exactly once.

The place up to which was looked and what was found there are written in one transaction: killed at any moment, the
program goes on where it was, and the keys of what it finds again are the same.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

import structlog
from sqlalchemy import Connection, select

from xiezhi_desk.notifying.occasion import Occasion
from xiezhi_desk.notifying.queueing import Queueing
from xiezhi_domain.errors import DomainError
from xiezhi_journal import tables
from xiezhi_journal.bulk import upsert_rows
from xiezhi_journal.journal import Journal

LOOK_EVERY_S: Final = 5.0
PAUSE_S: Final = 0.5
"""Between two looks: a busy journal commits many times in it."""
REST_S: Final = 10.0
"""How long a source is let be that could not be looked at; the others are followed meanwhile."""
_MARKED: Final = ":"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What a look has found behind a place: occasions in order, the place after them, whether there is more.

    A source that has to know its place again keeps a *mark* with it.
    """

    occasions: Sequence[Occasion]
    place: int
    more: bool = False
    mark: str = ""


class Source(Protocol):
    """Something with an order that is followed: changes, rulings, the notices of the hub."""

    @property
    def name(self) -> str:
        """Its name among the followers of the journal; never changed."""

    async def newest(self) -> int:
        """Return the place where following begins: what was before is not told."""

    async def after(self, place: int) -> Found:
        """Return what lies behind *place*, up to a handful.

        :raises DomainError: it cannot be looked at now.
        """


class Wakes(Protocol):
    """Somebody who can be woken."""

    async def wait(self, timeout_s: float) -> None:
        """Return when something was committed, or after *timeout_s* seconds."""


Subscribe = Callable[[], AbstractContextManager[Wakes]]


class Gatherer:
    """Follows sources, and queues what they tell of."""

    def __init__(self, journal: Journal, queueing: Queueing, sources: Sequence[Source]) -> None:
        self._journal = journal
        self._queueing = queueing
        self._sources = sources

    async def run(self, subscribe: Subscribe) -> None:
        """Gather for ever, until cancelled."""
        now, rests = asyncio.get_running_loop().time, dict.fromkeys(self._sources, 0.0)
        with subscribe() as wake:
            while True:
                for source in self._sources:
                    if rests[source] <= now() and not await _logged(source.name, self.gather(source)):
                        rests[source] = now() + REST_S
                await asyncio.sleep(PAUSE_S)
                await wake.wait(LOOK_EVERY_S)

    async def gather(self, source: Source) -> int:
        """Queue what *source* tells since the last time; returns how many notifications are new.

        :raises DomainError: the source or the database is away.
        """
        queued = 0
        place = await self._journal.read(partial(read_place, name=source.name))
        if place is None:
            place = await source.newest()
            await self._journal.write(partial(put_place, name=source.name, place=place))
        more = True
        while more:
            found = await source.after(place)
            if found.occasions or found.place != place:
                queued += await self._journal.write(partial(self._queue, source=source.name, found=found))
            place, more = found.place, found.more
        return queued

    def _queue(self, connection: Connection, source: str, found: Found) -> int:
        queued = self._queueing.queue(connection, found.occasions, self._journal.clock())
        put_place(connection, source, found.place, found.mark)
        return queued


async def _logged(source: str, gathering: Awaitable[int]) -> bool:
    """Return whether *gathering* went through; a task that ended would stop the whole program."""
    try:
        await gathering
    except DomainError as error:
        _log.warning("notifications_not_gathered", source=source, reason=error.reason)
        return False
    except Exception as error:  # noqa: BLE001  logged by its type alone: what it says may hold a name
        _log.warning("notifications_not_gathered", source=source, problem=type(error).__name__)
        return False
    return True


def read_place(connection: Connection, name: str) -> int | None:
    """Return the place of the follower *name*; None before it began."""
    found = _stored(connection, name)
    return None if found is None else int(found.partition(_MARKED)[0])


def read_mark(connection: Connection, name: str) -> str:
    """Return what the follower *name* knows its place by; empty for nothing."""
    return (_stored(connection, name) or "").partition(_MARKED)[2]


def put_place(connection: Connection, name: str, place: int, mark: str = "") -> None:
    """Store the place of the follower *name*, and what it knows it by."""
    upsert_rows(connection, tables.follower, [(name, f"{place}{_MARKED}{mark}" if mark else str(place))])


def _stored(connection: Connection, name: str) -> str | None:
    table = tables.follower
    found: str | None = connection.scalar(select(table.c.place).where(table.c.name == name))
    return found
