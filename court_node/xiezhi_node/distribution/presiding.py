"""What the presiding court does in all matters of a distribution at once: it tells what concerns them all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from google.protobuf.message import Message
from sqlalchemy import Connection

from xiezhi.v1 import distribution_service_pb2 as pb
from xiezhi.v1.document_pb2 import Document
from xiezhi.v1.instruction_pb2 import ActionReceipt
from xiezhi_domain.distribution.presiding import (
    everywhere,
    issue_plan,
    release_deposit,
    settle_plan,
)
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.terms import EventKind
from xiezhi_journal.ledger import RequestKey
from xiezhi_node.acting.act import MoveTaken
from xiezhi_node.acting.compose import PartContent
from xiezhi_node.distribution.asked import Asking, require_in_time
from xiezhi_node.distribution.plans import PLAN_PART, completed
from xiezhi_node.distribution.reading import Known, known_by_id
from xiezhi_node.distribution.together import Together
from xiezhi_node.documents import documents_by_matter
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.instructions.checks import check_documents
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
        documents: Sequence[Document] = (),
    ) -> Together:
        """Return the work that makes an event of *kind* in every matter that is *told*.

        :raises InvalidInput: one of *documents* was not uploaded for each of these matters.
        """
        named = _documents_of_all(connection, list(told), documents)
        moves = {matter: MoveTaken(kind, facts, parts, named) for matter, facts in told.items()}
        person = person_of(connection, self.caller)
        return Together(self.seat, self.key, person, known.heads, moves, answer)


def issue(connection: Connection, presiding: Presiding, request: pb.IssuePlanRequest) -> Together:
    """Return the work that issues a plan."""
    known = presiding.known(connection)
    plan, message = completed(known, request.plan)
    told = issue_plan(known.register, known.id, plan)

    def answer(receipts: list[ActionReceipt]) -> Message:
        return pb.IssuePlanResponse(receipts=receipts, plan=message)

    parts = [part(PLAN_PART, message), *prose(message.reasons)]
    return presiding.tell(connection, known, EventKind.PLAN_ISSUED, told, answer, parts, request.documents)


def record_own_receipt(
    connection: Connection, presiding: Presiding, request: pb.RecordReceiptRequest
) -> Together:
    """Return the work that records the service on an own creditor or the debtor."""
    known = presiding.known(connection)
    asking = presiding.asking(known)
    kind, facts = asking.receipt(request, asking.own_party(request.party))
    told = everywhere(known.register, facts)
    answer, parts = _receipts(pb.RecordReceiptResponse), prose(request.text)
    return presiding.tell(connection, known, kind, told, answer, parts, request.documents)


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
    kind, parts = EventKind.OBJECTION_NOTIFIED, prose(request.text)
    return presiding.tell(connection, known, kind, told, answer, parts, request.documents)


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
    kind, parts = EventKind.COUNTER_OBJECTION_TOLD, prose(request.text)
    return presiding.tell(connection, known, kind, told, answer, parts, request.documents)


def prove_own_suit(connection: Connection, presiding: Presiding, request: pb.ProveSuitRequest) -> Together:
    """Return the work that records the suit of an own party."""
    known = presiding.known(connection)
    asking, fields = presiding.asking(known), Fields()
    objection = asking.objection(request.objection_id)
    asking.own_party(objection.party)
    filed = asking.moment(fields, "filed_at", request.filed_at, "起诉时间")
    if request.documents:
        fields.limit_text("text", request.text, LONGEST_TEXT)
    else:
        fields.require_text(
            "text", request.text, "起诉受理情况（法院、案号），或者上传受理材料", LONGEST_TEXT
        )
    fields.require_none()
    facts: JsonObject = {"objection": objection.id, "party": objection.party, "filed": filed}
    told = everywhere(known.register, facts)
    answer, parts = _receipts(pb.ProveSuitResponse), prose(request.text)
    return presiding.tell(connection, known, EventKind.SUIT_PROVED, told, answer, parts, request.documents)


def settle(connection: Connection, presiding: Presiding, request: pb.SettlePlanRequest) -> Together:
    """Return the work that settles the plan, with a deposit for what is disputed in court."""
    known = presiding.known(connection)
    kind, told = settle_plan(known.standing, known.id)
    facts = next(iter(told.values()))

    def answer(receipts: list[ActionReceipt]) -> Message:
        return pb.SettlePlanResponse(receipts=receipts, **_deposit(facts))

    return presiding.tell(connection, known, kind, told, answer, prose(request.text), request.documents)


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
    answer, kind = _receipts(pb.ReleaseDepositResponse), EventKind.DEPOSIT_RELEASED
    return presiding.tell(connection, known, kind, told, answer, prose(words), request.documents)


def _deposit(facts: JsonObject) -> dict[str, Any]:
    return {"deposited_fen": facts["deposited"]} if "deposited" in facts else {}


def _documents_of_all(
    connection: Connection, matters: Sequence[str], documents: Sequence[Document]
) -> list[bytes]:
    """Return the hashes of *documents*, which lie here for each of *matters*: every court gets them in its own."""
    if not documents:
        return []
    present = documents_by_matter(connection, matters).values()
    fields = Fields()
    found = check_documents(fields, documents, frozenset.intersection(*map(frozenset, present)))
    fields.require_none()
    return found


def _receipts(response: type[Message]) -> Answer:
    def answer(receipts: list[ActionReceipt]) -> Message:
        return response(receipts=receipts)

    return answer
