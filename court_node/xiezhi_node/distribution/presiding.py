"""What the presiding court does: it lets claims take part, and tells all courts at once what concerns them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from google.protobuf.message import Message
from sqlalchemy import Connection

from xiezhi.v1 import distribution_service_pb2 as pb
from xiezhi.v1.instruction_pb2 import ActionReceipt
from xiezhi_domain.distribution.presiding import (
    check_payment,
    everywhere,
    issue_plan,
    release_deposit,
    settle_plan,
)
from xiezhi_domain.distribution.register import Register
from xiezhi_domain.errors import InvalidInput, Reason, WrongState
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.events.ids import check_uuid7
from xiezhi_domain.terms import EventKind
from xiezhi_journal.ledger import RequestKey
from xiezhi_node.acting.act import Act, MoveTaken
from xiezhi_node.acting.compose import PartContent
from xiezhi_node.distribution.asked import Asking, require_in_time
from xiezhi_node.distribution.plans import PLAN_PART, completed
from xiezhi_node.distribution.reading import Known, known_by_id, known_of_matter, matters_of
from xiezhi_node.distribution.together import Together
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.instructions.actions import Acting
from xiezhi_node.instructions.checks import check_documents, check_reason
from xiezhi_node.instructions.parts import part, prose
from xiezhi_node.people import person_of
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller

Answer = Callable[[list[ActionReceipt]], Message]


@dataclass(frozen=True, slots=True)
class Presiding:
    """Who presides over which distribution; `fresh` is an id for what the request makes. `now` is ms since 1970."""

    seat: Seat
    caller: Caller
    key: RequestKey
    distribution: str
    fresh: str
    now: int

    def known(self, connection: Connection) -> Known:
        """Return the distribution.

        :raises NotFound: UNKNOWN_INSTRUCTION, this court presides over none of that id.
        """
        return known_by_id(connection, self.seat, self.caller, self.distribution, self.now)

    def asking(self, known: Known) -> Asking:
        """Return what checks the request."""
        return Asking(known.register, known.rules, self.now)

    def tell(
        self,
        connection: Connection,
        known: Known,
        kind: EventKind,
        told: Mapping[str, JsonObject],
        answer: Answer,
        parts: list[PartContent],
    ) -> Together:
        """Return the work that makes an event of *kind* in every matter that is *told*."""
        moves = {matter: MoveTaken(kind, facts, parts) for matter, facts in told.items()}
        person = person_of(connection, self.caller)
        return Together(self.seat, self.key, person, known.heads, moves, answer)


# --- One matter ------------------------------------------------------------------------------------------------------


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
    documents = _documents(connection, acting, request)
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
    documents = _documents(connection, acting, request)
    return acting.work(connection, MoveTaken(EventKind.SHARE_PAID, facts, prose(request.text), documents))


# --- All matters of a distribution -----------------------------------------------------------------------------------


def issue(connection: Connection, presiding: Presiding, request: pb.IssuePlanRequest) -> Together:
    """Return the work that issues a plan."""
    known = presiding.known(connection)
    plan, message = completed(known, request.plan)
    told = issue_plan(known.register, known.id, plan)

    def answer(receipts: list[ActionReceipt]) -> Message:
        return pb.IssuePlanResponse(receipts=receipts, plan=message)

    parts = [part(PLAN_PART, message), *prose(message.reasons)]
    return presiding.tell(connection, known, EventKind.PLAN_ISSUED, told, answer, parts)


def record_own_receipt(
    connection: Connection, presiding: Presiding, request: pb.RecordReceiptRequest
) -> Together:
    """Return the work that records the service on an own creditor or the debtor."""
    known = presiding.known(connection)
    asking = presiding.asking(known)
    kind, facts = asking.receipt(request, asking.own_party(request.party))
    told = everywhere(known.register, facts)
    return presiding.tell(
        connection, known, kind, told, _receipts(pb.RecordReceiptResponse), prose(request.text)
    )


def notify_objection(
    connection: Connection, presiding: Presiding, request: pb.NotifyObjectionRequest
) -> Together:
    """Return the work that notifies an objection that a matter brought, or one of an own party."""
    known = presiding.known(connection)
    asking, id_ = presiding.asking(known), request.objection_id or presiding.fresh
    if request.objection_id:
        objection = asking.objection(request.objection_id)
        facts: JsonObject = {
            "plan": objection.plan,
            "party": objection.party,
            "handed_in": objection.handed_in,
            "ground": objection.ground,
            **objection.correction.facts(),
        }
    else:
        party = asking.own_party(request.party)
        facts = asking.objection_facts(
            party, request.handed_in_at, request.ground, request.corrections, request.text
        )
        require_in_time(known.standing, party, request.handed_in_at.ToMilliseconds())

    def answer(receipts: list[ActionReceipt]) -> Message:
        return pb.NotifyObjectionResponse(receipts=receipts, objection_id=id_)

    told = everywhere(known.register, {"objection": id_, **facts})
    return presiding.tell(connection, known, EventKind.OBJECTION_NOTIFIED, told, answer, prose(request.text))


def tell_counter_objection(
    connection: Connection, presiding: Presiding, request: pb.TellCounterObjectionRequest
) -> Together:
    """Return the work that tells the objector who opposes: a matter's creditor, or an own party."""
    known = presiding.known(connection)
    asking = presiding.asking(known)
    objection = asking.objection(request.objection_id)
    handed_in = known.register.counters.get((objection.id, request.party))
    if handed_in is None:
        fields, party = Fields(), asking.own_party(request.party)
        handed_in = asking.moment(fields, "handed_in_at", request.handed_in_at, "提交反对意见的时间")
        if party == objection.party:
            fields.add("party", "不能对自己提出的异议提出反对意见")
        fields.require_none()
    facts: JsonObject = {"objection": objection.id, "party": request.party, "handed_in": handed_in}
    told = everywhere(known.register, facts)
    answer = _receipts(pb.TellCounterObjectionResponse)
    parts = prose(request.text)
    return presiding.tell(connection, known, EventKind.COUNTER_OBJECTION_TOLD, told, answer, parts)


def prove_own_suit(connection: Connection, presiding: Presiding, request: pb.ProveSuitRequest) -> Together:
    """Return the work that records the suit of an own party."""
    known = presiding.known(connection)
    asking, fields = presiding.asking(known), Fields()
    objection = asking.objection(request.objection_id)
    asking.own_party(objection.party)
    filed = asking.moment(fields, "filed_at", request.filed_at, "起诉时间")
    fields.require_text("text", request.text, "起诉受理情况（法院、案号）", LONGEST_TEXT)
    fields.require_none()
    facts: JsonObject = {"objection": objection.id, "party": objection.party, "filed": filed}
    told = everywhere(known.register, facts)
    answer = _receipts(pb.ProveSuitResponse)
    return presiding.tell(connection, known, EventKind.SUIT_PROVED, told, answer, prose(request.text))


def settle(connection: Connection, presiding: Presiding, request: pb.SettlePlanRequest) -> Together:
    """Return the work that settles the plan, with a deposit for what is disputed in court."""
    known = presiding.known(connection)
    kind, told = settle_plan(known.standing, known.id)
    facts = next(iter(told.values()))

    def answer(receipts: list[ActionReceipt]) -> Message:
        return pb.SettlePlanResponse(receipts=receipts, **_deposit(facts))

    return presiding.tell(connection, known, kind, told, answer, prose(request.text))


def release(connection: Connection, presiding: Presiding, request: pb.ReleaseDepositRequest) -> Together:
    """Return the work that releases the deposit by a dated judgment."""
    known = presiding.known(connection)
    asking, fields = presiding.asking(known), Fields()
    judged = asking.moment(fields, "judged_at", request.judged_at, "裁判生效时间")
    fields.require_text("judgment_number", request.judgment_number, "裁判文书案号")
    correction = asking.correction(fields, request.corrections)
    fields.limit_text("text", request.text, LONGEST_TEXT)
    fields.require_none()
    accepted = replace(known.standing, register=known.accepted)
    told = release_deposit(accepted, known.id, [correction] if correction.claims else [], judged)
    words = f"裁判文书：{request.judgment_number}。{request.text}".strip()
    answer = _receipts(pb.ReleaseDepositResponse)
    return presiding.tell(connection, known, EventKind.DEPOSIT_RELEASED, told, answer, prose(words))


def _deposit(facts: JsonObject) -> dict[str, Any]:
    return {"deposited_fen": facts["deposited"]} if "deposited" in facts else {}


def _receipts(response: type[Message]) -> Answer:
    def answer(receipts: list[ActionReceipt]) -> Message:
        return response(receipts=receipts)

    return answer


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
    documents = _documents(connection, acting, request)
    move = MoveTaken(kind, {"reason": request.reason}, prose(request.text), documents)
    return acting.work(connection, move)


def _documents(
    connection: Connection,
    acting: Acting,
    request: pb.AdmitParticipationRequest
    | pb.RefuseParticipationRequest
    | pb.EndDistributionRequest
    | pb.PayShareRequest,
) -> list[bytes]:
    fields = Fields()
    found = check_documents(fields, request.documents, acting.present(connection))
    fields.require_none()
    return found
