"""`HandoverService`: 处置权移交, on a node's desk; `steps` says what each step makes."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import handover_pb2
from xiezhi.v1 import handover_service_pb2 as pb
from xiezhi.v1.handover_service_pb2_grpc import HandoverServiceServicer
from xiezhi.v1.instruction_pb2 import ActionReceipt
from xiezhi_desk.handovers import handover_events, to_record
from xiezhi_desk.requests import request_key
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.ladder.periods import ends_at
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.matter import from_row
from xiezhi_node.handover.steps import STEPS
from xiezhi_node.instructions.looking import Look, Looking
from xiezhi_node.instructions.remedy_work import prepare
from xiezhi_node.instructions.requests import take_action
from xiezhi_node.ordering.drafts import store_draft
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
ANSWER = "answer"
"""The limit of the rulebook within which the first court answers."""


class HandoverService(HandoverServiceServicer):
    """Serves handovers. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat) -> None:
        self._journal = journal
        self._seat = seat
        self._looking = Looking(journal, seat)

    async def DraftHandover(
        self, request: pb.DraftHandoverRequest, _context: _Context
    ) -> pb.DraftHandoverResponse:
        """Store a draft and say what it lacks, and which tests do not hold."""
        caller = current_caller()
        key = request_key(caller, "DraftHandover", request)
        receipt, checked = await store_draft(
            self._journal, self._seat, caller, key, request.instruction_id, request.order
        )
        response = pb.DraftHandoverResponse(receipt=receipt)
        if checked is not None:
            response.missing_papers.extend(checked.missing_papers)
            response.warnings.extend(checked.warnings)
        return response

    async def AgreeToHandover(
        self, request: pb.AgreeToHandoverRequest, _context: _Context
    ) -> pb.AgreeToHandoverResponse:
        """Agree."""
        return pb.AgreeToHandoverResponse(receipt=await self._step("AgreeToHandover", request))

    async def RefuseHandover(
        self, request: pb.RefuseHandoverRequest, _context: _Context
    ) -> pb.RefuseHandoverResponse:
        """Do not agree."""
        return pb.RefuseHandoverResponse(receipt=await self._step("RefuseHandover", request))

    async def ReportToSuperior(
        self, request: pb.ReportToSuperiorRequest, _context: _Context
    ) -> pb.ReportToSuperiorResponse:
        """Report to the common superior."""
        return pb.ReportToSuperiorResponse(receipt=await self._step("ReportToSuperior", request))

    async def HandOverProperty(
        self, request: pb.HandOverPropertyRequest, _context: _Context
    ) -> pb.HandOverPropertyResponse:
        """Hand over."""
        return pb.HandOverPropertyResponse(receipt=await self._step("HandOverProperty", request))

    async def ReportOwnDisposal(
        self, request: pb.ReportOwnDisposalRequest, _context: _Context
    ) -> pb.ReportOwnDisposalResponse:
        """Report a disposal by the first court."""
        return pb.ReportOwnDisposalResponse(receipt=await self._step("ReportOwnDisposal", request))

    async def StateSeizures(
        self, request: pb.StateSeizuresRequest, _context: _Context
    ) -> pb.StateSeizuresResponse:
        """Add seizures to the register."""
        return pb.StateSeizuresResponse(receipt=await self._step("StateSeizures", request))

    async def RenewSeizure(
        self, request: pb.RenewSeizureRequest, _context: _Context
    ) -> pb.RenewSeizureResponse:
        """Enter a renewal."""
        return pb.RenewSeizureResponse(receipt=await self._step("RenewSeizure", request))

    async def LiftSeizure(self, request: pb.LiftSeizureRequest, _context: _Context) -> pb.LiftSeizureResponse:
        """Enter a release."""
        return pb.LiftSeizureResponse(receipt=await self._step("LiftSeizure", request))

    async def TellParties(self, request: pb.TellPartiesRequest, _context: _Context) -> pb.TellPartiesResponse:
        """Record that the parties were told."""
        return pb.TellPartiesResponse(receipt=await self._step("TellParties", request))

    async def ReportRegistryChange(
        self, request: pb.ReportRegistryChangeRequest, _context: _Context
    ) -> pb.ReportRegistryChangeResponse:
        """Report the formalities of the register."""
        return pb.ReportRegistryChangeResponse(receipt=await self._step("ReportRegistryChange", request))

    async def ReportDisposal(
        self, request: pb.ReportDisposalRequest, _context: _Context
    ) -> pb.ReportDisposalResponse:
        """Report the disposal."""
        return pb.ReportDisposalResponse(receipt=await self._step("ReportDisposal", request))

    async def DistributeProceeds(
        self, request: pb.DistributeProceedsRequest, _context: _Context
    ) -> pb.DistributeProceedsResponse:
        """Distribute."""
        return pb.DistributeProceedsResponse(receipt=await self._step("DistributeProceeds", request))

    async def ReleaseReserve(
        self, request: pb.ReleaseReserveRequest, _context: _Context
    ) -> pb.ReleaseReserveResponse:
        """End the reserve."""
        return pb.ReleaseReserveResponse(receipt=await self._step("ReleaseReserve", request))

    async def TellFirstCourt(
        self, request: pb.TellFirstCourtRequest, _context: _Context
    ) -> pb.TellFirstCourtResponse:
        """Tell the first court."""
        return pb.TellFirstCourtResponse(receipt=await self._step("TellFirstCourt", request))

    async def GetHandover(self, request: pb.GetHandoverRequest, _context: _Context) -> pb.GetHandoverResponse:
        """Return the request with the register, the money and the proof of arrival."""
        look = Look(current_caller(), "GetHandover", request.instruction_id, request.purpose)
        seen = await self._looking.at(look)
        if not isinstance(seen.order, handover_pb2.HandoverOrder):
            raise NotFound(Reason.UNKNOWN_INSTRUCTION)
        instruction = seen.instruction.summary.instruction_id
        record = await self._journal.read(partial(self._record, instruction=instruction))
        return pb.GetHandoverResponse(order=seen.order, instruction=seen.instruction, record=record)

    def _record(self, connection: Connection, instruction: str) -> handover_pb2.HandoverRecord:
        events = handover_events(connection, instruction, bodies=True)
        return to_record(events, self._journal.clock(), self._answer_until(connection, instruction))

    def _answer_until(self, connection: Connection, instruction: str) -> int:
        """Return when the time to answer ends (ms); 0 where it does not run yet."""
        row = connection.execute(
            tables.instruction.select().where(tables.instruction.c.instruction == instruction)
        ).one()
        view = from_row(row, ()).view
        rulebook = self._journal.rulebooks.get(view.rulebook) if view else None
        if view is None or rulebook is None:
            return 0
        rules = rulebook.rules(view.kind, view.sender, view.receiver)
        return ends_at(ANSWER, view, rules, self._seat.calendar)

    async def _step(self, method: str, request: Any) -> ActionReceipt:
        step = partial(prepare, request=request, remedy=STEPS[method])
        return await take_action(self._journal, self._seat, method, request, step)
