"""A superior's orders and what lower courts ask for: at the hub's desk, and at the nodes."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Unpack

from xiezhi.v1 import coordination_service_pb2 as coordination
from xiezhi.v1 import order_service_pb2 as pb
from xiezhi.v1 import ordered_service_pb2 as ordered
from xiezhi.v1 import request_desk_service_pb2 as desk
from xiezhi.v1.coordination_service_pb2_grpc import CoordinationServiceStub
from xiezhi.v1.order_service_pb2_grpc import OrderServiceStub
from xiezhi.v1.ordered_service_pb2_grpc import OrderedServiceStub
from xiezhi.v1.request_desk_service_pb2_grpc import RequestDeskServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.kinds import Moment
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.instruction import ActionReceipt, InstructionSummary
from xiezhi_client.sdk.records.order import (
    Candidate,
    CourtOrder,
    CourtRequest,
    FiledRequest,
    Hearing,
    IssuedOrder,
    MovedMatters,
    NewCaseFiling,
    OldCaseClosing,
    OrderDraft,
)
from xiezhi_client.sdk.services.ladder import Options, common


class Orders:
    """`OrderService`, on the hub's desk. Raises as the steps in `ladder` do."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = OrderServiceStub(calls.channel)

    async def candidates(self) -> tuple[Candidate, ...]:
        """Cases proposed for 交叉执行."""
        answer = await self._calls.unary(self._stub.ListCandidates, pb.ListCandidatesRequest())
        return tuple(map(Candidate.from_proto, answer.candidates))

    async def draft_from_candidate(
        self, candidate_id: str, new_court: str = "", *, request_id: str = ""
    ) -> OrderDraft:
        """Draft what a candidate suggests, to be completed with `draft` under its id."""
        request = pb.DraftFromCandidateRequest(
            request_id=request_id or new_request_id(), candidate_id=candidate_id, new_court=new_court
        )
        return OrderDraft.from_proto((await self._calls.unary(self._stub.DraftFromCandidate, request)).draft)

    async def draft(self, order: CourtOrder, draft_id: str = "", *, request_id: str = "") -> OrderDraft:
        """Draft an order, or write a waiting draft anew; somebody else has to approve it.

        Its documents were uploaded with `documents` under *draft_id*.
        """
        request = pb.DraftOrderRequest(
            request_id=request_id or new_request_id(), order=order.to_proto(), draft_id=draft_id
        )
        return OrderDraft.from_proto((await self._calls.unary(self._stub.DraftOrder, request)).draft)

    async def drafts(self, *, waiting_only: bool = False, page_size: int = 0) -> tuple[OrderDraft, ...]:
        """Drafts, those that wait first, newest first."""
        request = pb.ListOrderDraftsRequest(waiting_only=waiting_only, page_size=page_size)
        answer = await self._calls.unary(self._stub.ListOrderDrafts, request)
        return tuple(map(OrderDraft.from_proto, answer.drafts))

    async def approve(
        self, draft_id: str, opinion: str = "", *, seen: str, request_id: str = ""
    ) -> tuple[ActionReceipt, ...]:
        """Approve somebody else's draft and issue it; one receipt for each court.

        *seen* is the `content_hash` of the draft that was read; `Conflict` where it says something else by now.
        """
        request = pb.ApproveOrderRequest(
            request_id=request_id or new_request_id(), draft_id=draft_id, opinion=opinion, seen=seen
        )
        answer = await self._calls.unary(self._stub.ApproveOrder, request)
        return tuple(map(ActionReceipt.from_proto, answer.receipts))

    async def discard(self, draft_id: str, *, request_id: str = "") -> OrderDraft:
        """Discard an own draft that waits, for good."""
        request = pb.DiscardOrderDraftRequest(request_id=request_id or new_request_id(), draft_id=draft_id)
        return OrderDraft.from_proto((await self._calls.unary(self._stub.DiscardOrderDraft, request)).draft)

    async def reject(self, draft_id: str, opinion: str, *, request_id: str = "") -> OrderDraft:
        """Do not approve a draft, saying why."""
        request = pb.RejectOrderRequest(
            request_id=request_id or new_request_id(), draft_id=draft_id, opinion=opinion
        )
        return OrderDraft.from_proto((await self._calls.unary(self._stub.RejectOrder, request)).draft)

    async def list(
        self, court: str = "", kind: str = "", *, open_only: bool = False
    ) -> AsyncIterator[InstructionSummary]:
        """Issued orders, newest first, one row for each court."""
        request = pb.ListOrdersRequest(court=court, kind=kind, open_only=open_only)
        while True:
            page = await self._calls.unary(self._stub.ListOrders, request)
            for row in page.orders:
                yield InstructionSummary.from_proto(row)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    async def get(self, instruction_id: str, purpose: str) -> IssuedOrder:
        """One order at all its courts, by id or number; recorded as a look, with its *purpose*."""
        request = pb.GetOrderRequest(instruction_id=instruction_id, purpose=purpose)
        return IssuedOrder.from_proto((await self._calls.unary(self._stub.GetOrder, request)).order)

    async def answer(self, instruction_id: str, text: str, **options: Unpack[Options]) -> ActionReceipt:
        """Answer a question or a difficulty (批复)."""
        request = pb.AnswerConsultationRequest(**common(instruction_id, options), text=text)
        return ActionReceipt.from_proto(
            (await self._calls.unary(self._stub.AnswerConsultation, request)).receipt
        )

    async def change(
        self,
        instruction_id: str,
        text: str,
        until_on: str = "",
        balance_fen: int | None = None,
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Change an order for one court: its period, its balance in fen, its words."""
        request = pb.ChangeOrderRequest(
            **common(instruction_id, options), text=text, until_on=until_on, balance_fen=balance_fen
        )
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.ChangeOrder, request)).receipt)

    async def move_matters(
        self, instruction_id: str, text: str = "", **options: Unpack[Options]
    ) -> MovedMatters:
        """Move the open matters of the cases that the order takes from a court, all or none."""
        request = pb.MoveMattersRequest(**common(instruction_id, options), text=text)
        return MovedMatters.from_proto(await self._calls.unary(self._stub.MoveMatters, request))

    async def record_elevated_case(
        self,
        instruction_id: str,
        filing: NewCaseFiling,
        text: str = "",
        filed_at: datetime | None = None,
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Record the case that the superior has filed itself (提级); without *filed_at* now."""
        request = pb.RecordElevatedCaseRequest(
            **common(instruction_id, options),
            filing=filing.to_proto(),
            text=text,
            filed_at=None if filed_at is None else Moment().to_proto(filed_at),
        )
        return ActionReceipt.from_proto(
            (await self._calls.unary(self._stub.RecordElevatedCase, request)).receipt
        )

    async def return_report(
        self, instruction_id: str, text: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Send a report of the result back."""
        request = pb.ReturnOrderReportRequest(**common(instruction_id, options), text=text)
        return ActionReceipt.from_proto(
            (await self._calls.unary(self._stub.ReturnOrderReport, request)).receipt
        )

    async def close(
        self, instruction_id: str, result: str, text: str = "", **options: Unpack[Options]
    ) -> ActionReceipt:
        """Close an order at one court (归结); *result* is a code of the rulebook."""
        request = pb.CloseOrderRequest(**common(instruction_id, options), result=result, text=text)
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.CloseOrder, request)).receipt)

    async def revoke(self, instruction_id: str, text: str, **options: Unpack[Options]) -> ActionReceipt:
        """Revoke an order at one court."""
        request = pb.RevokeOrderRequest(**common(instruction_id, options), text=text)
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.RevokeOrder, request)).receipt)


class RequestDesk:
    """`RequestDeskService`, on the hub's desk."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = RequestDeskServiceStub(calls.channel)

    async def list(self, *, open_only: bool = False) -> AsyncIterator[InstructionSummary]:
        """Requests of lower courts, newest first."""
        request = desk.ListRequestsRequest(open_only=open_only)
        while True:
            page = await self._calls.unary(self._stub.ListRequests, request)
            for row in page.requests:
                yield InstructionSummary.from_proto(row)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    async def get(self, instruction_id: str, purpose: str) -> FiledRequest:
        """One request, by id or number; recorded as a look, with its *purpose*."""
        request = desk.GetRequestRequest(instruction_id=instruction_id, purpose=purpose)
        return FiledRequest.from_proto((await self._calls.unary(self._stub.GetRequest, request)).request)

    async def accept(self, instruction_id: str, text: str = "", **options: Unpack[Options]) -> ActionReceipt:
        """Take a request on (受理)."""
        request = desk.AcceptRequestRequest(**common(instruction_id, options), text=text)
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.AcceptRequest, request)).receipt)

    async def record_hearing(
        self,
        instruction_id: str,
        hearing: Hearing,
        documents: Iterable[Document],
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Record a hearing; its record was uploaded under the request id of *options*, a UUIDv7."""
        request = desk.RecordHearingRequest(
            **common(instruction_id, options),
            hearing=hearing.to_proto(),
            documents=[each.to_proto() for each in documents],
        )
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.RecordHearing, request)).receipt)

    async def decide(
        self,
        instruction_id: str,
        result: str,
        text: str,
        documents: Iterable[Document] = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Decide a request without an order; documents were uploaded under the request id of *options*."""
        request = desk.DecideRequestRequest(
            **common(instruction_id, options),
            result=result,
            text=text,
            documents=[each.to_proto() for each in documents],
        )
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.DecideRequest, request)).receipt)


class ReceivedOrders:
    """`OrderedService`, on the node's desk; signing, assigning and progress are steps of `Client.instructions`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = OrderedServiceStub(calls.channel)

    async def list(self, *, open_only: bool = False) -> AsyncIterator[InstructionSummary]:
        """Orders that this court has received, newest first."""
        request = ordered.ListReceivedOrdersRequest(open_only=open_only)
        while True:
            page = await self._calls.unary(self._stub.ListReceivedOrders, request)
            for row in page.orders:
                yield InstructionSummary.from_proto(row)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    async def get(self, instruction_id: str) -> IssuedOrder:
        """One order, by id or number; recorded as a look."""
        request = ordered.GetReceivedOrderRequest(instruction_id=instruction_id)
        return IssuedOrder.from_proto((await self._calls.unary(self._stub.GetReceivedOrder, request)).order)

    async def consult(
        self,
        instruction_id: str,
        matter: str,
        text: str,
        documents: Iterable[Document] = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Ask for direction (DIRECTION), or report a difficulty (DIFFICULTY); nothing is suspended."""
        request = ordered.ConsultRequest(
            **common(instruction_id, options),
            matter=matter,
            text=text,
            documents=[each.to_proto() for each in documents],
        )
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.Consult, request)).receipt)

    async def close_old_case(
        self,
        instruction_id: str,
        closing: OldCaseClosing,
        text: str = "",
        closed_at: datetime | None = None,
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Record that the old cases were struck off (销案); without *closed_at* now."""
        request = ordered.CloseOldCaseRequest(
            **common(instruction_id, options),
            closing=closing.to_proto(),
            text=text,
            closed_at=None if closed_at is None else Moment().to_proto(closed_at),
        )
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.CloseOldCase, request)).receipt)

    async def file_new_case(
        self,
        instruction_id: str,
        filing: NewCaseFiling,
        text: str = "",
        filed_at: datetime | None = None,
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Record the new cases (立案), filed for the balance to the fen; without *filed_at* now."""
        request = ordered.FileNewCaseRequest(
            **common(instruction_id, options),
            filing=filing.to_proto(),
            text=text,
            filed_at=None if filed_at is None else Moment().to_proto(filed_at),
        )
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.FileNewCase, request)).receipt)

    async def report(
        self,
        instruction_id: str,
        result: str,
        text: str,
        documents: Iterable[Document] = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Report the result; *result* is a code of the rulebook."""
        request = ordered.ReportOrderRequest(
            **common(instruction_id, options),
            result=result,
            text=text,
            documents=[each.to_proto() for each in documents],
        )
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.ReportOrder, request)).receipt)


class OwnRequests:
    """`CoordinationService`, on the node's desk: what this court asks of its superior."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = CoordinationServiceStub(calls.channel)

    async def file(
        self, request: CourtRequest, instruction_id: str, *, request_id: str = ""
    ) -> ActionReceipt:
        """Report up; documents were uploaded under *instruction_id*, from `new_instruction_id`."""
        message = coordination.FileRequestRequest(
            request_id=request_id or new_request_id(),
            instruction_id=instruction_id,
            request=request.to_proto(),
        )
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.FileRequest, message)).receipt)

    async def list(self, *, open_only: bool = False) -> AsyncIterator[InstructionSummary]:
        """Requests of this court, newest first."""
        request = coordination.ListOwnRequestsRequest(open_only=open_only)
        while True:
            page = await self._calls.unary(self._stub.ListOwnRequests, request)
            for row in page.requests:
                yield InstructionSummary.from_proto(row)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    async def get(self, instruction_id: str) -> FiledRequest:
        """One request with what was decided, by id or number; recorded as a look."""
        request = coordination.GetOwnRequestRequest(instruction_id=instruction_id)
        return FiledRequest.from_proto((await self._calls.unary(self._stub.GetOwnRequest, request)).request)
