"""Which form starts a kind of matter, and who is offered it.

A kind that is not named here is a delegation: acts on objects, item by item. So one that a court adds to the rulebook
has its form by itself.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import Action, Kind, Role
from xiezhi_workbench.starting.acts import DELEGATION, FIND
from xiezhi_workbench.starting.description import Start
from xiezhi_workbench.starting.handover import HANDOVER
from xiezhi_workbench.starting.participation import DISTRIBUTION
from xiezhi_workbench.starting.request import REQUEST
from xiezhi_workbench.starting.whole_case import CASE_DELEGATION

_OF_ONE_KIND: Final[Mapping[str, Start]] = {
    Kind.FIND: FIND,
    Kind.CASE_DELEGATION: CASE_DELEGATION,
    Kind.HANDOVER: HANDOVER,
    Kind.DISTRIBUTION: DISTRIBUTION,
    Kind.ORDER_REQUEST: REQUEST,
    Kind.COORDINATION_DISPUTE: REQUEST,
}
"""The kinds whose orders say more, or other things, than acts on objects (`order_type` of the node)."""


def start_of(kind: str) -> Start:
    """Give the description for a kind of matter."""
    return _OF_ONE_KIND.get(kind, DELEGATION)


def offered(kinds: Mapping[str, KindRules], roles: Sequence[str]) -> list[KindRules]:
    """Give the kinds of the rulebook that somebody with *roles* may start, in the order of the rulebook."""
    return [
        rules
        for rules in kinds.values()
        if (rules.kind in _OF_ONE_KIND or rules.acts)
        and any(role in rules.drafting_roles.get(Action.CREATE, ()) for role in roles if role in set(Role))
    ]
