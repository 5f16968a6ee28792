"""What has to be pushed again later: documents were missing, or the hub could not rule."""

from collections.abc import Callable
from time import monotonic

from xiezhi_link.under_way import Outgoing


class HeldBack:
    """Instructions whose events wait, so that none overtakes an earlier one; all are tried again together."""

    def __init__(self, retry_after_s: float, clock: Callable[[], float] = monotonic) -> None:
        self._retry_after_s = retry_after_s
        self._clock = clock
        self._due = 0.0
        self._first = 0
        self._instructions: set[str] = set()

    def hold(self, outgoing: Outgoing) -> None:
        """Hold back an event and what follows it in its instruction."""
        if not self._instructions:
            self._due = self._clock() + self._retry_after_s
            self._first = outgoing.position
        self._first = min(self._first, outgoing.position)
        self._instructions.add(outgoing.instruction)

    def holds(self, instruction: str) -> bool:
        """Whether events of the instruction wait."""
        return instruction in self._instructions

    def release(self) -> int | None:
        """Return the journal position of the first event to push again, if it is time; nothing waits then."""
        if not self._instructions or self._clock() < self._due:
            return None
        self._instructions.clear()
        return self._first
