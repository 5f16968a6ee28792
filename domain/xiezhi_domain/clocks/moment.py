"""What clocks take of an event, and of the world around a matter."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from xiezhi_domain.calendar import WorkingCalendar
from xiezhi_domain.clocks.verdict import Outage
from xiezhi_domain.events.header import Header, Seen
from xiezhi_domain.ladder.instruction import Instruction
from xiezhi_domain.rulebook.model import Owner
from xiezhi_domain.terms import State


class Moment(msgspec.Struct, frozen=True, gc=False):
    """An event as clocks hear it: what it is, when the hub accepted it (ms), what the matter is after it.

    `stated_due` is the end of the order's period that it states, 0 if none; `limit_days` is the order's own period.
    """

    kind: str
    court: str
    at: int
    claimed: int
    seen: Seen
    state: State
    sender: str
    receiver: str
    urgent: bool
    phone_first: bool
    oral_consent: bool
    limit_days: int
    stated_due: int


def moment_of(header: Header, at: int, after: Instruction) -> Moment:
    """Return the event *header*, accepted at *at*, that made the matter *after*."""
    stated = header.facts.get("due")
    return Moment(
        kind=header.kind,
        court=header.sender,
        at=at,
        claimed=header.at,
        seen=header.seen,
        state=after.state,
        sender=after.sender,
        receiver=after.receiver,
        urgent=after.urgent,
        phone_first=after.phone_first,
        oral_consent=after.oral_consent,
        limit_days=after.limit_days,
        stated_due=stated if type(stated) is int else 0,
    )


def _never_seen(_: Seen) -> int:
    return 0


def _never_cut_off(_court: str, _claimed: int, _due: int) -> bool:
    return False


class Setting(NamedTuple):
    """What the same history is judged with everywhere.

    `superior` is the court of the home hub, `outages` are the recorded 通信故障 of all courts. `seen_at` gives the
    time (ms) of a checkpoint that an event claims to have seen, `was_cut_off` whether a court's link was down from
    a claimed time until a deadline; both are asked for late events alone.
    """

    calendar: WorkingCalendar
    superior: str
    outages: tuple[Outage, ...] = ()
    seen_at: Callable[[Seen], int] = _never_seen
    was_cut_off: Callable[[str, int, int], bool] = _never_cut_off

    def owner(self, owner: Owner, moment: Moment) -> str:
        """Return the court that a limit charges after *moment*."""
        match owner:
            case Owner.SENDER:
                return moment.sender
            case Owner.RECEIVER:
                return moment.receiver
            case Owner.SUPERIOR:
                return self.superior
