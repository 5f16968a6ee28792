"""Leaving a registry in peace that has failed several times in a row."""

from dataclasses import dataclass
from typing import Final

FAILURES: Final = 5
REST_MS: Final = 60_000


@dataclass(slots=True)
class Circuit:
    """After so many failures in a row nothing is asked for *rest_ms*; then one question tries whether it is back."""

    failures: int = FAILURES
    rest_ms: int = REST_MS
    _failed: int = 0
    _resting_until: int = 0

    def is_resting(self, now: int) -> bool:
        """Return whether nothing is asked at *now* (ms)."""
        return now < self._resting_until

    def admit(self, now: int) -> bool:
        """Return whether to ask at *now*. After a rest the first one asks, and all others go on resting meanwhile."""
        if self.is_resting(now):
            return False
        if self._failed >= self.failures:
            self._resting_until = now + self.rest_ms
        return True

    def succeeded(self) -> None:
        """Note an answer, whatever it said."""
        self._failed = 0
        self._resting_until = 0

    def failed(self, now: int) -> None:
        """Note that nothing came."""
        self._failed += 1
        if self._failed >= self.failures:
            self._resting_until = now + self.rest_ms
