"""Keeping the records of figures: behind the writer, in small batches, at its leisure.

A matter moves several times within minutes and then rests for days. So nothing is made with each event; what has
changed is folded once every few minutes, and who asks in between folds the few that are newer.
"""

import asyncio
import time
from functools import partial
from typing import Final, NamedTuple

import structlog
from sqlalchemy import Connection

from xiezhi_desk.statistics.records import fold_records
from xiezhi_domain.errors import DomainError
from xiezhi_journal.clockwork import read_clockwork
from xiezhi_journal.figure_records import (
    Cursor,
    KeptRecord,
    judging_hash,
    keep_records,
    made_of,
    newest_mark,
    next_changes,
    read_cursor,
)
from xiezhi_journal.journal import Journal

_log = structlog.get_logger(__name__)

KEEP_EVERY_SECONDS: Final = 300.0
AT_ONCE: Final = 400
"""Changes that one batch follows; their matters are folded in a tenth of a second or so."""
REST: Final = 3.0
"""How many times as long as a batch took it rests before the next: who works in the same process goes first."""


class _Batch(NamedTuple):
    before: Cursor
    after: Cursor
    records: list[KeptRecord]


class RecordKeeper:
    """Brings the rows up to the log, *at_once* changes in a batch. *superior* is the court of the home hub."""

    def __init__(self, journal: Journal, superior: str, at_once: int = AT_ONCE) -> None:
        self._journal = journal
        self._superior = superior
        self._at_once = at_once

    async def run(self) -> None:
        """Keep them again and again, until cancelled."""
        while True:
            started, more = time.monotonic(), False
            try:
                more = await self.keep_some()
            except DomainError as error:
                _log.warning("figure_records_not_kept", reason=error.reason)
            await asyncio.sleep(REST * (time.monotonic() - started) if more else KEEP_EVERY_SECONDS)

    async def keep_all(self) -> None:
        """Bring them up to the log as it is now, without a rest."""
        while await self.keep_some():
            pass

    async def keep_some(self) -> bool:
        """Follow the log by one batch; says whether there may be more."""
        batch = await self._journal.read(self._next)
        if batch.after == batch.before:
            return False
        await self._journal.write(partial(keep_records, cursor=batch.after, records=batch.records))
        return True

    def _next(self, connection: Connection) -> _Batch:
        clockwork = read_clockwork(connection)
        before, judged_by, newest = read_cursor(connection), judging_hash(clockwork), newest_mark(connection)
        start = before.mark if before.judged_by == judged_by else 0
        end, changed = next_changes(connection, start, self._at_once)
        made = made_of(connection, changed, judged_by)
        # Folded to the end of the log at once: a long history is not folded again with each batch that touches it.
        behind = [
            matter for matter, mark in changed.items() if matter not in made or made[matter].mark < mark
        ]
        setting = clockwork.setting(connection, self._superior)
        records = fold_records(connection, behind, self._journal.rulebooks, setting, mark=newest)
        return _Batch(before, Cursor(end, judged_by), list(records))
