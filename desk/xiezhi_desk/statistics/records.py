"""The records of all matters that a period can touch, read in sets beside the writer and kept between questions."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Connection

from xiezhi_domain.clocks import Setting
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.indicators import MatterRecord, record_of
from xiezhi_journal.clockwork import Clockwork, read_clockwork
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading.accepted import TouchedMatter, accepted_histories, log_size, matters_touched

CHUNK: Final = 200
MOST_KEPT: Final = 50_000
"""A record takes about a kilobyte."""


class Snapshot(NamedTuple):
    """The records of matters as the first `log_size` entries of the log leave them."""

    log_size: int
    records: list[MatterRecord]


class _Kept(NamedTuple):
    """A record, and the state of its matter that it was made from."""

    updated_at: int
    last_index: int
    record: MatterRecord | None


class MatterRecords:
    """Makes records from the journal's histories. *superior* is the court of the home hub.

    *beside* reads what is known without a history: registered matters of other channels.
    """

    def __init__(
        self,
        journal: Journal,
        superior: str,
        beside: Callable[[Connection], list[MatterRecord]] | None = None,
    ) -> None:
        self._journal = journal
        self._superior = superior
        self._beside = beside
        self._kept: dict[str, _Kept] = {}
        self._kept_for: object = None

    async def read(self, since: int, wanted_size: int = 0) -> Snapshot:
        """Return the records of what was open or changed at *since* (ms) or later, at *wanted_size* (0: now).

        :raises InvalidInput: the log is not that long.
        """
        known = await self._journal.read(log_size)
        if not 0 <= wanted_size <= known:
            raise InvalidInput.in_field("log_size", f"平台日志目前只有 {known} 条记录，请核对")
        size = wanted_size or known
        clockwork = await self._journal.read(read_clockwork)
        if (judged_by := (clockwork.calendar.content_hash, clockwork.outages)) != self._kept_for:
            self._kept, self._kept_for = {}, judged_by
        records = await self._journal.read(self._beside) if self._beside else []
        after, chunk = "", [TouchedMatter("", 0)]
        while chunk:
            chunk, found = await self._journal.read(
                partial(self._read_chunk, since=since, after=after, size=size, clockwork=clockwork)
            )
            records += found
            after = chunk[-1].id if chunk else after
        return Snapshot(size, records)

    def _read_chunk(
        self, connection: Connection, since: int, after: str, size: int, clockwork: Clockwork
    ) -> tuple[list[TouchedMatter], list[MatterRecord]]:
        touched = matters_touched(connection, since, after, CHUNK)
        records: list[MatterRecord | None] = []
        missing: dict[str, int] = {}
        for matter, updated_at in touched:
            kept = self._kept.get(matter)
            if kept and kept.updated_at == updated_at and kept.last_index < size:
                records.append(kept.record)
            else:
                missing[matter] = updated_at
        records += self._make(connection, missing, size, clockwork.setting(connection, self._superior))
        return touched, [record for record in records if record is not None]

    def _make(
        self, connection: Connection, matters: Mapping[str, int], size: int, setting: Setting
    ) -> list[MatterRecord | None]:
        """Return new records of *matters* (id → changed at); None for a matter that no figure counts."""
        is_present = log_size(connection) == size
        made = []
        for history in accepted_histories(connection, matters.keys(), size):
            record = record_of(history.events, self._journal.rulebooks, setting)
            made.append(record)
            if is_present:
                self._keep(history.id, _Kept(matters[history.id], history.last_index, record))
        return made

    def _keep(self, matter: str, kept: _Kept) -> None:
        if len(self._kept) >= MOST_KEPT:
            self._kept.pop(next(iter(self._kept)), None)
        self._kept[matter] = kept
