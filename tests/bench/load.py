"""A closed loop bounded in time and count: what it finished, how fast, and how long each took."""

import threading
import time
from typing import Any

from tests.bench.figures import percentile

GENERATIONS = 3
"""How often everything in flight is replaced at least, however slow the machine is at the moment."""


class Load:
    """Counts what finishes between warm-up and the end. Many threads may use it.

    The warm-up lasts until as many operations as are in flight have finished. The end comes when *seconds* have passed
    and some generations are through, or when *operations* have been started.
    """

    def __init__(self, in_flight: int, seconds: float, operations: int) -> None:
        self._in_flight = in_flight
        self._deadline = time.perf_counter() + seconds
        self._operations = operations
        self._lock = threading.Lock()
        self._started = 0
        self._done = 0
        self._end = float("inf")
        self._finished: list[tuple[float, float, int]] = []

    @classmethod
    def of(cls, command: dict[str, Any], in_flight: int) -> "Load":
        """Return the load that the harness asks for."""
        return cls(in_flight, command["seconds"], command["operations"])

    @property
    def done(self) -> int:
        """How many operations have finished, warm-up included."""
        return self._done

    @property
    def is_over(self) -> bool:
        """Whether nothing is admitted any more."""
        return self._end < float("inf")

    def admits(self, count: int = 1) -> bool:
        """Say whether *count* more operations may start together, and count them."""
        now = time.perf_counter()
        with self._lock:
            enough = now > self._deadline and self._done >= GENERATIONS * self._in_flight
            if enough or self._started + count > self._operations:
                self._end = min(self._end, now)
                return False
            self._started += count
            return True

    def finished(self, started: float, count: int = 1) -> None:
        """Count operations that began together at *started* (`time.perf_counter`) and end now."""
        now = time.perf_counter()
        with self._lock:
            self._done += count
            self._finished.append((now, now - started, count))

    def answer(self, *, latencies: bool = True) -> dict[str, Any]:
        """Return the figures for the harness; *latencies* only where one operation is one thing to wait for.

        :raises RuntimeError: the bound on operations left nothing to count.
        """
        begin, counted = self._counted()
        if not counted:
            raise RuntimeError("nothing was finished after the warm-up: the bound on operations is too low")
        durations = sorted(duration * 1e3 for _, duration, _ in counted)
        return {
            "total": self._done,
            "per_second": sum(count for _, _, count in counted) / (counted[-1][0] - begin),
            "p50_ms": percentile(durations, 0.5) if latencies else None,
            "p95_ms": percentile(durations, 0.95) if latencies else None,
            "p99_ms": percentile(durations, 0.99) if latencies else None,
        }

    def _counted(self) -> tuple[float, list[tuple[float, float, int]]]:
        """Return when the warm-up ended, and what finished later but before the loop began to run dry."""
        warm_up, number = 0, 0
        while number < len(self._finished) and warm_up < self._in_flight:
            warm_up += self._finished[number][2]
            number += 1
        begin = self._finished[number - 1][0]
        return begin, [entry for entry in self._finished[number:] if begin < entry[0] <= self._end]
