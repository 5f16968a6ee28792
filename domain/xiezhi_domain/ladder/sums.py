"""Sums of a case or of a group of matters (事项组): ordered, controlled, claimed (practice.md §1). All in fen."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from xiezhi_domain.ladder.instruction import Instruction
from xiezhi_domain.terms import State

_ORDERS_NOTHING: Final = frozenset({State.RETURNED, State.WITHDRAWN, State.TERMINATED})
"""States in which what was ordered is ordered no longer; what was controlled before stays so."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What several matters together order and have under control, beside the sum claimed plus costs."""

    ordered: int
    controlled: int
    claimed: int

    @property
    def is_excessive(self) -> bool:
        """Whether more is ordered than is claimed: excess seizure is unlawful, so the form warns and asks why."""
        return self.ordered > self.claimed > 0

    @property
    def is_reached(self) -> bool:
        """Whether the claim is covered, so that the other open matters should be stopped or reduced."""
        return self.controlled >= self.claimed > 0


def sums_of(matters: Iterable[Instruction], claimed: int) -> Sums:
    """Return the sums of *matters*, of which *claimed* fen are claimed in all."""
    ordered = controlled = 0
    for matter in matters:
        controlled += sum(matter.controlled.values())
        if matter.state not in _ORDERS_NOTHING:
            ordered += sum(matter.ordered.values())
    return Sums(ordered, controlled, claimed)
