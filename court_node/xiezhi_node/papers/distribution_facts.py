"""What a 参与分配函 can say: the creditor, his claim and on what it rests, the property."""

from typing import Final

from xiezhi.v1.distribution_service_pb2 import DistributionOrder
from xiezhi_domain.terms import Kind
from xiezhi_node.ordering.order_type import OrderMessage
from xiezhi_node.papers.matter_facts import Facts
from xiezhi_node.seat import Seat
from xiezhi_papers.letters.words import money

_NOTHING: Final[Facts] = {}


def distribution_facts(order: OrderMessage, seat: Seat) -> Facts:
    """Return what the letter can say beside what all can; nothing for another kind."""
    if not isinstance(order, DistributionOrder):
        return _NOTHING
    grounds = seat.rulebook.kind(Kind.DISTRIBUTION).reasons["insufficiency"]
    return {
        "creditor": order.creditor,
        "property": order.property,
        "presiding_case_number": order.presiding_case_number,
        "claim": money(order.claim_fen) if order.claim_fen else "",
        "effective_document": order.effective_document,
        "priority_basis": order.priority_basis,
        "insufficiency": grounds.get(order.insufficiency, ""),
    }
