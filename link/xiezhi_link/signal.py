"""A wake-up that any thread may give: "something was committed, look again"."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Wake:
    """One watcher's end of a `Signal`; belongs to the event loop in which it was subscribed.

    Notifications between two waits are one. A watcher that looks again after each wait misses nothing.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()
        self._told = False

    def notify(self) -> None:
        """Let the present or the next wait end; from any thread."""
        if self._told:
            return
        self._told = True
        # A loop that is closed has no watcher any more, and whoever commits must not fail for it.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self, timeout_s: float) -> None:
        """Return after a notification given since the last wait, or after *timeout_s* seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._event.wait()
                # In this order: a notification that comes now finds `_told` set, and the watcher looks again.
                self._event.clear()
                self._told = False


class Signal:
    """An edge that is told to everyone subscribed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watchers: set[Wake] = set()

    def notify(self) -> None:
        """Wake every watcher; from any thread."""
        with self._lock:
            watchers = tuple(self._watchers)
        for watcher in watchers:
            watcher.notify()

    @contextmanager
    def subscribe(self) -> Iterator[Wake]:
        """Give a watcher that hears every notification from now to the end of the block."""
        watcher = Wake()
        with self._lock:
            self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            with self._lock:
                self._watchers.discard(watcher)
