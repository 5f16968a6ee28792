"""The feeds as the link sends them (protocol §4)."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, select

from xiezhi.v1 import link_service_pb2
from xiezhi_hub.recent_entries import FedEntry, RecentEntries
from xiezhi_journal.feeds import feed_head, read_feed
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.tables import court as court_table
from xiezhi_journal.tables import feed as table
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

    def ends(self, court: str) -> list[link_service_pb2.FeedCursor]:
        """Return where the court's lanes end."""
        return [
            link_service_pb2.FeedCursor(lane=lane, feed_seq=end)  # type: ignore[arg-type]  # numbered alike, see to_item
            for (of, lane), end in list(self._ends.items())
            if of == court
        ]

    async def items(
        self, court: str, lane: int, after: int, max_bytes: int
    ) -> list[link_service_pb2.FeedItem]:
        """Return the items after number *after*, as `HubPort.feed` says."""
        end = min(self._ends.get((court, lane), 0), after + MOST_ITEMS)
        if after >= end:
            return []
        recent = list(_within(self._recent_items(court, lane, after, end), max_bytes))
        if recent:
            return [to_item(entry, lane) for entry in recent]
        rows = await self._journal.read(
            partial(read_feed, court=court, lane=lane, after=after, limit=MOST_ITEMS)
        )
        return [to_item(row, lane) for row in _within(rows, max_bytes)]

    def _recent_items(self, court: str, lane: int, after: int, end: int) -> Iterator[FedEntry]:
        for feed_seq in range(after + 1, end + 1):
            entry = self._recent.get(court, lane, feed_seq)
            if entry is None:
                return
            yield entry


def _within(rows: Iterable[Any], max_bytes: int) -> Iterator[Any]:
    """Yield as many of *rows* as fit, but one at least if there is any."""
    room = max_bytes
    for at, row in enumerate(rows):
        room -= len(row.header) + len(row.push) + len(row.body or b"") + len(row.ruling)
        if at and room < 0:
            return
        yield row


def to_item(row: Any, lane: int) -> link_service_pb2.FeedItem:
    """Return a row of `read_feed`, or a recent entry, as it is sent, in the bytes in which it is stored."""
    item = link_service_pb2.FeedItem(
        lane=lane,  # type: ignore[arg-type]  # lanes are numbered alike in feed and contract
        feed_seq=row.feed_seq,
        item_hash=row.item_hash,
    )
    # Filled in place: a message given to another one is copied.
    record = item.record
    record.header, record.push, record.body = row.header, row.push, row.body or b""
    record.ruling, record.log_index = row.ruling, row.log_index
    return item
