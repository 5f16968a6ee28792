"""Orders of the superior and requests for them: their courses, what drafts them, what their forms ask for."""

import hashlib
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from tests.integration.moves.steps import Course, Prepared, Step, Wait, at_hub, at_node

from xiezhi.v1 import (
    court_pb2,
    document_pb2,
    instruction_pb2,
    instruction_service_pb2,
    order_pb2,
    order_service_pb2,
    ordered_service_pb2,
)
from xiezhi.v1 import document_service_pb2 as documents
from xiezhi.v1.document_service_pb2_grpc import DocumentServiceStub
from xiezhi.v1.order_service_pb2_grpc import OrderServiceStub
from xiezhi.v1.ordered_service_pb2_grpc import OrderedServiceStub
from xiezhi_desk.terms import PAPER_TYPES
from xiezhi_domain.orders.form import elevates, moves_cases
from xiezhi_domain.terms import Kind, PaperType
from xiezhi_journal import tables

if TYPE_CHECKING:
    from tests.integration.moves.play import Play

CLAIM, RECOVERED = 1_000_000_03, 400_000_01
BALANCE: Final = CLAIM - RECOVERED


async def brought(play: "Play", under: str, paper: PaperType, name: str) -> document_pb2.Document:
    """A paper that the hub's person *name* has uploaded under an id."""
    content = f"%PDF-1.7 {paper} {under}".encode()
    files = play.stand.desk.stub(DocumentServiceStub, name)
    spec = document_pb2.Document(
        sha256=hashlib.sha256(content).digest(),
        name=f"{paper.zh}.pdf",
        size=len(content),
        paper_type=PAPER_TYPES.to_proto(paper),
    )
    place = await files.StartUpload(documents.StartUploadRequest(instruction_id=under, document=spec))
    piece = documents.UploadDocumentRequest(upload_id=place.upload_id, data=content)
    await files.UploadDocument(iter([piece]))
    return document_pb2.Document(sha256=spec.sha256)


def an_order(play: "Play", kind: str, case: str, *, takes_over: bool = False) -> order_pb2.CourtOrder:
    """An order about a case of the receiver; *takes_over*: about one of the third court, which goes to the receiver."""
    stand, rules = play.stand, play.rules
    old, new = stand.receiver.code, stand.third.code
    if takes_over:
        old, new = new, old
    numbers = [case, case.replace("号", "1号")] if kind == Kind.ORDER_CONCENTRATE else [case]
    order = order_pb2.CourtOrder(
        kind=kind,
        subject=f"关于{rules.name}的决定",
        about="RELATED_CASES",
        requirement="请按决定办理",
        ground="关联案件一并执行更为适宜",
        cases=[
            order_pb2.OrderedCase(court=old, case_number=number, claim_fen=CLAIM, recovered_fen=RECOVERED)
            for number in numbers
        ],
    )
    if moves_cases(rules):
        order.new_court = stand.own.code if elevates(rules) else new
        order.hearing.CopyFrom(order_pb2.Hearing(held_on="2026-11-20", place="本院", summary="双方均无异议"))
    if kind == Kind.ORDER_JOINT:
        order.forces.add(
            court=new,
            officers=[court_pb2.Officer(name="测试法警")],
            vehicles=["苏E00001警"],
            from_on="2026-12-01",
            until_on="2026-12-03",
        )
    if kind == Kind.COORDINATION_DECISION:
        order.other_courts.append(new)
    return order


async def draft_order(play: "Play", *, takes_over: bool = False, handovers: tuple[str, ...] = ()) -> None:
    """A complete draft of the supervisor; the ruling of *handovers*, where there are any."""
    draft_id = play.new_id()
    court = (play.stand.third if takes_over else play.stand.receiver).code
    play.case = f"（2026）{court}执{next(play.stand.cases)}号"
    order = an_order(play, play.rules.kind, play.case, takes_over=takes_over)
    order.handover_ids.extend(handovers)
    for paper, _ in play.rules.missing_papers(frozenset(), frozenset()):
        order.documents.append(await brought(play, draft_id, paper, "supervisor"))
    request = order_service_pb2.DraftOrderRequest(request_id=play.new_id(), order=order, draft_id=draft_id)
    draft = (await play.stand.desk.stub(OrderServiceStub, "supervisor").DraftOrder(request)).draft
    assert not draft.lacking, draft.lacking
    play.draft, play.seen = draft.draft_id, draft.content_hash


async def draft_taking_over(play: "Play") -> None:
    """The same, by which the receiver takes a case over."""
    await draft_order(play, takes_over=True)


async def fill_in_cases(play: "Play") -> None:
    """The next call says which old cases were struck off, or which new ones filed."""
    numbers = [play.case]
    if play.rules.kind == Kind.ORDER_CONCENTRATE:
        numbers.append(play.case.replace("号", "1号"))
    court = play.stand.own.code if elevates(play.rules) else play.stand.receiver.code
    play.more = {
        "closing": order_pb2.OldCaseClosing(
            cases=[order_pb2.StruckCase(case_number=each, balance_fen=BALANCE) for each in numbers]
        ),
        "filing": order_pb2.NewCaseFiling(
            cases=[
                order_pb2.FiledCaseOfOrder(
                    old_case_number=each,
                    new_case_number=f"（2026）{court}执{next(play.stand.cases)}号",
                    balance_fen=BALANCE,
                )
                for each in numbers
            ]
        ),
    }


async def settle(play: "Play") -> None:
    """Where the order moves a case: the old one is struck off, the new one filed."""
    if not moves_cases(play.rules):
        return
    await fill_in_cases(play)
    more, play.more = play.more, {}
    stand = play.stand
    close = ordered_service_pb2.CloseOldCaseRequest(
        request_id=play.new_id(), instruction_id=play.instruction, closing=more["closing"]
    )
    await stand.receiver.stub(OrderedServiceStub, "judge").CloseOldCase(close)
    await stand.exchange()
    if elevates(play.rules):
        file = order_service_pb2.RecordElevatedCaseRequest(
            request_id=play.new_id(), instruction_id=play.instruction, filing=more["filing"]
        )
        await stand.desk.stub(OrderServiceStub, "supervisor").RecordElevatedCase(file)
        return
    filing = more["filing"]
    for each in filing.cases:
        each.new_case_number = each.new_case_number.replace(stand.receiver.code, stand.third.code)
    taken = _matter_of(play, stand.third.code)
    sign = instruction_service_pb2.SignInstructionRequest(request_id=play.new_id(), instruction_id=taken)
    await stand.third.as_("centre").matters.SignInstruction(sign)
    new = ordered_service_pb2.FileNewCaseRequest(
        request_id=play.new_id(), instruction_id=taken, filing=filing
    )
    await stand.third.stub(OrderedServiceStub, "judge").FileNewCase(new)
    await stand.exchange()


def _matter_of(play: "Play", court: str) -> str:
    """The last matter of this order's kind at *court*."""
    row = tables.instruction.c
    query = select(row.instruction).where(row.kind == play.rules.kind, row.receiver == court)
    return play.stand.hub.journal.read_now(lambda connection: max(connection.scalars(query)))


async def file_request(play: "Play") -> None:
    """The next call reports up: an order asked for, or a dispute."""
    play.instruction = play.new_id()
    stand, is_dispute = play.stand, play.rules.kind == Kind.COORDINATION_DISPUTE
    paper = next(paper for paper, _ in play.rules.missing_papers(frozenset(), frozenset()))
    said: dict[str, Any] = {"order_kind": "ORDER_DESIGNATE"}
    if is_dispute:
        said = {
            "other_court": stand.receiver.code,
            "other_position": "认为应由其优先处置",
            "negotiation": "两次协商未果",
        }
    play.more = {
        "instruction_id": play.instruction,
        "request": order_pb2.CourtRequest(
            kind=play.rules.kind,
            subject="关于执行法院的报告",
            about="OTHER",
            position="请求依法决定",
            cases=[
                order_pb2.OrderedCase(
                    court=stand.sender.code,
                    case_number=f"（2026）苏0505执{next(stand.cases)}号",
                    claim_fen=CLAIM,
                )
            ],
            documents=[await play.document("sender", paper)],
            **said,
        ),
    }


async def hear(play: "Play") -> None:
    """The next call records a hearing, its record uploaded under the id of the request."""
    request_id = play.new_id()
    play.more = {
        "request_id": request_id,
        "hearing": order_pb2.Hearing(held_on="2026-11-20", place="本院", summary="双方陈述意见"),
        "documents": [await brought(play, request_id, PaperType.HEARING_RECORD, "officer")],
    }


async def name_own_people(play: "Play") -> None:
    """The next call is about people of the court that asks."""
    own = play.court("sender")
    play.more = {
        "successor_account_id": own.account("other_field"),
        "account_id": own.account("other_field"),
        "successor_id": own.account("field"),
    }


async def send_a_matter(play: "Play") -> None:
    """The receiver has sent a matter for the case, which is open."""
    await play.send_for_case(play.case)


def _order(name: str, *steps: Step, takes_over: bool = False) -> Course:
    drafted = Prepared(draft_taking_over if takes_over else draft_order)
    issued = at_hub("chief", "OrderService.ApproveOrder", "Issued", then=("Delivered",))
    return Course(name, "order", (drafted, issued, *steps))


def _request(name: str, *steps: Step) -> Course:
    filed = at_node("sender/chief", "CoordinationService.FileRequest", "Issued")
    return Course(name, "request", (Prepared(file_request), filed, *steps))


SIGN: Final = at_node("receiver/centre", "SignInstruction", "Signed")
ASSIGN: Final = at_node("receiver/centre", "AssignInstruction", "Assigned")
REPORT: Final = at_node("receiver/chief", "OrderedService.ReportOrder", "OrderReported")
ACCEPT: Final = at_hub("officer", "RequestDeskService.AcceptRequest", "RequestAccepted")
CALL: Final = at_hub("supervisor", "LogSupervisorCall", "CallLogged")

ORDER_COURSES: Final = (
    _order(
        "carried out",
        SIGN,
        ASSIGN,
        at_node("receiver/field", "ReportProgress", "ProgressReported"),
        at_node("receiver/centre", "SupplyMaterial", "MaterialSupplied"),
        at_node("receiver/centre", "LogContact", "ContactLogged"),
        at_node("receiver/centre", "LogCall", "CallLogged"),
        CALL,
        at_node("receiver/judge", "OrderedService.Consult", "Consulted"),
        at_hub("supervisor", "OrderService.AnswerConsultation", "ConsultationAnswered"),
        at_hub("chief", "OrderService.ChangeOrder", "OrderChanged"),
        REPORT,
        at_hub("supervisor", "OrderService.ReturnOrderReport", "ReplyReturned"),
        REPORT,
    ),
    _order("signed and assigned", at_node("receiver/centre", "AssignInstruction", "Signed", "Assigned")),
    _order(
        "many at once",
        at_node("receiver/centre", "BatchAct", "Signed", action=instruction_pb2.ACTION_SIGN),
        at_node("receiver/centre", "BatchAct", "Assigned", action=instruction_pb2.ACTION_ASSIGN),
        at_node("receiver/director", "ChangeOfficer", "OfficerChanged"),
        at_node("receiver/director", "LeaveService.HandOver", "OfficerChanged"),
    ),
    _order("revoked", at_hub("chief", "OrderService.RevokeOrder", "Revoked")),
    _order(
        "paused",
        SIGN,
        at_hub("director", "SuspendMatter", "Suspended"),
        at_hub("director", "ResumeMatter", "Resumed"),
    ),
    _order(
        "deferred, and gone on after the end",
        SIGN,
        at_hub("director", "SuspendMatter", "Suspended", reason="DEFERRED"),
        at_hub("leader", "ExtendSuspension", "SuspensionExtended"),
        Wait(70),
        at_node("receiver/director", "ResumeInstruction", "Resumed"),
    ),
    _order(
        "closed",
        SIGN,
        Prepared(settle),
        REPORT,
        at_hub("supervisor", "OrderService.CloseOrder", "OrderClosed"),
    ),
    _order(
        "the old court",
        SIGN,
        Prepared(fill_in_cases),
        at_node("receiver/judge", "OrderedService.CloseOldCase", "OldCaseClosed"),
        Prepared(send_a_matter),
        at_hub("supervisor", "OrderService.MoveMatters", "MattersMoved"),
    ),
    _order(
        "the new court",
        SIGN,
        Prepared(fill_in_cases),
        at_node("receiver/judge", "OrderedService.FileNewCase", "NewCaseFiled"),
        takes_over=True,
    ),
    _order(
        "elevated",
        SIGN,
        Prepared(fill_in_cases),
        at_node("receiver/judge", "OrderedService.CloseOldCase", "OldCaseClosed"),
        Prepared(fill_in_cases),
        at_hub("supervisor", "OrderService.RecordElevatedCase", "CaseElevated"),
    ),
    _request(
        "decided",
        at_node("sender/centre", "SupplyMaterial", "MaterialSupplied"),
        at_node("sender/centre", "LogCall", "CallLogged"),
        CALL,
        ACCEPT,
        Prepared(hear),
        at_hub("officer", "RequestDeskService.RecordHearing", "HearingHeld"),
        at_hub("chief", "RequestDeskService.DecideRequest", "RequestDecided"),
    ),
    _request("withdrawn", ACCEPT, at_node("sender/director", "WithdrawInstruction", "Withdrawn")),
    _request(
        "handed over",
        Prepared(name_own_people),
        at_node("sender/director", "ChangeOfficer", "OfficerChanged"),
        Prepared(name_own_people),
        at_node("sender/director", "LeaveService.HandOver", "OfficerChanged"),
    ),
)
