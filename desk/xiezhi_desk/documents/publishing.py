"""One document at a time is either published or deleted, never both at once."""

import asyncio
from weakref import WeakValueDictionary


class Publishing:
    """Locks by hash.

    Whoever publishes a document holds its lock until the row that names it is committed; whoever deletes one holds
    it from asking whether it is named until the bytes are gone. Otherwise bytes could go that a row now names.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    def of(self, sha256: bytes) -> asyncio.Lock:
        """Return the lock of a document, to be held with `async with`."""
        lock = self._locks.get(sha256)
        if lock is None:
            lock = self._locks[sha256] = asyncio.Lock()
        return lock
