"""Whether somebody may make a move now, and if not, why: by the same rules that decide on the event itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from xiezhi_domain.calendar import WorkingCalendar
from xiezhi_domain.errors import Reason
from xiezhi_domain.events.canonical_json import JsonValue
from xiezhi_domain.events.header import Base, Header, Seen
from xiezhi_domain.ladder.decide import Footing, Standing, decide
from xiezhi_domain.ladder.explain import as_error
from xiezhi_domain.ladder.fitting import fitting_addressee, fitting_facts
from xiezhi_domain.ladder.instruction import Instruction
from xiezhi_domain.rulebook import Move, Rulebook, Side
from xiezhi_domain.terms import Role

_NOTHING: Final[Mapping[str, JsonValue]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Stand:
    """Where somebody stands: court and roles, the hub's court and the origin of its log, calendar and time (ms)."""

    court: str
    hub_court: str
    origin: str
    roles: frozenset[Role]
    calendar: WorkingCalendar
    now: int

    def is_side_of(self, move: Move, matter: Instruction) -> bool:
        """Say whether *move* is one of this court's in *matter*, whoever makes it there."""
        courts = {
            Side.SENDER: matter.sender,
            Side.RECEIVER: matter.receiver,
            Side.SUPERIOR: self.hub_court,
        }
        return any(courts.get(side) == self.court for side in move.sides)


def why_not(
    move: Move,
    matter: Instruction,
    rulebook: Rulebook,
    stand: Stand,
    entered: Mapping[str, JsonValue] = _NOTHING,
) -> str:
    """Return in Chinese why *move* cannot be made in *matter* now with the facts *entered*; empty if it can."""
    fitting = sorted(stand.roles & move.roles)
    if not fitting:
        return Reason.WRONG_ROLE.zh
    rules = rulebook.rules(matter.kind, matter.sender, matter.receiver)
    header = Header(
        id="",
        instruction=matter.id,
        kind=move.kind,
        sender=stand.court,
        to=fitting_addressee(move, matter, stand.court),
        base=Base(matter.head.id, matter.head.seq, matter.head.hash),
        seen=Seen(stand.origin),
        at=stand.now,
        key="",
        body="",
        facts={**fitting_facts(move, matter, rules, stand.now), **entered, "role": fitting[0]},
    )
    footing = Footing(Standing.HEAD, matter.head.seq)
    refusal = decide(matter, header, footing, rulebook, stand.hub_court, stand.calendar)
    return as_error(refusal, matter.state).message if refusal else ""
