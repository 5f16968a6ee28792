"""What the court of a creditor does in its matter; the presiding court does some of it for him too."""

from sqlalchemy import Connection

from xiezhi.v1 import distribution_service_pb2 as pb
from xiezhi_domain.distribution.register import Register
from xiezhi_domain.errors import InvalidInput, Reason, WrongState
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.terms import EventKind
from xiezhi_node.acting.act import Act, MoveTaken
from xiezhi_node.distribution.asked import Asking, require_in_time
from xiezhi_node.distribution.reading import Known, known_of_matter
from xiezhi_node.distribution.single_matter import matter_documents
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.instructions.actions import Acting
from xiezhi_node.instructions.parts import prose


def record_receipt(connection: Connection, acting: Acting, request: pb.RecordReceiptRequest) -> Act:
    """Return the work that records the service on the matter's creditor."""
    known = _known(connection, acting)
    kind, facts = _asking(known).receipt(request, _claim(known.register, acting.instruction))
    move = MoveTaken(
        kind, facts, prose(request.text), matter_documents(connection, acting, request.documents)
    )
    return acting.work(connection, move)


def object_to_plan(connection: Connection, acting: Acting, request: pb.ObjectToPlanRequest) -> Act:
    """Return the work that passes on an objection of the matter's creditor."""
    known = _known(connection, acting)
    party = _claim(known.register, acting.instruction)
    facts = _asking(known).objection_facts(
        party, request.handed_in_at, request.ground, request.corrections, request.text
    )
    require_in_time(known.standing, party, request.handed_in_at.ToMilliseconds())
    documents = matter_documents(connection, acting, request.documents)
    return acting.work(connection, MoveTaken(EventKind.PLAN_OBJECTED, facts, prose(request.text), documents))


def counter_object(connection: Connection, acting: Acting, request: pb.CounterObjectRequest) -> Act:
    """Return the work that passes on that the matter's creditor opposes an objection."""
    known = _known(connection, acting)
    asking, party = _asking(known), _claim(known.register, acting.instruction)
    objection = asking.objection(request.objection_id)
    if objection.party == party:
        raise InvalidInput.in_field("objection_id", "不能对自己提出的异议提出反对意见")
    fields = Fields()
    handed_in = asking.moment(fields, "handed_in_at", request.handed_in_at, "提交反对意见的时间")
    fields.require_text("text", request.text, "反对的理由", LONGEST_TEXT)
    fields.require_none()
    receipt = known.register.receipts.get((EventKind.OBJECTION_RECEIVED, objection.id, party))
    if receipt is not None and handed_in > known.standing.periods.counter(receipt.received):
        raise WrongState(Reason.TOO_LATE, "已超过收到异议通知之日起提出反对意见的期间（民诉法解释第510条）")
    facts: JsonObject = {"objection": objection.id, "party": party, "handed_in": handed_in}
    documents = matter_documents(connection, acting, request.documents)
    move = MoveTaken(EventKind.COUNTER_OBJECTED, facts, prose(request.text), documents)
    return acting.work(connection, move)


def prove_suit(connection: Connection, acting: Acting, request: pb.ProveSuitRequest) -> Act:
    """Return the work that records the suit of the matter's creditor, with its proof."""
    known = _known(connection, acting)
    asking, party = _asking(known), _claim(known.register, acting.instruction)
    objection = asking.objection(request.objection_id)
    if objection.party != party:
        raise InvalidInput.in_field("objection_id", "应由异议人起诉；该异议不是本事项的债权人提出的")
    fields = Fields()
    filed = asking.moment(fields, "filed_at", request.filed_at, "起诉时间")
    fields.limit_text("text", request.text, LONGEST_TEXT)
    fields.require_none()
    facts: JsonObject = {"objection": objection.id, "party": party, "filed": filed}
    documents = matter_documents(connection, acting, request.documents)
    return acting.work(connection, MoveTaken(EventKind.SUIT_PROVED, facts, prose(request.text), documents))


def _known(connection: Connection, acting: Acting) -> Known:
    return known_of_matter(connection, acting.seat, acting.caller, acting.instruction, acting.now)


def _asking(known: Known) -> Asking:
    return Asking(known.register, known.rules, known.now)


def _claim(register: Register, matter: str) -> int:
    member = register.taking_part.get(matter)
    if member is None:
        raise WrongState(Reason.WRONG_STATE, "该事项尚未准予参与分配，或者已退出参与分配")
    return member.claim.number
