"""What may be reported up: an order asked for, or a dispute with the positions of both courts and vain negotiations."""

from collections import Counter
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import case_pb2, event_pb2, order_pb2
from xiezhi_desk.terms import PAPER_TYPES
from xiezhi_domain.casenumber import CaseNumber
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.orders.form import ORDERS, REQUESTS
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import Kind
from xiezhi_journal.matter import Labels
from xiezhi_node.acting.issue import Order
from xiezhi_node.documents import documents_by_matter
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.instructions.checks import check_documents
from xiezhi_node.seat import Seat

MOST_CASES: Final = 200


def to_order(connection: Connection, request: order_pb2.CourtRequest, instruction: str, seat: Seat) -> Order:
    """Return *request* as the matter *instruction* to be issued to the superior.

    :raises InvalidInput: naming every field that is wrong.
    """
    if request.kind not in REQUESTS:
        raise InvalidInput.in_field("request.kind", "请选择报请执行决定或者执行协调")
    rules = seat.rulebook.rules(request.kind, seat.court, seat.hub_court)
    here = documents_by_matter(connection, [instruction])[instruction]
    fields = Fields()
    _check(fields, request, rules, seat)
    hashes = check_documents(fields, request.documents, here)
    fields.require_none()
    documents = [here[sha256] for sha256 in hashes]
    said = order_pb2.CourtRequest()
    said.CopyFrom(request)
    del said.documents[:]
    number = request.cases[0].case_number if request.cases else ""
    prose = event_pb2.Prose(text=f"{request.subject}\n{request.position}")
    return Order(
        kind=request.kind,
        receiver=seat.hub_court,
        limit_days=rules.limits["handle"].amount,
        urgent=False,
        bulk=False,
        items={},
        papers=Counter(PAPER_TYPES.from_proto(each.paper_type, "documents") for each in documents),
        documents=len(documents),
        parts=[
            ("case", case_pb2.Case(case_number=number).SerializeToString()),
            ("prose", prose.SerializeToString()),
            ("request", said.SerializeToString()),
            ("documents", event_pb2.DocumentList(documents=documents).SerializeToString()),
        ],
        labels=Labels(case_number=number),
        more={"about": request.about},
    )


def _check(fields: Fields, request: order_pb2.CourtRequest, rules: KindRules, seat: Seat) -> None:
    fields.require_text("request.subject", request.subject, "标题")
    fields.require_text("request.position", request.position, "请求、事实和依据", LONGEST_TEXT)
    if request.about not in rules.reasons["about"]:
        fields.add("request.about", "请选择规则库中列明的事由")
    if len(request.cases) > MOST_CASES:
        fields.add("request.cases", f"案件最多 {MOST_CASES} 件")
    for at, case in enumerate(request.cases):
        with fields.collecting():
            CaseNumber.parse(case.case_number, f"request.cases[{at}].case_number")
        if not 0 <= case.recovered_fen <= case.claim_fen:
            fields.add(f"request.cases[{at}].recovered_fen", "已执行到位金额不能超过执行标的")
    if request.kind == Kind.COORDINATION_DISPUTE:
        _check_dispute(fields, request, seat)
    elif request.order_kind not in ORDERS:
        fields.add("request.order_kind", "请选择请求作出的决定，例如 指定执行、提级执行")


def _check_dispute(fields: Fields, request: order_pb2.CourtRequest, seat: Seat) -> None:
    """Note what a dispute lacks; it goes to the lowest common superior, which has to be this node's hub."""
    fields.require_text("request.other_position", request.other_position, "对方法院的意见", LONGEST_TEXT)
    fields.require_text("request.negotiation", request.negotiation, "协商经过", LONGEST_TEXT)
    if request.other_court not in seat.courts or request.other_court == seat.court:
        fields.add("request.other_court", "请选择发生争议的另一法院，并核对法院代字")
        return
    with fields.collecting():
        superior = seat.courts.lowest_common_superior(seat.court, request.other_court)
        if superior.code != seat.hub_court:
            words = f"两院的共同上级法院是{superior.name}，应逐级报请该院协调，不能由本平台的中级法院决定"
            fields.add("request.other_court", words)
