"""What the presiding court does in one matter: whether its claim takes part, what it is paid, that it ends."""

from collections.abc import Sequence

from google.protobuf.message import Message
from sqlalchemy import Connection

from xiezhi.v1 import distribution_service_pb2 as pb
from xiezhi.v1.document_pb2 import Document
from xiezhi.v1.instruction_pb2 import ActionReceipt
from xiezhi_domain.distribution.presiding import check_payment
from xiezhi_domain.distribution.register import Register
from xiezhi_domain.errors import InvalidInput, Reason, WrongState
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.events.ids import check_uuid7
from xiezhi_domain.terms import EventKind
from xiezhi_node.acting.act import Act, MoveTaken
from xiezhi_node.distribution.asked import Asking
from xiezhi_node.distribution.reading import Known, known_by_id, known_of_matter, matters_of
from xiezhi_node.distribution.together import Together
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.instructions.actions import Acting
from xiezhi_node.instructions.checks import check_documents, check_reason
from xiezhi_node.instructions.parts import prose
from xiezhi_node.people import person_of


def admit(
    connection: Connection, acting: Acting, request: pb.AdmitParticipationRequest, fresh: str
) -> Together:
    """Return the work that lets the claim of a matter take part; *fresh* is the id of a new distribution.

    :raises InvalidInput: with every wrong field, such as a number that is taken.
    :raises WrongState: the distribution is settled already.
    """
    this = known_of_matter(connection, acting.seat, acting.caller, acting.instruction, acting.now)
    distribution = request.distribution_id or fresh
    check_uuid7(distribution, "distribution_id")
    others = matters_of(connection, acting.seat, distribution)
    if request.distribution_id and not others:
        raise InvalidInput.in_field("distribution_id", "本院没有主持该参与分配；新的参与分配请留空")
    register, heads = Register(), dict(this.heads)
    if others:
        known = known_by_id(connection, acting.seat, acting.caller, distribution, acting.now)
        register, heads = known.register, {**known.heads, **heads}
    number = _check_admission(request, register, this)
    facts: JsonObject = {
        "distribution": distribution,
        "claim": number,
        "amount": request.amount_fen,
        "rank": request.rank,
        "debtor": request.debtor,
    }
    documents = matter_documents(connection, acting, request.documents)
    move = MoveTaken(EventKind.PARTICIPATION_ADMITTED, facts, prose(request.text), documents)

    def answer(receipts: list[ActionReceipt]) -> Message:
        [receipt] = receipts
        return pb.AdmitParticipationResponse(receipt=receipt, distribution_id=distribution, claim=number)

    person = person_of(connection, acting.caller)
    return Together(acting.seat, acting.key, person, heads, {acting.instruction: move}, answer)


def _check_admission(request: pb.AdmitParticipationRequest, register: Register, this: Known) -> int:
    if any(member.payments is not None or member.payments_made for member in register.taking_part.values()):
        raise WrongState(
            Reason.WRONG_STATE, "分配方案已确定，对该财产的执行即将终结，不能再参与分配（民诉法解释第507条）"
        )
    taken = {member.claim.number for member in register.members.values()} | set(register.parties)
    number = request.claim or max(taken, default=0) + 1
    fields = Fields()
    if number < 1 or number in taken:
        fields.add("claim", "债权序号已使用，请另填或者留空由系统编号")
    if request.amount_fen <= 0:
        fields.add("amount_fen", "请填写准予参与分配的债权数额")
    if request.rank < 0:
        fields.add("rank", "顺位不能为负数，普通债权填 0")
    check_reason(fields, "debtor", request.debtor, this.rules.reasons["debtor"])
    if any(member.debtor != request.debtor for member in register.taking_part.values()):
        fields.add("debtor", "与同一参与分配中其他债权登记的被执行人类型不一致")
    fields.limit_text("text", request.text, LONGEST_TEXT)
    fields.require_none()
    return number


def refuse(connection: Connection, acting: Acting, request: pb.RefuseParticipationRequest) -> Act:
    """Return the work that does not let a claim take part."""
    return _with_reason(connection, acting, request, EventKind.PARTICIPATION_REFUSED, "participation")


def end(connection: Connection, acting: Acting, request: pb.EndDistributionRequest) -> Act:
    """Return the work that ends the distribution in a matter."""
    return _with_reason(connection, acting, request, EventKind.DISTRIBUTION_ENDED, "ended")


def pay_share(connection: Connection, acting: Acting, request: pb.PayShareRequest) -> Act:
    """Return the work that records a payment: only what the hub has accepted as settled in every matter is paid.

    :raises WrongState: it is not.
    :raises InvalidInput: with every wrong field, such as another sum than is due.
    """
    this = known_of_matter(connection, acting.seat, acting.caller, acting.instruction, acting.now)
    known = known_by_id(connection, acting.seat, acting.caller, this.id, acting.now)
    check_payment(known.accepted, acting.instruction, request.paid_fen)
    fields = Fields()
    paid_at = Asking(known.register, known.rules, acting.now).moment(
        fields, "paid_at", request.paid_at, "付款时间"
    )
    fields.limit_text("text", request.text, LONGEST_TEXT)
    fields.require_none()
    facts: JsonObject = {"paid": request.paid_fen, "paid_at": paid_at}
    documents = matter_documents(connection, acting, request.documents)
    return acting.work(connection, MoveTaken(EventKind.SHARE_PAID, facts, prose(request.text), documents))


def _with_reason(
    connection: Connection,
    acting: Acting,
    request: pb.RefuseParticipationRequest | pb.EndDistributionRequest,
    kind: EventKind,
    table: str,
) -> Act:
    _, rules = acting.history(connection)
    fields = Fields()
    check_reason(fields, "reason", request.reason, rules.reasons.get(table, {}))
    fields.require_text("text", request.text, "具体理由", LONGEST_TEXT)
    fields.require_none()
    documents = matter_documents(connection, acting, request.documents)
    move = MoveTaken(kind, {"reason": request.reason}, prose(request.text), documents)
    return acting.work(connection, move)


def matter_documents(connection: Connection, acting: Acting, documents: Sequence[Document]) -> list[bytes]:
    """Return the hashes of *documents* of a matter.

    :raises InvalidInput: one was not uploaded for it.
    """
    fields = Fields()
    found = check_documents(fields, documents, acting.present(connection))
    fields.require_none()
    return found
