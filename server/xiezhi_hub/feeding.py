"""The feeds as the link sends them (protocol §4)."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, select

from xiezhi.v1 import link_service_pb2
from xiezhi_domain.events.header import header_hash
from xiezhi_hub.recent_entries import RecentEntries
from xiezhi_journal.feeds import feed_head, read_feed
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.tables import court as court_table
from xiezhi_journal.tables import feed as table
from xiezhi_link.feed_entry import FeedEntry
from xiezhi_link.settings import LANES

MOST_ITEMS: Final = 512
RECENT_BYTES: Final = 8 * 1024 * 1024


class Feeds:
    """Reads feeds; where a lane ends, and what it ends with, is known because every commit passes by here."""

    def __init__(self, journal: Journal, recent_bytes: int = RECENT_BYTES) -> None:
        self._journal = journal
        self._recent = RecentEntries(recent_bytes)
        self._ends: dict[tuple[str, int], int] = {}

    def load(self, connection: Connection) -> None:
        """Read where the lanes end: asked lane by lane, which does not take longer the more they hold."""
        for court in connection.scalars(select(court_table.c.code)).all():
            for lane in LANES:
                end, _ = feed_head(connection, court, lane)
                if end:
                    self._ends[court, int(lane)] = end

    def committed(self, ledger: Ledger) -> None:
        """Take over what a transaction appended; on the writer's thread."""
        self._recent.add(ledger)
        for court, lane, feed_seq, _, _ in ledger.rows.get(table.name, []):
            self._ends[court, lane] = feed_seq

    def forget(self) -> None:
        """Send from the journal alone what was appended until now: bodies in it were erased."""
        self._recent.clear()

    def ends(self, court: str) -> list[link_service_pb2.FeedCursor]:
        """Return where the court's lanes end."""
        return [
            link_service_pb2.FeedCursor(lane=lane, feed_seq=end)  # type: ignore[arg-type]  # numbered alike
            for (of, lane), end in list(self._ends.items())
            if of == court
        ]

    async def items(self, court: str, lane: int, after: int, max_bytes: int) -> list[FeedEntry]:
        """Return the items after number *after*, as `HubPort.feed` says."""
        end = min(self._ends.get((court, lane), 0), after + MOST_ITEMS)
        if after >= end:
            return []
        recent = list(_within(self._recent_items(court, lane, after, end), max_bytes))
        if recent:
            return recent
        rows = await self._journal.read(
            partial(read_feed, court=court, lane=lane, after=after, limit=MOST_ITEMS)
        )
        return list(_within((to_entry(row, lane) for row in rows), max_bytes))

    def _recent_items(self, court: str, lane: int, after: int, end: int) -> Iterator[FeedEntry]:
        for feed_seq in range(after + 1, end + 1):
            entry = self._recent.get(court, lane, feed_seq)
            if entry is None:
                return
            yield entry


def _within(entries: Iterable[FeedEntry], max_bytes: int) -> Iterator[FeedEntry]:
    """Yield as many of *entries* as fit, but one at least if there is any."""
    room = max_bytes
    for at, entry in enumerate(entries):
        room -= entry.size
        if at and room < 0:
            return
        yield entry


def to_entry(row: Any, lane: int) -> FeedEntry:
    """Return a row of `read_feed` as it is sent, in the bytes in which it is stored."""
    return FeedEntry(
        lane,
        row.feed_seq,
        row.item_hash,
        row.log_index,
        row.header,
        row.push,
        row.body or b"",
        row.ruling,
        header_hash(row.header),
    )
