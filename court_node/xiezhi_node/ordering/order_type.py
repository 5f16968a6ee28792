"""Which message of the contract says what a kind of matter orders.

The messages share their names for what all orders have; a kind that a court adds to the rulebook is a delegation.
"""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from xiezhi.v1 import (
    case_delegation_pb2,
    delegation_service_pb2,
    distribution_service_pb2,
    find_service_pb2,
    handover_pb2,
    item_pb2,
)
from xiezhi_domain.terms import Kind

WithItems: TypeAlias = find_service_pb2.FindOrder | delegation_service_pb2.DelegationOrder
"""An order that has items, each an act on an object."""
OrderMessage: TypeAlias = (
    WithItems
    | case_delegation_pb2.CaseDelegationOrder
    | distribution_service_pb2.DistributionOrder
    | handover_pb2.HandoverOrder
)
"""An order of any kind."""
IssueMessage: TypeAlias = find_service_pb2.FindIssue | delegation_service_pb2.DelegationIssue
"""An order of a batch with its approval."""

_OF_ONE_KIND: Final[
    Mapping[
        str,
        type[
            find_service_pb2.FindOrder
            | case_delegation_pb2.CaseDelegationOrder
            | distribution_service_pb2.DistributionOrder
            | handover_pb2.HandoverOrder
        ],
    ]
] = {
    Kind.FIND: find_service_pb2.FindOrder,
    Kind.CASE_DELEGATION: case_delegation_pb2.CaseDelegationOrder,
    Kind.DISTRIBUTION: distribution_service_pb2.DistributionOrder,
    Kind.HANDOVER: handover_pb2.HandoverOrder,
}
"""Kinds whose orders have a message of their own; a kind that is typed later is added here."""
_KINDS: Final[Mapping[type[OrderMessage], str]] = {message: kind for kind, message in _OF_ONE_KIND.items()}

# Per message, because a look for a field that a message has not costs more than one that it has.
_TEXTS: Final = {
    find_service_pb2.FindOrder: ("request_text", "urgency_reason", "why_not_query"),
    delegation_service_pb2.DelegationOrder: (
        *("request_text", "urgency_reason", "why_not_query"),
        "excess_reason",
    ),
    case_delegation_pb2.CaseDelegationOrder: ("request_text", "urgency_reason"),
    distribution_service_pb2.DistributionOrder: ("request_text", "urgency_reason"),
    handover_pb2.HandoverOrder: ("request_text", "urgency_reason"),
}
_WITH_ITEMS: Final = (find_service_pb2.FindOrder, delegation_service_pb2.DelegationOrder)


def texts_of(order: OrderMessage) -> Iterator[tuple[str, str]]:
    """Give the texts of an order, each with its field."""
    return ((name, getattr(order, name)) for name in _TEXTS[type(order)])


def items_of_order(order: OrderMessage) -> list[item_pb2.Item]:
    """Return the items of an order; none where its kind has no items."""
    return list(order.items) if isinstance(order, _WITH_ITEMS) else []


def is_by_telephone(order: OrderMessage) -> bool:
    """Return whether the order was sent by telephone before its papers; only one with items can be."""
    return isinstance(order, _WITH_ITEMS) and order.phone_first


def empty_order(kind: str) -> OrderMessage:
    """Return an order of *kind* that says nothing yet."""
    message = _OF_ONE_KIND.get(kind)
    return message() if message is not None else delegation_service_pb2.DelegationOrder(kind=kind)


def kind_of(order: OrderMessage) -> str:
    """Return the kind of an order."""
    return order.kind if isinstance(order, delegation_service_pb2.DelegationOrder) else _KINDS[type(order)]


def same_order(order: OrderMessage) -> OrderMessage:
    """Return a copy."""
    copy = type(order)()
    copy.CopyFrom(order)  # type: ignore[arg-type]  # of the same type
    return copy
