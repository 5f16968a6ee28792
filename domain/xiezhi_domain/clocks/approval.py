"""How long a court takes inside itself: approvals are measured apart from the clocks of the ladder (practice.md §3)."""

from collections.abc import Iterable
from typing import Final

from xiezhi_domain.terms import Action

_BEGINS: Final = frozenset({Action.SUBMIT})
_ENDS: Final = frozenset({Action.AFFIX_SEAL, Action.REJECT_APPROVAL})


def approval_time(steps: Iterable[tuple[str, int]]) -> int:
    """Return for how long (ms) a matter lay with those who approve and seal, from its steps as (action, time in ms).

    From each submission to the seal or the rejection that follows; what is still under way does not count.
    """
    total, begun = 0, 0
    for action, at in steps:
        if action in _BEGINS:
            begun = begun or at
        elif action in _ENDS and begun:
            total += at - begun
            begun = 0
    return total
