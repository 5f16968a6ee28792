"""委托执行 of a whole case as methods; `whole_case` says what each of them makes and asks for."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import case_delegation_pb2 as pb
from xiezhi.v1.delegation_service_pb2_grpc import DelegationServiceServicer
from xiezhi.v1.instruction_pb2 import ActionReceipt
from xiezhi_desk.masking import mask_properties
from xiezhi_desk.requests import request_key
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_journal.journal import Journal
from xiezhi_node.confidentiality import may_unmask
from xiezhi_node.delegation.account import read_account
from xiezhi_node.delegation.whole_case import WHOLE_CASE
from xiezhi_node.instructions.looking import Look, Looking
from xiezhi_node.instructions.remedy_work import prepare
from xiezhi_node.instructions.requests import take_action
from xiezhi_node.ordering.drafts import store_draft
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller, current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class WholeCaseMethods(DelegationServiceServicer):
    """Serves whole cases. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat) -> None:
        self._journal = journal
        self._seat = seat
        self._looking = Looking(journal, seat)

    async def DraftCaseDelegation(
        self, request: pb.DraftCaseDelegationRequest, _context: _Context
    ) -> pb.DraftCaseDelegationResponse:
        """Store a draft; say what it lacks, and the balance of the case."""
        caller = current_caller()
        key = request_key(caller, "DraftCaseDelegation", request)
        receipt, checked = await store_draft(
            self._journal, self._seat, caller, key, request.instruction_id, request.order
        )
        response = pb.DraftCaseDelegationResponse(receipt=receipt)
        if checked is not None and isinstance(checked.order, pb.CaseDelegationOrder):
            response.missing_papers.extend(checked.missing_papers)
            response.warnings.extend(checked.warnings)
            response.balance_fen = checked.order.balance_fen
        return response

    async def GetCaseDelegation(
        self, request: pb.GetCaseDelegationRequest, _context: _Context
    ) -> pb.GetCaseDelegationResponse:
        """Return the order of a delegated case and what became of it."""
        look = Look(current_caller(), "GetCaseDelegation", request.instruction_id, request.purpose)
        seen = await self._looking.at(look)
        if not isinstance(seen.order, pb.CaseDelegationOrder):
            raise NotFound(Reason.UNKNOWN_INSTRUCTION)
        account = await self._journal.read(
            partial(_account, caller=look.caller, instruction=seen.instruction.summary.instruction_id)
        )
        return pb.GetCaseDelegationResponse(order=seen.order, instruction=seen.instruction, account=account)

    async def FileCase(self, request: pb.FileCaseRequest, _context: _Context) -> pb.FileCaseResponse:
        """File the case as the receiver's own."""
        return pb.FileCaseResponse(receipt=await self._step("FileCase", request))

    async def RecordCancellation(
        self, request: pb.RecordCancellationRequest, _context: _Context
    ) -> pb.RecordCancellationResponse:
        """Record the end of the sender's case."""
        return pb.RecordCancellationResponse(receipt=await self._step("RecordCancellation", request))

    async def TellApplicant(
        self, request: pb.TellApplicantRequest, _context: _Context
    ) -> pb.TellApplicantResponse:
        """Record that the applicant was told."""
        return pb.TellApplicantResponse(receipt=await self._step("TellApplicant", request))

    async def ExplainSupplement(
        self, request: pb.ExplainSupplementRequest, _context: _Context
    ) -> pb.ExplainSupplementResponse:
        """Explain why papers cannot be supplied."""
        return pb.ExplainSupplementResponse(receipt=await self._step("ExplainSupplement", request))

    async def ReturnMaterials(
        self, request: pb.ReturnMaterialsRequest, _context: _Context
    ) -> pb.ReturnMaterialsResponse:
        """Give the materials back of what is deemed withdrawn."""
        return pb.ReturnMaterialsResponse(receipt=await self._step("ReturnMaterials", request))

    async def ApplyForReturn(
        self, request: pb.ApplyForReturnRequest, _context: _Context
    ) -> pb.ApplyForReturnResponse:
        """Apply to the High Court for a return."""
        return pb.ApplyForReturnResponse(receipt=await self._step("ApplyForReturn", request))

    async def RecordReturnDecision(
        self, request: pb.RecordReturnDecisionRequest, _context: _Context
    ) -> pb.RecordReturnDecisionResponse:
        """Record what the High Court decided."""
        return pb.RecordReturnDecisionResponse(receipt=await self._step("RecordReturnDecision", request))

    async def ReturnCase(self, request: pb.ReturnCaseRequest, _context: _Context) -> pb.ReturnCaseResponse:
        """Return the case."""
        return pb.ReturnCaseResponse(receipt=await self._step("ReturnCase", request))

    async def RevokeDelegation(
        self, request: pb.RevokeDelegationRequest, _context: _Context
    ) -> pb.RevokeDelegationResponse:
        """Revoke an improper delegation."""
        return pb.RevokeDelegationResponse(receipt=await self._step("RevokeDelegation", request))

    async def ReportForRecord(
        self, request: pb.ReportForRecordRequest, _context: _Context
    ) -> pb.ReportForRecordResponse:
        """Record a report to the own High Court."""
        return pb.ReportForRecordResponse(receipt=await self._step("ReportForRecord", request))

    async def TellProperty(
        self, request: pb.TellPropertyRequest, _context: _Context
    ) -> pb.TellPropertyResponse:
        """Tell the receiver of property."""
        return pb.TellPropertyResponse(receipt=await self._step("TellProperty", request))

    async def NotePropertyElsewhere(
        self, request: pb.NotePropertyElsewhereRequest, _context: _Context
    ) -> pb.NotePropertyElsewhereResponse:
        """Record property in a third area."""
        return pb.NotePropertyElsewhereResponse(receipt=await self._step("NotePropertyElsewhere", request))

    async def ContinueSeizures(
        self, request: pb.ContinueSeizuresRequest, _context: _Context
    ) -> pb.ContinueSeizuresResponse:
        """Record renewals of seizures handed over."""
        return pb.ContinueSeizuresResponse(receipt=await self._step("ContinueSeizures", request))

    async def CloseCase(self, request: pb.CloseCaseRequest, _context: _Context) -> pb.CloseCaseResponse:
        """Report the end of the case."""
        return pb.CloseCaseResponse(receipt=await self._step("CloseCase", request))

    async def AskHigherCourt(
        self, request: pb.AskHigherCourtRequest, _context: _Context
    ) -> pb.AskHigherCourtResponse:
        """Pass the applicant's request on to the higher court."""
        return pb.AskHigherCourtResponse(receipt=await self._step("AskHigherCourt", request))

    async def RecordHigherAnswer(
        self, request: pb.RecordHigherAnswerRequest, _context: _Context
    ) -> pb.RecordHigherAnswerResponse:
        """Record what the higher court decided."""
        return pb.RecordHigherAnswerResponse(receipt=await self._step("RecordHigherAnswer", request))

    async def _step(self, method: str, request: Any) -> ActionReceipt:
        work = partial(prepare, request=request, remedy=WHOLE_CASE[method])
        return await take_action(self._journal, self._seat, method, request, work)


def _account(connection: Connection, caller: Caller, instruction: str) -> pb.CaseAccount:
    """Return what became of a case, account numbers in full for those who work on it alone."""
    account = read_account(connection, instruction)
    if not may_unmask(connection, caller, instruction):
        mask_properties([*account.found, *(each.handed.property for each in account.seizures)])
    return account
