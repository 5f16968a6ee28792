"""Pauses that grow, with jitter: after an outage not all courts may come back in the same moment."""

import random


class Backoff:
    """Pauses from about *first_s* to *longest_s* seconds; each is twice the one before, less up to a half."""

    def __init__(self, first_s: float, longest_s: float) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._next_s = first_s

    def next_s(self) -> float:
        """Return the next pause in seconds."""
        longest = self._next_s
        self._next_s = min(2 * longest, self._longest_s)
        return random.uniform(longest / 2, longest)  # noqa: S311  # spreads load; nothing secret about it

    def reset(self) -> None:
        """Begin with the shortest pause again."""
        self._next_s = self._first_s
