"""What the figures take of a matter's clocks: the start, the limit and the pauses of the receiver's work."""

from xiezhi_domain.clocks import Clocks, Deadline
from xiezhi_domain.indicators.record import Pause
from xiezhi_domain.terms import DeadlineState

_WORK = "handle"
_SIGNATURE = "sign"


def limit_rounds(clocks: Clocks, clock: str) -> list[Deadline]:
    """Return the rounds of one clock in their order."""
    return [deadline for deadline in clocks.deadlines if deadline.clock == clock]


def start_of_work(clocks: Clocks, arrived_at: int | None) -> int | None:
    """Return when the receiver's clock started (practice.md §4); None where it has not, and nothing has arrived.

    The limit for signing starts with it, afresh after a reroute and with no further round for a rejection.
    """
    signing = clocks.latest(_SIGNATURE)
    return arrived_at if signing is None else signing.started_at


def due_of_work(work: Deadline) -> int | None:
    """Return the limit; None while it stands still, unless it had passed before."""
    pauses = work.pauses
    stands = work.state is DeadlineState.PAUSED and pauses[-1].start <= work.due_at
    return None if stands else work.due_at


def pauses_of_work(clocks: Clocks, since: int) -> tuple[Pause, ...]:
    """Return the lawful pauses of the work that began at *since* or later."""
    rounds = limit_rounds(clocks, _WORK)
    return tuple(
        Pause(pause.start, pause.end or None)
        for deadline in rounds
        for pause in deadline.pauses
        if pause.start >= since
    )
