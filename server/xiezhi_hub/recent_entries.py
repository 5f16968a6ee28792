"""What the last transactions logged and fed: a court that keeps up gets it without its being read again."""

import threading
from collections import deque
from collections.abc import Sequence
from typing import Any

from xiezhi_journal.ledger import Ledger
from xiezhi_journal.tables import feed as feed_table
from xiezhi_journal.tables import ruling as ruling_table
from xiezhi_link.feed_entry import FeedEntry

_Place = tuple[str, int, int]
"""Court, lane and number of a feed item."""


class RecentEntries:
    """The newest items of all feeds, up to *most_bytes*. Filled on the writer's thread, read on the loop's."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._items: dict[_Place, FeedEntry] = {}
        self._places: deque[tuple[_Place, int]] = deque()
        self._bytes = 0
        # Emptied by other threads than the one that fills it.
        self._lock = threading.Lock()

    def get(self, court: str, lane: int, feed_seq: int) -> FeedEntry | None:
        """Return an item of a lane; None for one that is older than what is kept."""
        return self._items.get((court, lane, feed_seq))

    def add(self, ledger: Ledger) -> None:
        """Take over what a transaction fed. What it only gave to a further court is read from the journal."""
        fed = ledger.rows.get(feed_table.name)
        if fed:
            with self._lock:
                self._add(ledger, fed)

    def clear(self) -> None:
        """Keep nothing of what was fed until now."""
        with self._lock:
            self._items.clear()
            self._places.clear()
            self._bytes = 0

    def _add(self, ledger: Ledger, fed: Sequence[tuple[Any, ...]]) -> None:
        events = {new.position: new for new in (*ledger.own, *ledger.events)}
        rulings = {row[0]: (events.get(row[1]), row[-1]) for row in ledger.rows.get(ruling_table.name, ())}
        for court, lane, feed_seq, log_index, item_hash in fed:
            new, ruling = rulings.get(log_index, (None, b""))
            if new is not None:
                entry = FeedEntry(
                    lane, feed_seq, item_hash, log_index, new.data, new.push, new.body, ruling, new.hash
                )
                self._keep((court, lane, feed_seq), entry)
        while self._bytes > self._most:
            place, size = self._places.popleft()
            del self._items[place]
            self._bytes -= size

    def _keep(self, place: _Place, entry: FeedEntry) -> None:
        size = entry.size
        self._items[place] = entry
        self._places.append((place, size))
        self._bytes += size
