"""Find orders as parts of the body of `Issued` (ADR 0001), and back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from xiezhi.v1 import case_pb2, document_pb2, event_pb2, find_service_pb2, instruction_pb2, item_pb2
from xiezhi_desk.terms import ACTS, PAPER_TYPES
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import Act, Kind
from xiezhi_journal.matter import Labels
from xiezhi_node.acting.compose import PartContent
from xiezhi_node.acting.issue import Order
from xiezhi_node.bodies import documents_of, items_of, prose_of, read_part, subjects_of

ORDER_PART: Final = "order"
"""The part for what no other part says: a `FindOrder` with only these fields."""

_IN_OTHER_PARTS: Final = ("subject_numbers", "items", "documents", "request_text")


class CaseParts:
    """The parts that every order about one case shares; made once for a batch."""

    def __init__(self, case: case_pb2.Case) -> None:
        self.case = case
        self.size = case.ByteSize()
        self.subjects = {subject.number: subject for subject in case.subjects}
        bare = case_pb2.Case()
        bare.CopyFrom(case)
        bare.ClearField("subjects")
        self._bare = bare.SerializeToString()
        self._parts = {
            number: (f"subject/{number}", subject.SerializeToString())
            for number, subject in self.subjects.items()
        }

    def parts(self, numbers: Sequence[int]) -> list[PartContent]:
        """Return the case without its subjects, then those with *numbers*."""
        return [("case", self._bare), *(self._parts[number] for number in numbers)]

    def names(self, numbers: Sequence[int]) -> str:
        """Return the names of the subjects as lists show them."""
        subjects = (self.subjects[number] for number in numbers)
        return "、".join(subject.person.name or subject.organisation.name for subject in subjects)


def to_order(
    order: find_service_pb2.FindOrder,
    case: CaseParts,
    rules: KindRules,
    uploaded: Mapping[bytes, document_pb2.Document],
    author: event_pb2.Actor,
    *,
    bulk: bool = False,
) -> Order:
    """Return what is going to be issued of an order in normal form.

    *uploaded* are the documents that lie here for it; *author* is who drafted it. Numbers of subjects that the case
    does not know must have been refused before; items without an act are left out of the facts.
    """
    numbers = list(order.subject_numbers)
    documents = [uploaded[document.sha256] for document in order.documents]
    return Order(
        kind=Kind.FIND,
        receiver=order.receiver,
        limit_days=order.limit_days or rules.limits["handle"].amount,
        urgent=order.urgency == instruction_pb2.URGENCY_URGENT,
        bulk=bulk,
        items=_acts(order.items),
        papers=Counter(PAPER_TYPES.from_proto(document.paper_type, "documents") for document in documents),
        documents=len(documents),
        parts=_parts(order, case, documents),
        labels=Labels(
            case_number=case.case.case_number,
            subject_names=case.names(numbers),
            officer=author.account_id,
            officer_name=author.officer.name,
        ),
    )


def _acts(items: Sequence[item_pb2.Item]) -> dict[int, Act]:
    return {item.number: ACTS.from_proto(item.act, "items") for item in items if item.act}


def _parts(
    order: find_service_pb2.FindOrder, case: CaseParts, documents: Sequence[document_pb2.Document]
) -> list[PartContent]:
    rest = find_service_pb2.FindOrder()
    rest.CopyFrom(order)
    for name in _IN_OTHER_PARTS:
        rest.ClearField(name)
    prose = event_pb2.Prose(text=order.request_text, contact=case.case.judge)
    parts = [
        *case.parts(order.subject_numbers),
        *((f"item/{item.number}", item.SerializeToString()) for item in order.items),
        ("prose", prose.SerializeToString()),
        (ORDER_PART, rest.SerializeToString()),
    ]
    if documents:
        parts.append(("documents", event_pb2.DocumentList(documents=documents).SerializeToString()))
    return parts


def find_order(body: event_pb2.Body) -> find_service_pb2.FindOrder:
    """Return the order that the parts of a body say; a part that was erased leaves its field empty."""
    order = read_part(find_service_pb2.FindOrder, body, ORDER_PART)
    order.subject_numbers.extend(subject.number for subject in subjects_of(body))
    order.items.extend(items_of(body))
    order.documents.extend(documents_of(body))
    order.request_text = prose_of(body).text
    return order
