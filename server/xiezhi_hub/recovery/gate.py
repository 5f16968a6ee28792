"""Whether the hub may rule and sign."""

from collections.abc import Callable
from enum import Enum

import structlog

from xiezhi_domain.errors import Reason, Unavailable

_log = structlog.get_logger(__name__)


class Phase(Enum):
    """Where the hub stands. DIVERGED is left by operators alone, because two logs contradict each other."""

    RECOVERING = "recovering"
    OPEN = "open"
    DIVERGED = "diverged"


class Gate:
    """The one place that says whether the hub is open. A hub begins by recovering."""

    def __init__(self) -> None:
        self.phase = Phase.RECOVERING
        self.why = ""
        """What is wrong, in Chinese, for the operator; empty where nothing is known to be."""
        self._listeners: list[Callable[[], None]] = []

    def on_turn(self, listener: Callable[[], None]) -> None:
        """Call *listener* after each change of the phase, on whichever thread found the reason."""
        self._listeners.append(listener)

    @property
    def is_open(self) -> bool:
        """Whether the hub rules and signs."""
        return self.phase is Phase.OPEN

    def require_open(self) -> None:
        """Let work pass that rules on something.

        :raises Unavailable: RECOVERING.
        """
        if not self.is_open:
            raise Unavailable(Reason.RECOVERING)

    def open(self) -> None:
        """Let the hub rule, unless logs contradict each other."""
        if self.phase is Phase.RECOVERING:
            self._turn(Phase.OPEN, "")

    def recover(self, why: str) -> None:
        """Stop ruling until what is missing has come back."""
        if self.phase is not Phase.DIVERGED:
            self._turn(Phase.RECOVERING, why)

    def diverge(self, why: str) -> None:
        """Stop ruling for good."""
        self._turn(Phase.DIVERGED, why)

    def call_back(self) -> None:
        """Tell the listeners again: links of a closed hub end, and nodes are asked anew when they come back."""
        for listener in self._listeners:
            listener()

    def _turn(self, phase: Phase, why: str) -> None:
        before, self.phase, self.why = self.phase, phase, why
        log = _log.info if phase is Phase.OPEN else _log.error
        log("phase", phase=phase.value, problem=why)
        if phase is not before:
            self.call_back()
