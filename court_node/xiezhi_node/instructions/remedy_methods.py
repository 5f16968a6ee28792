"""The remedies and side paths of the ladder as methods; `remedies` says what each of them makes."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, TypeAlias

import grpc

from xiezhi.v1 import instruction_service_pb2, remedy_pb2
from xiezhi.v1.instruction_pb2 import ActionReceipt
from xiezhi_node.instructions.ladder import LadderMethods
from xiezhi_node.instructions.remedies import REMEDIES
from xiezhi_node.instructions.remedy_work import prepare

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class RemedyMethods(LadderMethods):
    """Serves the remedies. What each method refuses is said in the contract."""

    async def SupplyMaterial(
        self, request: instruction_service_pb2.SupplyMaterialRequest, _context: _Context
    ) -> instruction_service_pb2.SupplyMaterialResponse:
        """Add documents; what was asked for is answered by them."""
        receipt = await self._remedy("SupplyMaterial", request)
        return instruction_service_pb2.SupplyMaterialResponse(receipt=receipt)

    async def AskForMaterial(
        self, request: remedy_pb2.AskForMaterialRequest, _context: _Context
    ) -> remedy_pb2.AskForMaterialResponse:
        """Ask for papers that lack."""
        return remedy_pb2.AskForMaterialResponse(receipt=await self._remedy("AskForMaterial", request))

    async def ObjectToReturn(
        self, request: remedy_pb2.ObjectToReturnRequest, _context: _Context
    ) -> remedy_pb2.ObjectToReturnResponse:
        """Object to a return."""
        return remedy_pb2.ObjectToReturnResponse(receipt=await self._remedy("ObjectToReturn", request))

    async def StopInstruction(
        self, request: remedy_pb2.StopInstructionRequest, _context: _Context
    ) -> remedy_pb2.StopInstructionResponse:
        """Stop the work."""
        return remedy_pb2.StopInstructionResponse(receipt=await self._remedy("StopInstruction", request))

    async def ReportStop(
        self, request: remedy_pb2.ReportStopRequest, _context: _Context
    ) -> remedy_pb2.ReportStopResponse:
        """Report what was done before a stop."""
        return remedy_pb2.ReportStopResponse(receipt=await self._remedy("ReportStop", request))

    async def SuspendInstruction(
        self, request: remedy_pb2.SuspendInstructionRequest, _context: _Context
    ) -> remedy_pb2.SuspendInstructionResponse:
        """Pause the work."""
        return remedy_pb2.SuspendInstructionResponse(
            receipt=await self._remedy("SuspendInstruction", request)
        )

    async def ResumeInstruction(
        self, request: remedy_pb2.ResumeInstructionRequest, _context: _Context
    ) -> remedy_pb2.ResumeInstructionResponse:
        """Let paused work go on."""
        return remedy_pb2.ResumeInstructionResponse(receipt=await self._remedy("ResumeInstruction", request))

    async def ChangeCaseStatus(
        self, request: remedy_pb2.ChangeCaseStatusRequest, _context: _Context
    ) -> remedy_pb2.ChangeCaseStatusResponse:
        """Tell what became of the case."""
        return remedy_pb2.ChangeCaseStatusResponse(receipt=await self._remedy("ChangeCaseStatus", request))

    async def ContinueCase(
        self, request: remedy_pb2.ContinueCaseRequest, _context: _Context
    ) -> remedy_pb2.ContinueCaseResponse:
        """Let the work go on after a change of the case."""
        return remedy_pb2.ContinueCaseResponse(receipt=await self._remedy("ContinueCase", request))

    async def AskExtension(
        self, request: remedy_pb2.AskExtensionRequest, _context: _Context
    ) -> remedy_pb2.AskExtensionResponse:
        """Ask for more time."""
        return remedy_pb2.AskExtensionResponse(receipt=await self._remedy("AskExtension", request))

    async def GrantExtension(
        self, request: remedy_pb2.GrantExtensionRequest, _context: _Context
    ) -> remedy_pb2.GrantExtensionResponse:
        """Grant more time."""
        return remedy_pb2.GrantExtensionResponse(receipt=await self._remedy("GrantExtension", request))

    async def RefuseExtension(
        self, request: remedy_pb2.RefuseExtensionRequest, _context: _Context
    ) -> remedy_pb2.RefuseExtensionResponse:
        """Grant no more time."""
        return remedy_pb2.RefuseExtensionResponse(receipt=await self._remedy("RefuseExtension", request))

    async def Nudge(self, request: remedy_pb2.NudgeRequest, _context: _Context) -> remedy_pb2.NudgeResponse:
        """Urge the receiver."""
        return remedy_pb2.NudgeResponse(receipt=await self._remedy("Nudge", request))

    async def AnswerNudge(
        self, request: remedy_pb2.AnswerNudgeRequest, _context: _Context
    ) -> remedy_pb2.AnswerNudgeResponse:
        """Answer a nudge."""
        return remedy_pb2.AnswerNudgeResponse(receipt=await self._remedy("AnswerNudge", request))

    async def NudgeConfirmation(
        self, request: remedy_pb2.NudgeConfirmationRequest, _context: _Context
    ) -> remedy_pb2.NudgeConfirmationResponse:
        """Ask the sender to confirm."""
        return remedy_pb2.NudgeConfirmationResponse(receipt=await self._remedy("NudgeConfirmation", request))

    async def ConfirmFor(
        self, request: remedy_pb2.ConfirmForRequest, _context: _Context
    ) -> remedy_pb2.ConfirmForResponse:
        """Accept the result in place of the officer."""
        return remedy_pb2.ConfirmForResponse(receipt=await self._remedy("ConfirmFor", request))

    async def Evaluate(
        self, request: remedy_pb2.EvaluateRequest, _context: _Context
    ) -> remedy_pb2.EvaluateResponse:
        """Say how good the work was."""
        return remedy_pb2.EvaluateResponse(receipt=await self._remedy("Evaluate", request))

    async def Complain(
        self, request: remedy_pb2.ComplainRequest, _context: _Context
    ) -> remedy_pb2.ComplainResponse:
        """Complain of the receiver."""
        return remedy_pb2.ComplainResponse(receipt=await self._remedy("Complain", request))

    async def ExplainComplaint(
        self, request: remedy_pb2.ExplainComplaintRequest, _context: _Context
    ) -> remedy_pb2.ExplainComplaintResponse:
        """Explain what a complaint is about."""
        return remedy_pb2.ExplainComplaintResponse(receipt=await self._remedy("ExplainComplaint", request))

    async def LogCall(
        self, request: remedy_pb2.LogCallRequest, _context: _Context
    ) -> remedy_pb2.LogCallResponse:
        """Record a call."""
        return remedy_pb2.LogCallResponse(receipt=await self._remedy("LogCall", request))

    async def AskForOrdinary(
        self, request: remedy_pb2.AskForOrdinaryRequest, _context: _Context
    ) -> remedy_pb2.AskForOrdinaryResponse:
        """Ask to treat an urgent matter as ordinary."""
        return remedy_pb2.AskForOrdinaryResponse(receipt=await self._remedy("AskForOrdinary", request))

    async def RuleOnUrgency(
        self, request: remedy_pb2.RuleOnUrgencyRequest, _context: _Context
    ) -> remedy_pb2.RuleOnUrgencyResponse:
        """Answer that."""
        return remedy_pb2.RuleOnUrgencyResponse(receipt=await self._remedy("RuleOnUrgency", request))

    async def ChangeOfficer(
        self, request: remedy_pb2.ChangeOfficerRequest, _context: _Context
    ) -> remedy_pb2.ChangeOfficerResponse:
        """Give the matter to another officer."""
        return remedy_pb2.ChangeOfficerResponse(receipt=await self._remedy("ChangeOfficer", request))

    async def Recuse(
        self, request: remedy_pb2.RecuseRequest, _context: _Context
    ) -> remedy_pb2.RecuseResponse:
        """Withdraw from the matter."""
        return remedy_pb2.RecuseResponse(receipt=await self._remedy("Recuse", request))

    async def ReportWrongCourt(
        self, request: remedy_pb2.ReportWrongCourtRequest, _context: _Context
    ) -> remedy_pb2.ReportWrongCourtResponse:
        """Name the right court."""
        return remedy_pb2.ReportWrongCourtResponse(receipt=await self._remedy("ReportWrongCourt", request))

    async def ConfirmLetter(
        self, request: remedy_pb2.ConfirmLetterRequest, _context: _Context
    ) -> remedy_pb2.ConfirmLetterResponse:
        """Bring the letter made anew."""
        return remedy_pb2.ConfirmLetterResponse(receipt=await self._remedy("ConfirmLetter", request))

    async def Escalate(
        self, request: remedy_pb2.EscalateRequest, _context: _Context
    ) -> remedy_pb2.EscalateResponse:
        """Ask the common superior."""
        return remedy_pb2.EscalateResponse(receipt=await self._remedy("Escalate", request))

    async def _remedy(self, method: str, request: Any) -> ActionReceipt:
        return await self._act(method, request, partial(prepare, request=request, remedy=REMEDIES[method]))
