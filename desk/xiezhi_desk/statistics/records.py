"""The records of all matters that a period can touch, read in sets beside the writer.

Most of them lie there as rows (`journal/…/figure_records.py`); those whose matters have changed since, or had changed
after the log was as small as asked for, are folded from their histories.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from xiezhi_domain.clocks import Setting
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.indicators import MatterRecord, record_of
from xiezhi_journal import tables
from xiezhi_journal.clockwork import Clockwork, read_clockwork
from xiezhi_journal.figure_records import (
    KeptRecord,
    Made,
    changed_after,
    judging_hash,
    made_of,
    read_cursor,
    read_records,
)
from xiezhi_journal.journal import Journal
from xiezhi_journal.matter import Rulebooks
from xiezhi_journal.reading.accepted import accepted_histories, log_size, matters_touched

CHUNK: Final = 500
MOST_KEPT: Final = 50_000
"""A record takes about a kilobyte."""


class Snapshot(NamedTuple):
    """The records of matters as the first `log_size` entries of the log leave them; when each court joined (ms)."""

    log_size: int
    records: list[MatterRecord]
    joined_at: Mapping[str, int]


class _Question(NamedTuple):
    """What is asked of each set of matters. `changed`: those that no row tells all of, with their last marks."""

    since: int
    size: int
    clockwork: Clockwork
    judged_by: bytes
    changed: Mapping[str, int]
    joined_at: Mapping[str, int]

    def is_answered_by(self, matter: str, made: Made) -> bool:
        """Say whether a row tells exactly what the log tells of its matter up to the size asked for."""
        return made.last_index < self.size and self.changed.get(matter, 0) <= made.mark


class MatterRecords:
    """Gives records from the journal. *superior* is the court of the home hub.

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
        self._read: dict[str, KeptRecord] = {}
        self._read_for = b""

    async def read(self, since: int, wanted_size: int = 0) -> Snapshot:
        """Return the records of what was open or changed at *since* (ms) or later, at *wanted_size* (0: now).

        :raises InvalidInput: the log is not that long.
        """
        question = await self._journal.read(partial(_ask, since=since, wanted_size=wanted_size))
        if question.judged_by != self._read_for:
            self._read, self._read_for = {}, question.judged_by
        records = await self._journal.read(self._beside) if self._beside else []
        after, touched = "", [""]
        while touched:
            read = partial(self._read_chunk, question=question, after=after)
            touched, found = await self._journal.read(read)
            records += found
            after = touched[-1] if touched else after
        return Snapshot(question.size, records, question.joined_at)

    def _read_chunk(
        self, connection: Connection, question: _Question, after: str
    ) -> tuple[list[str], list[MatterRecord]]:
        touched = matters_touched(connection, question.since, after, CHUNK)
        made = made_of(connection, touched, question.judged_by)
        exact = {matter: each for matter, each in made.items() if question.is_answered_by(matter, each)}
        found = self._kept(connection, exact)
        missing = [matter for matter in touched if matter not in found]
        setting = question.clockwork.setting(connection, self._superior)
        for kept in fold_records(connection, missing, self._journal.rulebooks, setting, question.size):
            found[kept.instruction] = kept.record
        records = (found.get(matter) for matter in touched)
        return touched, [record for record in records if record is not None]

    def _kept(self, connection: Connection, exact: Mapping[str, Made]) -> dict[str, MatterRecord | None]:
        """Return the records of rows that are made so; those that were read before are not read again."""
        known = {matter: self._read.get(matter) for matter in exact}
        found = {
            each.instruction: each for each in known.values() if each and each.made == exact[each.instruction]
        }
        fresh = read_records(connection, [matter for matter in exact if matter not in found])
        for matter, each in fresh.items():
            if each.made == exact[matter]:
                found[matter] = each
                if matter in self._read or len(self._read) < MOST_KEPT:
                    self._read[matter] = each
        return {matter: each.record for matter, each in found.items()}


def fold_records(
    connection: Connection,
    matters: Collection[str],
    rulebooks: Rulebooks,
    setting: Setting,
    size: int | None = None,
    mark: int = 0,
) -> Iterator[KeptRecord]:
    """Give the records of *matters*, made of the log's first *size* (None: all) entries, and marked with *mark*."""
    for history in accepted_histories(connection, matters, size):
        record = record_of(history.events, rulebooks, setting)
        yield KeptRecord(history.id, Made(mark, history.last_index), record)


def _ask(connection: Connection, since: int, wanted_size: int) -> _Question:
    known = log_size(connection)
    if not 0 <= wanted_size <= known:
        raise InvalidInput.in_field("log_size", f"平台日志目前只有 {known} 条记录，请核对")
    clockwork = read_clockwork(connection)
    judged_by, cursor = judging_hash(clockwork), read_cursor(connection)
    start = cursor.mark if cursor.judged_by == judged_by else 0
    changed, joined_at = changed_after(connection, start), _joined_at(connection)
    return _Question(since, wanted_size or known, clockwork, judged_by, changed, joined_at)


def _joined_at(connection: Connection) -> dict[str, int]:
    court = tables.court.c
    return {row.code: row.joined_at for row in connection.execute(select(court.code, court.joined_at))}
