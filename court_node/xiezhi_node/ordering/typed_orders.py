"""What only orders of one kind say: how it is checked, which facts of `Issued` it makes. One line for each kind.

An order whose message is not named here says nothing but what all orders say.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf.message import Message

from xiezhi.v1.case_delegation_pb2 import CaseDelegationOrder
from xiezhi.v1.distribution_service_pb2 import DistributionOrder
from xiezhi.v1.handover_pb2 import HandoverOrder
from xiezhi.v1.property_pb2 import Property
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_node.ordering import delegated_case, handover_order, participation
from xiezhi_node.ordering.order_check import OrderCheck


@dataclass(frozen=True, slots=True)
class TypedOrder:
    """What an order of one kind says beside what all orders say.

    `check` also brings it into normal form; `facts` are those of `Issued` that only such orders have; `properties` are
    what it names of the debtor's property, outside of items.
    """

    check: Callable[[OrderCheck], None]
    facts: Callable[[Any], JsonObject]
    properties: Callable[[Any], Iterable[Property]]


_TYPED: Final[Mapping[type[Message], TypedOrder]] = {
    DistributionOrder: TypedOrder(participation.check, participation.facts_of, lambda _order: ()),
    CaseDelegationOrder: TypedOrder(
        delegated_case.check, delegated_case.facts_of, delegated_case.properties_of
    ),
    HandoverOrder: TypedOrder(handover_order.check, handover_order.facts_of, handover_order.properties_of),
}


def check_typed(check: OrderCheck) -> None:
    """Check what only an order of its kind says, and bring it into normal form."""
    typed = _TYPED.get(type(check.order))
    if typed is not None:
        typed.check(check)


def typed_facts(order: Message) -> JsonObject:
    """Return the facts of `Issued` that only orders of its kind have."""
    typed = _TYPED.get(type(order))
    return typed.facts(order) if typed is not None else {}


def properties_of(order: Message) -> Iterable[Property]:
    """Return the property that an order names outside of items."""
    typed = _TYPED.get(type(order))
    return typed.properties(order) if typed is not None else ()
