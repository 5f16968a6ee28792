"""Seeing receipts arrive: the sender's database file, read-only, looked at every few milliseconds."""

import asyncio
import sqlite3
from pathlib import Path

LOOK_EVERY_SECONDS = 0.005
LOOK_EVERY_SECONDS_ALONE = 0.000_5
_NEWS = """
SELECT change, instruction, kind FROM change JOIN event USING (position) WHERE change > ? ORDER BY change
"""


class Receipts:
    """The receipts that the node has stored since this was made."""

    def __init__(self, journal: Path) -> None:
        self._file = sqlite3.connect(f"file:{journal}?mode=ro", uri=True, isolation_level=None)
        [[self._seen]] = self._file.execute("SELECT change FROM head")

    def look(self) -> list[str]:
        """Return the instructions whose receipt was stored since the last look."""
        news = self._file.execute(_NEWS, (self._seen,)).fetchall()
        if news:
            self._seen = news[-1][0]
        return [instruction for _, instruction, kind in news if kind == "Delivered"]


class Awaited:
    """Instructions under way. With one in flight it looks more often: that costs little then."""

    def __init__(self, receipts: Receipts, in_flight: int) -> None:
        self._receipts = receipts
        self._every = LOOK_EVERY_SECONDS if in_flight > 1 else LOOK_EVERY_SECONDS_ALONE
        self._issued: dict[str, float] = {}
        self._early: set[str] = set()

    @property
    def under_way(self) -> int:
        """How many have no receipt yet."""
        return len(self._issued)

    def add(self, instruction: str, started: float) -> bool:
        """Wait for one; returns whether its receipt was here before its issuer had the answer."""
        if instruction in self._early:
            self._early.remove(instruction)
            return True
        self._issued[instruction] = started
        return False

    async def next(self) -> list[float]:
        """Return when those began whose receipt has arrived; waits for one interval at most."""
        found = []
        for instruction in self._receipts.look():
            started = self._issued.pop(instruction, None)
            if started is None:
                self._early.add(instruction)
            else:
                found.append(started)
        await asyncio.sleep(0 if found else self._every)
        return found
