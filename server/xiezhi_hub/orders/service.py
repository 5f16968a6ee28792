"""`OrderService`: orders of the common superior, on the hub's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

import os
from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection, and_

from xiezhi.v1 import order_pb2
from xiezhi.v1 import order_service_pb2 as pb
from xiezhi.v1.instruction_pb2 import ActionReceipt
from xiezhi.v1.order_service_pb2_grpc import OrderServiceServicer
from xiezhi_desk.access import require_purpose
from xiezhi_desk.accounts.store import find_account
from xiezhi_desk.orders import day, recorded_at
from xiezhi_desk.requests import request_key
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.calendar import end_of_day_ms
from xiezhi_domain.court_time import to_date
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.events.ids import check_uuid7, uuid7
from xiezhi_domain.orders.form import ORDERS as ORDER_KINDS
from xiezhi_domain.rulebook import Rulebook, rulebook_in_force
from xiezhi_domain.terms import EventKind
from xiezhi_hub.confidentiality import Reader, current_reader, find_matter
from xiezhi_hub.looking import look_into
from xiezhi_hub.orders.candidates import drafted, get_candidate, list_candidates
from xiezhi_hub.orders.checks import check_order, lacking
from xiezhi_hub.orders.elevating import filing_of
from xiezhi_hub.orders.ending import CloseOrder
from xiezhi_hub.orders.issue import IssueOrder
from xiezhi_hub.orders.moving import MoveMatters
from xiezhi_hub.orders.reading import read_order, require_order
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.ruling.check import CLOCK_TOLERANCE_MS
from xiezhi_hub.ruling.rule import Seat
from xiezhi_hub.superior.acting import SuperiorAct, SuperiorMove
from xiezhi_hub.superior.desk import SuperiorDesk, prose
from xiezhi_hub.superior.people import person_of
from xiezhi_hub.supervision.summary import to_summary
from xiezhi_hub.urging.drafts import ORDERS, DraftState, MatterDraft, may_rewrite
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.reading import Filters, Page, is_overdue, list_instructions
from xiezhi_journal.writer import Work
from xiezhi_wire.caller import Caller, current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
_Drafting: TypeAlias = Callable[[Connection], order_pb2.CourtOrder]
_STATES: Final = {
    DraftState.WAITING: pb.ORDER_DRAFT_STATE_WAITING,
    DraftState.ISSUED: pb.ORDER_DRAFT_STATE_ISSUED,
    DraftState.REJECTED: pb.ORDER_DRAFT_STATE_REJECTED,
    DraftState.DISCARDED: pb.ORDER_DRAFT_STATE_DISCARDED,
}


class OrderService(OrderServiceServicer):
    """Serves orders from the journal. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat, gate: Gate) -> None:
        self._journal = journal
        self._seat = seat
        self._gate = gate
        self._desk = SuperiorDesk(journal, seat, gate)

    # --- Before it is issued -----------------------------------------------------------------------------------------

    async def DraftOrder(self, request: pb.DraftOrderRequest, _context: _Context) -> pb.DraftOrderResponse:
        """Draft an order, or write a waiting draft anew."""
        draft_id = check_uuid7(request.draft_id, "draft_id") if request.draft_id else self._new_id()
        work = partial(
            self._keep, caller=current_caller(), draft_id=draft_id, drafting=lambda _connection: request.order
        )
        key = request_key(current_caller(), "DraftOrder", request)
        answer = await self._journal.write_once(
            key, lambda connection: pb.DraftOrderResponse(draft=work(connection)).SerializeToString()
        )
        return pb.DraftOrderResponse.FromString(answer)

    async def DraftFromCandidate(
        self, request: pb.DraftFromCandidateRequest, _context: _Context
    ) -> pb.DraftFromCandidateResponse:
        """Draft what a candidate suggests."""
        draft_id, now, reader = self._new_id(), self._journal.clock(), current_reader(self._journal)

        def drafting(connection: Connection) -> order_pb2.CourtOrder:
            return drafted(
                get_candidate(connection, self._seat, reader, now, request.candidate_id), request.new_court
            )

        work = partial(self._keep, caller=current_caller(), draft_id=draft_id, drafting=drafting)
        key = request_key(current_caller(), "DraftFromCandidate", request)
        answer = await self._journal.write_once(
            key, lambda connection: pb.DraftFromCandidateResponse(draft=work(connection)).SerializeToString()
        )
        return pb.DraftFromCandidateResponse.FromString(answer)

    async def ListCandidates(
        self, request: pb.ListCandidatesRequest, _context: _Context
    ) -> pb.ListCandidatesResponse:
        """Return candidates."""
        now, reader = self._journal.clock(), current_reader(self._journal)
        query = partial(list_candidates, seat=self._seat, reader=reader, now=now, wanted=request.selector)
        return pb.ListCandidatesResponse(candidates=await self._journal.read(query))

    async def ListOrderDrafts(
        self, request: pb.ListOrderDraftsRequest, _context: _Context
    ) -> pb.ListOrderDraftsResponse:
        """Return drafts."""
        caller, limit = current_caller(), Page.of(request.page_size, "").size
        reader = current_reader(self._journal)

        def query(connection: Connection) -> list[pb.OrderDraft]:
            drafts = ORDERS.list(connection, reader, waiting_only=request.waiting_only, limit=limit)
            return [self._draft(connection, draft, caller) for draft in drafts]

        return pb.ListOrderDraftsResponse(drafts=await self._journal.read(query))

    async def ApproveOrder(
        self, request: pb.ApproveOrderRequest, _context: _Context
    ) -> pb.ApproveOrderResponse:
        """Approve a draft and issue it."""
        self._gate.require_open()
        caller = current_caller()
        key = request_key(caller, "ApproveOrder", request)
        reader = Reader.of(caller, self._journal)
        await self._journal.read(partial(ORDERS.get, draft_id=request.draft_id, reader=reader))
        person = await self._journal.read(partial(person_of, caller=caller))
        work = IssueOrder(self._seat, key, person, request.draft_id, request.opinion.strip(), request.seen)
        return pb.ApproveOrderResponse.FromString(await self._journal.submit(work))

    async def DiscardOrderDraft(
        self, request: pb.DiscardOrderDraftRequest, _context: _Context
    ) -> pb.DiscardOrderDraftResponse:
        """Discard a draft."""
        caller, now, reader = current_caller(), self._journal.clock(), current_reader(self._journal)

        def work(connection: Connection) -> bytes:
            draft = ORDERS.discard(connection, request.draft_id, caller, reader, now)
            return pb.DiscardOrderDraftResponse(
                draft=self._draft(connection, draft, caller)
            ).SerializeToString()

        key = request_key(caller, "DiscardOrderDraft", request)
        return pb.DiscardOrderDraftResponse.FromString(await self._journal.write_once(key, work))

    async def RejectOrder(self, request: pb.RejectOrderRequest, _context: _Context) -> pb.RejectOrderResponse:
        """Do not approve a draft."""
        caller, now, reader = current_caller(), self._journal.clock(), current_reader(self._journal)

        def work(connection: Connection) -> bytes:
            draft = ORDERS.reject(connection, request.draft_id, caller, reader, request.opinion, now)
            return pb.RejectOrderResponse(draft=self._draft(connection, draft, caller)).SerializeToString()

        key = request_key(caller, "RejectOrder", request)
        return pb.RejectOrderResponse.FromString(await self._journal.write_once(key, work))

    def _rulebook(self) -> Rulebook:
        return rulebook_in_force(self._journal.rulebooks.values(), to_date(self._journal.clock()))

    def _new_id(self) -> str:
        return uuid7(self._journal.clock(), os.urandom(10))

    def _keep(
        self, connection: Connection, caller: Caller, draft_id: str, drafting: _Drafting
    ) -> pb.OrderDraft:
        """Keep a draft; its author may write it anew while it waits."""
        ORDERS.require_writable(connection, draft_id, caller, Reader.of(caller, self._journal))
        rulebook = self._rulebook()
        rulebooks = self._journal.rulebooks
        order = check_order(connection, drafting(connection), rulebook, rulebooks, self._seat, draft_id)
        draft = MatterDraft(
            draft_id=draft_id,
            content=order.SerializeToString(),
            author=caller.account_id,
            author_roles=" ".join(sorted(caller.roles)),
            drafted_at=self._journal.clock(),
        )
        ORDERS.keep(connection, draft)
        return self._draft(connection, draft, caller)

    def _draft(self, connection: Connection, draft: MatterDraft, caller: Caller) -> pb.OrderDraft:
        order = order_pb2.CourtOrder.FromString(draft.content)
        rulebook = self._rulebook()
        waits = draft.state is DraftState.WAITING
        message = pb.OrderDraft(
            draft_id=draft.draft_id,
            state=_STATES[draft.state],
            order=order,
            lacking=lacking(order, rulebook, self._seat) if waits else (),
            author=_name(connection, draft.author),
            drafted_at=to_timestamp(draft.drafted_at),
            decided_by=_name(connection, draft.decided_by),
            opinion=draft.opinion,
            content_hash=draft.content_hash,
            own=draft.author in caller.accounts,
            rewritable=may_rewrite(draft, caller),
        )
        if draft.decided_at:
            message.decided_at.CopyFrom(to_timestamp(draft.decided_at))
        return message

    # --- After it is issued ------------------------------------------------------------------------------------------

    async def ListOrders(self, request: pb.ListOrdersRequest, _context: _Context) -> pb.ListOrdersResponse:
        """Return a page of issued orders."""
        now, row = self._journal.clock(), tables.instruction.c
        visible = current_reader(self._journal).visible()
        kinds = {request.kind} if request.kind in ORDER_KINDS else ORDER_KINDS
        query = partial(
            list_instructions,
            filters=Filters(kinds=frozenset(kinds), open_only=request.open_only),
            page=Page.of(request.page_size, request.page_token),
            also=and_(visible, row.receiver == request.court) if request.court else visible,
        )
        page = await self._journal.read(query)
        orders = [to_summary(each, late=is_overdue(each, now)) for each in page.rows]
        return pb.ListOrdersResponse(orders=orders, next_page_token=page.next_token)

    async def GetOrder(self, request: pb.GetOrderRequest, _context: _Context) -> pb.GetOrderResponse:
        """Return one order, after the look is on record."""
        purpose = require_purpose(request.purpose, "查看决定内容应填写查看事由")
        now = self._journal.clock()
        instruction = await look_into(self._journal, "GetOrder", request.instruction_id, purpose)
        rulebooks = self._journal.rulebooks
        query = partial(read_order, instruction=instruction, seat=self._seat, rulebooks=rulebooks, now=now)
        return pb.GetOrderResponse(order=await self._journal.read(query))

    async def AnswerConsultation(
        self, request: pb.AnswerConsultationRequest, _context: _Context
    ) -> pb.AnswerConsultationResponse:
        """Answer a question or a difficulty."""
        move = SuperiorMove(EventKind.CONSULTATION_ANSWERED, parts=prose("text", request.text))
        receipt = await self._act("AnswerConsultation", request, move)
        return pb.AnswerConsultationResponse(receipt=receipt)

    async def ChangeOrder(self, request: pb.ChangeOrderRequest, _context: _Context) -> pb.ChangeOrderResponse:
        """Change an order for one court."""
        facts: JsonObject = {"balance": request.balance_fen} if request.HasField("balance_fen") else {}
        until = end_of_day_ms(day(request.until_on, "until_on")) if request.until_on else 0
        move = SuperiorMove(EventKind.ORDER_CHANGED, facts, prose("text", request.text), until=until)
        return pb.ChangeOrderResponse(receipt=await self._act("ChangeOrder", request, move))

    async def MoveMatters(self, request: pb.MoveMattersRequest, _context: _Context) -> pb.MoveMattersResponse:
        """Move the open matters of the cases."""
        self._gate.require_open()
        caller = current_caller()
        key = request_key(caller, "MoveMatters", request)
        find = partial(find_matter, wanted=request.instruction_id, reader=current_reader(self._journal))
        instruction = await self._journal.read(find)
        await self._journal.read(partial(require_order, instruction=instruction))
        person = await self._journal.read(partial(person_of, caller=caller))
        move = SuperiorMove(EventKind.MATTERS_MOVED, parts=prose("text", request.text, required=False))
        act = SuperiorAct(self._seat, key, person, instruction, move, request.base_event_id)
        return pb.MoveMattersResponse.FromString(await self._journal.submit(MoveMatters(act)))

    async def RecordElevatedCase(
        self, request: pb.RecordElevatedCaseRequest, _context: _Context
    ) -> pb.RecordElevatedCaseResponse:
        """Record the case that the superior has filed."""
        find = partial(find_matter, wanted=request.instruction_id, reader=current_reader(self._journal))
        instruction = await self._journal.read(find)
        filing = await self._journal.read(
            partial(filing_of, instruction=instruction, request=request, seat=self._seat)
        )
        parts = [*prose("text", request.text, required=False), ("filing", request.filing.SerializeToString())]
        filed = recorded_at(request, "filed_at", self._journal.clock(), CLOCK_TOLERANCE_MS)
        move = SuperiorMove(EventKind.CASE_ELEVATED, {"balance": filing, "filed": filed}, parts)
        receipt = await self._act("RecordElevatedCase", request, move)
        return pb.RecordElevatedCaseResponse(receipt=receipt)

    async def ReturnOrderReport(
        self, request: pb.ReturnOrderReportRequest, _context: _Context
    ) -> pb.ReturnOrderReportResponse:
        """Send a report back."""
        move = SuperiorMove(EventKind.REPLY_RETURNED, parts=prose("text", request.text))
        receipt = await self._act("ReturnOrderReport", request, move)
        return pb.ReturnOrderReportResponse(receipt=receipt)

    async def CloseOrder(self, request: pb.CloseOrderRequest, _context: _Context) -> pb.CloseOrderResponse:
        """Close an order at one court."""
        parts = prose("text", request.text, required=False)
        move = SuperiorMove(EventKind.ORDER_CLOSED, {"result": request.result}, parts)
        return pb.CloseOrderResponse(receipt=await self._act("CloseOrder", request, move, CloseOrder))

    async def RevokeOrder(self, request: pb.RevokeOrderRequest, _context: _Context) -> pb.RevokeOrderResponse:
        """Revoke an order at one court."""
        move = SuperiorMove(EventKind.REVOKED, parts=prose("text", request.text))
        return pb.RevokeOrderResponse(receipt=await self._act("RevokeOrder", request, move))

    async def _act(
        self,
        method: str,
        request: Any,
        move: SuperiorMove,
        around: Callable[[SuperiorAct], Work[Ledger, bytes]] = lambda act: act,
    ) -> ActionReceipt:
        """Act on an order, and on no other matter of the superior."""
        find = partial(find_matter, wanted=request.instruction_id, reader=current_reader(self._journal))
        instruction = await self._journal.read(find)
        await self._journal.read(partial(require_order, instruction=instruction))
        return await self._desk.act(method, request, move, around)


def _name(connection: Connection, account_id: str) -> str:
    account = find_account(connection, account_id) if account_id else None
    return account.officer.name if account else ""
