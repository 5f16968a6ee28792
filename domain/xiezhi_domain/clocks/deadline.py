"""What a deadline is, and all deadlines of a matter as its history has made them."""

from typing import NamedTuple, TypeAlias

import msgspec

from xiezhi_domain.rulebook.model import Unit
from xiezhi_domain.terms import DeadlineState, State, TimeVerdict

_OPEN = (DeadlineState.RUNNING, DeadlineState.PAUSED)


class Pause(NamedTuple):
    """An interval (ms) in which a clock stood; `end` is 0 while it goes on."""

    start: int
    end: int = 0


class NotBefore(NamedTuple):
    """A moment (ms) before which a deadline does not end: an extension, or the least time after a rejection."""

    due_at: int


Adjustment: TypeAlias = Pause | NotBefore


class Deadline(msgspec.Struct, frozen=True, gc=False):
    """One round of one clock of a matter; a clock that is started again has a further round.

    `owner` is the court that is charged; `started_at` may lie ahead where the clock starts by itself unless something
    happens first. `due_at` is the last moment. `ended_at` is 0 while it is open; then `verdict` says whether what met
    it came in time, and is None where nothing met it. Times are ms since 1970. `amount` and `unit` are the period,
    `adjustments` what moved its end, in order; `cause` is the round of the clock that started this one, 0 for an
    event; `basis` names the limit whose period it is.
    """

    clock: str
    round: int
    owner: str
    started_at: int
    due_at: int
    amount: int
    unit: Unit
    state: DeadlineState = DeadlineState.RUNNING
    ended_at: int = 0
    verdict: TimeVerdict | None = None
    provisional: bool = False
    adjustments: tuple[Adjustment, ...] = ()
    cause: int = 0
    basis: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the clock can still be met or run out."""
        return self.state in _OPEN

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """The intervals in which the clock stood."""
        return tuple(each for each in self.adjustments if isinstance(each, Pause))

    @property
    def extensions(self) -> tuple[NotBefore, ...]:
        """The moments before which it does not end, in order."""
        return tuple(each for each in self.adjustments if isinstance(each, NotBefore))

    def state_at(self, now: int) -> DeadlineState:
        """Return the state at *now* (ms): a clock that runs past its end is breached."""
        late = self.state is DeadlineState.RUNNING and now > self.due_at
        return DeadlineState.BREACHED if late else self.state


class Clocks(msgspec.Struct, frozen=True, gc=False):
    """All deadlines of a matter, windows and gaps included, by clock in the order of their rounds.

    `state` and `urgent` are the matter's after the last event; `called_at` is the first logged call, 0 before one.
    """

    deadlines: tuple[Deadline, ...] = ()
    state: State | None = None
    urgent: bool = False
    called_at: int = 0

    def latest(self, clock: str) -> Deadline | None:
        """Return the last round of a clock."""
        return next((each for each in reversed(self.deadlines) if each.clock == clock), None)
