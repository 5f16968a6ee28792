"""`DistributionService`: 参与分配."""

# Methods are named by the contract.
# ruff: noqa: N802

import os
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias, TypeVar

import grpc
from google.protobuf.message import Message
from sqlalchemy import Connection

from xiezhi.v1 import distribution_service_pb2 as pb
from xiezhi.v1.distribution_service_pb2_grpc import DistributionServiceServicer
from xiezhi_desk.once import act_once
from xiezhi_desk.requests import request_key
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.events.ids import uuid7
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.writer import Work
from xiezhi_node.distribution import presiding, single_matter, taking_part
from xiezhi_node.distribution.plans import completed
from xiezhi_node.distribution.presiding import Presiding
from xiezhi_node.distribution.reading import known_at, known_by_id
from xiezhi_node.distribution.showing import to_distribution
from xiezhi_node.distribution.table import plan_sheet
from xiezhi_node.instructions.actions import Acting
from xiezhi_node.instructions.looking import Look, Looking
from xiezhi_node.instructions.requests import Prepare, take_action
from xiezhi_node.ordering.drafts import store_draft
from xiezhi_node.seat import Seat
from xiezhi_node.sheets.printing import Press
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
_Response = TypeVar("_Response", bound=Message)
_Tell: TypeAlias = Callable[[Connection, Presiding], Work[Ledger, bytes]]


class DistributionService(DistributionServiceServicer):
    """Serves distributions. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat, press: Press) -> None:
        self._journal = journal
        self._seat = seat
        self._press = press
        self._looking = Looking(journal, seat)

    # --- The court of a creditor -------------------------------------------------------------------------------------

    async def DraftDistribution(
        self, request: pb.DraftDistributionRequest, _context: _Context
    ) -> pb.DraftDistributionResponse:
        """Store a draft and say what it lacks."""
        caller = current_caller()
        key = request_key(caller, "DraftDistribution", request)
        receipt, checked = await store_draft(
            self._journal, self._seat, caller, key, request.instruction_id, request.order
        )
        response = pb.DraftDistributionResponse(receipt=receipt)
        if checked is not None:
            response.missing_papers.extend(checked.missing_papers)
            response.warnings.extend(checked.warnings)
        return response

    async def ObjectToPlan(
        self, request: pb.ObjectToPlanRequest, _context: _Context
    ) -> pb.ObjectToPlanResponse:
        """Pass on an objection."""
        prepare = partial(taking_part.object_to_plan, request=request)
        receipt = await take_action(self._journal, self._seat, "ObjectToPlan", request, prepare)
        return pb.ObjectToPlanResponse(receipt=receipt, objection_id=receipt.event_id)

    async def CounterObject(
        self, request: pb.CounterObjectRequest, _context: _Context
    ) -> pb.CounterObjectResponse:
        """Pass on a counter-objection."""
        prepare = partial(taking_part.counter_object, request=request)
        receipt = await take_action(self._journal, self._seat, "CounterObject", request, prepare)
        return pb.CounterObjectResponse(receipt=receipt)

    async def RecordReceipt(
        self, request: pb.RecordReceiptRequest, _context: _Context
    ) -> pb.RecordReceiptResponse:
        """Record a service, in the matter of the creditor or, of an own party, in all."""
        single = partial(taking_part.record_receipt, request=request)
        whole = partial(presiding.record_own_receipt, request=request)
        return await self._either("RecordReceipt", request, single, whole, pb.RecordReceiptResponse)

    async def ProveSuit(self, request: pb.ProveSuitRequest, _context: _Context) -> pb.ProveSuitResponse:
        """Record a suit, in the matter of the objector or, of an own party, in all."""
        single = partial(taking_part.prove_suit, request=request)
        whole = partial(presiding.prove_own_suit, request=request)
        return await self._either("ProveSuit", request, single, whole, pb.ProveSuitResponse)

    # --- The presiding court -----------------------------------------------------------------------------------------

    async def AdmitParticipation(
        self, request: pb.AdmitParticipationRequest, _context: _Context
    ) -> pb.AdmitParticipationResponse:
        """Let a claim take part."""
        journal, caller, fresh = self._journal, current_caller(), self._fresh()
        key = request_key(caller, "AdmitParticipation", request)
        acting = Acting(
            self._seat,
            journal.rulebooks,
            caller,
            key,
            request.instruction_id,
            journal.clock(),
            request.base_event_id,
        )
        prepare = partial(single_matter.admit, acting=acting, request=request, fresh=fresh)
        return pb.AdmitParticipationResponse.FromString(await act_once(journal, key, prepare))

    async def RefuseParticipation(
        self, request: pb.RefuseParticipationRequest, _context: _Context
    ) -> pb.RefuseParticipationResponse:
        """Do not let a claim take part."""
        prepare = partial(single_matter.refuse, request=request)
        receipt = await take_action(self._journal, self._seat, "RefuseParticipation", request, prepare)
        return pb.RefuseParticipationResponse(receipt=receipt)

    async def PreviewPlan(self, request: pb.PreviewPlanRequest, _context: _Context) -> pb.PreviewPlanResponse:
        """Work a plan out."""
        read = partial(
            known_by_id,
            seat=self._seat,
            caller=current_caller(),
            distribution=request.distribution_id,
            now=self._journal.clock(),
        )
        known = await self._journal.read(read)
        _, message = completed(known, request.plan)
        sheet = plan_sheet(message, known.rules.reasons["mode"], self._seat.courts)
        xlsx = await self._press.print(sheet, "xlsx", known.now)
        pdf = await self._press.print(sheet, "pdf", known.now)
        return pb.PreviewPlanResponse(plan=message, xlsx=xlsx, pdf=pdf)

    async def IssuePlan(self, request: pb.IssuePlanRequest, _context: _Context) -> pb.IssuePlanResponse:
        """Issue a plan."""
        work = partial(presiding.issue, request=request)
        return await self._tell("IssuePlan", request, work, pb.IssuePlanResponse)

    async def NotifyObjection(
        self, request: pb.NotifyObjectionRequest, _context: _Context
    ) -> pb.NotifyObjectionResponse:
        """Notify an objection."""
        work = partial(presiding.notify_objection, request=request)
        return await self._tell("NotifyObjection", request, work, pb.NotifyObjectionResponse)

    async def TellCounterObjection(
        self, request: pb.TellCounterObjectionRequest, _context: _Context
    ) -> pb.TellCounterObjectionResponse:
        """Tell the objector."""
        work = partial(presiding.tell_counter_objection, request=request)
        return await self._tell("TellCounterObjection", request, work, pb.TellCounterObjectionResponse)

    async def SettlePlan(self, request: pb.SettlePlanRequest, _context: _Context) -> pb.SettlePlanResponse:
        """Settle the plan."""
        work = partial(presiding.settle, request=request)
        return await self._tell("SettlePlan", request, work, pb.SettlePlanResponse)

    async def PayShare(self, request: pb.PayShareRequest, _context: _Context) -> pb.PayShareResponse:
        """Record a payment."""
        prepare = partial(single_matter.pay_share, request=request)
        receipt = await take_action(self._journal, self._seat, "PayShare", request, prepare)
        return pb.PayShareResponse(receipt=receipt)

    async def ReleaseDeposit(
        self, request: pb.ReleaseDepositRequest, _context: _Context
    ) -> pb.ReleaseDepositResponse:
        """Release the deposit."""
        work = partial(presiding.release, request=request)
        return await self._tell("ReleaseDeposit", request, work, pb.ReleaseDepositResponse)

    async def EndDistribution(
        self, request: pb.EndDistributionRequest, _context: _Context
    ) -> pb.EndDistributionResponse:
        """End the distribution in a matter."""
        prepare = partial(single_matter.end, request=request)
        receipt = await take_action(self._journal, self._seat, "EndDistribution", request, prepare)
        return pb.EndDistributionResponse(receipt=receipt)

    # --- Both --------------------------------------------------------------------------------------------------------

    async def GetDistribution(
        self, request: pb.GetDistributionRequest, _context: _Context
    ) -> pb.GetDistributionResponse:
        """Return a distribution as it stands."""
        caller, now = current_caller(), self._journal.clock()

        def read(connection: Connection) -> pb.Distribution:
            known = known_at(
                connection, self._seat, caller, request.distribution_id, request.instruction_id, now
            )
            return to_distribution(known)

        return pb.GetDistributionResponse(distribution=await self._journal.read(read))

    async def GetApplication(
        self, request: pb.GetApplicationRequest, _context: _Context
    ) -> pb.GetApplicationResponse:
        """Return the application of a matter."""
        look = Look(current_caller(), "GetApplication", request.instruction_id, request.purpose)
        seen = await self._looking.at(look)
        if not isinstance(seen.order, pb.DistributionOrder):
            raise NotFound(Reason.UNKNOWN_INSTRUCTION)
        return pb.GetApplicationResponse(order=seen.order, instruction=seen.instruction)

    async def _either(
        self, method: str, request: Any, single: Prepare, whole: _Tell, response: type[_Response]
    ) -> _Response:
        if request.distribution_id:
            return await self._tell(method, request, whole, response)
        receipt = await take_action(self._journal, self._seat, method, request, single)
        answer = response()
        getattr(answer, "receipts").append(receipt)  # noqa: B009  # of no common type
        return answer

    async def _tell(self, method: str, request: Any, work: _Tell, response: type[_Response]) -> _Response:
        """Do the work over a whole distribution that *request* asks for; asked again, answer the same."""
        caller = current_caller()
        key = request_key(caller, method, request)
        now = self._journal.clock()
        over = Presiding(self._seat, caller, key, request.distribution_id, self._fresh(), now)
        answer = await act_once(self._journal, key, lambda connection: work(connection, over))
        return response.FromString(answer)

    def _fresh(self) -> str:
        return uuid7(self._journal.clock(), os.urandom(10))
