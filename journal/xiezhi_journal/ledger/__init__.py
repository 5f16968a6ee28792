"""The ledger: one transaction of the writer, seen by the items that it holds.

Items say what they need (`want_…`), everything is read in a few statements, items decide over an overlay, everything
is written in sets. What the last committed transactions left is kept in a cache, because the writer is the only one
who changes it; if the head row is not the one the cache belongs to, another process has written and the cache is void.

`state`   the head row, events and requests as items see them, the cache
`reads`   reading by set, and the overlay over what was read
`writes`  the head row, signatures and events on their way to disk
`ledger`  the transaction itself: adding, undoing, flushing
"""

from xiezhi_journal.ledger.ledger import CACHED_MATTERS, Ledger
from xiezhi_journal.ledger.state import Cache, Head, KnownEvent, RequestKey

__all__ = ["CACHED_MATTERS", "Cache", "Head", "KnownEvent", "Ledger", "RequestKey"]
