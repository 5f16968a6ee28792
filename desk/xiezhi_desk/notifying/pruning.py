"""Deleting what was told long ago: the journal of notifications keeps what has ended for as long as the file says."""

import asyncio
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection, delete, select

from xiezhi_domain.errors import DomainError
from xiezhi_domain.terms import NotificationState
from xiezhi_journal.journal import Journal
from xiezhi_journal.tables import notification as table

AT_ONCE: Final = 500
"""Rows of one transaction: others write between two."""
PRUNE_EVERY_S: Final = 3_600.0
_DAY_MS: Final = 24 * 3_600_000
_ENDED: Final = tuple(map(str, set(NotificationState) - {NotificationState.QUEUED, NotificationState.FAILED}))
_log = structlog.get_logger(__name__)


class Pruner:
    """Deletes notifications that have ended and were queued more than *keep_days* ago."""

    def __init__(self, journal: Journal, keep_days: int) -> None:
        self._journal = journal
        self._keep_ms = keep_days * _DAY_MS

    async def run(self) -> None:
        """Prune for ever, until cancelled."""
        while True:
            try:
                await self.prune()
            except DomainError as error:
                _log.warning("notifications_not_pruned", reason=error.reason)
            except Exception as error:  # noqa: BLE001  a task that ended would stop the whole program
                _log.warning("notifications_not_pruned", problem=type(error).__name__)
            await asyncio.sleep(PRUNE_EVERY_S)

    async def prune(self) -> int:
        """Delete what is older than is kept; returns how many.

        :raises DomainError: the database is away.
        """
        before, deleted = self._journal.clock() - self._keep_ms, 0
        while some := await self._journal.write(partial(_delete_some, before=before)):
            deleted += some
        return deleted


def _delete_some(connection: Connection, before: int) -> int:
    old = (
        select(table.c.notification_id)
        .where(table.c.queued_at < before, table.c.state.in_(_ENDED))
        .order_by(table.c.queued_at)
        .limit(AT_ONCE)
    )
    ids = list(connection.scalars(old))
    if ids:
        connection.execute(delete(table).where(table.c.notification_id.in_(ids)))
    return len(ids)
