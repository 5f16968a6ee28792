"""Orders as parts of the body of `Issued` (ADR 0001), and back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from google.protobuf.message import Message

from xiezhi.v1 import case_pb2, document_pb2, event_pb2, instruction_pb2, item_pb2
from xiezhi.v1.delegation_service_pb2 import DelegationOrder
from xiezhi.v1.find_service_pb2 import FindOrder
from xiezhi_desk.bodies import documents_of, items_of, prose_of, read_part, subjects_of
from xiezhi_desk.terms import ACTS, PAPER_TYPES
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.terms import Act
from xiezhi_journal.matter import Labels
from xiezhi_node.acting.compose import PartContent
from xiezhi_node.acting.issue import Order
from xiezhi_node.ordering.case_parts import CaseParts
from xiezhi_node.ordering.checks import CheckedOrder
from xiezhi_node.ordering.order_type import (
    OrderMessage,
    empty_order,
    is_by_telephone,
    items_of_order,
    kind_of,
    same_order,
)
from xiezhi_node.ordering.typed_orders import typed_facts

ORDER_PART: Final = "order"
"""The part for what no other part says: the order's message with only these fields."""

_IN_OTHER_PARTS: Final = frozenset({"subject_numbers", "items", "documents", "request_text"})


def to_order(
    checked: CheckedOrder,
    case: CaseParts,
    uploaded: Mapping[bytes, document_pb2.Document],
    author: event_pb2.Actor,
    *,
    bulk: bool = False,
) -> Order:
    """Return what is going to be issued of an order that was checked.

    *uploaded* are the documents that lie here for it; *author* is who drafted it. Items without an act are left out
    of the facts.
    """
    order = checked.order
    numbers = list(order.subject_numbers)
    documents = [uploaded[document.sha256] for document in order.documents]
    return Order(
        kind=kind_of(order),
        receiver=order.receiver,
        limit_days=order.limit_days or checked.rules.limits["handle"].amount,
        urgent=order.urgency == instruction_pb2.URGENCY_URGENT,
        bulk=bulk,
        items=_acts(items_of_order(order)),
        papers=Counter(PAPER_TYPES.from_proto(document.paper_type, "documents") for document in documents),
        documents=len(documents),
        parts=_parts(order, case, documents),
        labels=Labels(
            case_number=case.case.case_number,
            subject_names=case.names(numbers),
            officer=author.account_id,
            officer_name=author.officer.name,
        ),
        sums=checked.sums,
        more=_more(order, case.case, checked.sums),
    )


def _more(order: OrderMessage, case: case_pb2.Case, sums: Mapping[int, int]) -> JsonObject:
    """Return the facts that only some orders have: urgent and why, sent by telephone first, with sums, of a 事项组."""
    more: JsonObject = {"phone_first": True} if is_by_telephone(order) else {}
    if order.urgency == instruction_pb2.URGENCY_URGENT and order.urgency_code:
        more["urgent_reason"] = order.urgency_code
    if not isinstance(order, DelegationOrder):
        return {**more, **typed_facts(order)}
    if sums and case.claimed_fen:
        more["claim"] = case.claimed_fen + case.costs_fen
    if order.bundle_id:
        more["bundle"] = order.bundle_id
    return more


def _acts(items: Sequence[item_pb2.Item]) -> dict[int, Act]:
    return {item.number: ACTS.from_proto(item.act, "items") for item in items if item.act}


def _parts(
    order: OrderMessage, case: CaseParts, documents: Sequence[document_pb2.Document]
) -> list[PartContent]:
    rest: Message = same_order(order)
    for name in _IN_OTHER_PARTS.intersection(rest.DESCRIPTOR.fields_by_name):
        rest.ClearField(name)
    prose = event_pb2.Prose(text=order.request_text, contact=case.case.judge)
    parts = [
        *case.parts(order.subject_numbers),
        *((f"item/{item.number}", item.SerializeToString()) for item in items_of_order(order)),
        ("prose", prose.SerializeToString()),
        (ORDER_PART, rest.SerializeToString()),
    ]
    if documents:
        parts.append(("documents", event_pb2.DocumentList(documents=documents).SerializeToString()))
    return parts


def read_order(kind: str, body: event_pb2.Body) -> OrderMessage:
    """Return the order of *kind* that the parts of a body say; a part that was erased leaves its field empty."""
    order = read_part(type(empty_order(kind)), body, ORDER_PART)
    order.subject_numbers.extend(subject.number for subject in subjects_of(body))
    if isinstance(order, FindOrder | DelegationOrder):
        order.items.extend(items_of(body))
    order.documents.extend(documents_of(body))
    order.request_text = prose_of(body).text
    return order
