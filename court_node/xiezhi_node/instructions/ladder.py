"""The steps of the ladder as methods: one for each action, and one action on many matters."""

# Methods are named by the contract.
# ruff: noqa: N802

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import instruction_service_pb2 as pb
from xiezhi.v1.instruction_pb2 import ActionReceipt
from xiezhi.v1.instruction_service_pb2_grpc import InstructionServiceServicer
from xiezhi_desk.requests import LONGEST_REQUEST_ID, principal
from xiezhi_domain.errors import InvalidInput
from xiezhi_journal.journal import Journal
from xiezhi_journal.journal import request_key as key_of
from xiezhi_node.instructions import actions, bulk
from xiezhi_node.instructions.actions import Acting
from xiezhi_node.instructions.reporting import Report
from xiezhi_node.instructions.requests import take_action
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
_Prepare = Callable[[Connection, Acting], bulk.AnyWork]


class LadderMethods(InstructionServiceServicer):
    """Serves the actions on matters. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat) -> None:
        self._journal = journal
        self._seat = seat

    # --- Inside the sender's court -----------------------------------------------------------------------------------

    async def SubmitInstruction(
        self, request: pb.SubmitInstructionRequest, _context: _Context
    ) -> pb.SubmitInstructionResponse:
        """Hand a draft in for approval."""

        def prepare(connection: Connection, acting: Acting) -> bulk.AnyWork:
            return acting.drafting(connection).submit(connection)

        return pb.SubmitInstructionResponse(receipt=await self._act("SubmitInstruction", request, prepare))

    async def ApproveInstruction(
        self, request: pb.ApproveInstructionRequest, _context: _Context
    ) -> pb.ApproveInstructionResponse:
        """Approve what was handed in."""
        prepare = partial(actions.approve, opinion=request.opinion)
        return pb.ApproveInstructionResponse(receipt=await self._act("ApproveInstruction", request, prepare))

    async def RejectApproval(
        self, request: pb.RejectApprovalRequest, _context: _Context
    ) -> pb.RejectApprovalResponse:
        """Send back what was handed in."""
        prepare = partial(actions.reject_approval, opinion=request.opinion)
        return pb.RejectApprovalResponse(receipt=await self._act("RejectApproval", request, prepare))

    async def RecordConsent(
        self, request: pb.RecordConsentRequest, _context: _Context
    ) -> pb.RecordConsentResponse:
        """Note down a consent given by word of mouth."""
        prepare = partial(actions.record_consent, request=request)
        return pb.RecordConsentResponse(receipt=await self._act("RecordConsent", request, prepare))

    async def WriteConsent(
        self, request: pb.WriteConsentRequest, _context: _Context
    ) -> pb.WriteConsentResponse:
        """Put it in writing."""
        prepare = partial(actions.write_consent, opinion=request.opinion)
        return pb.WriteConsentResponse(receipt=await self._act("WriteConsent", request, prepare))

    async def DiscardDraft(
        self, request: pb.DiscardDraftRequest, _context: _Context
    ) -> pb.DiscardDraftResponse:
        """Discard a draft."""
        prepare = partial(actions.discard, reason=request.reason)
        return pb.DiscardDraftResponse(receipt=await self._act("DiscardDraft", request, prepare))

    async def AffixSeal(self, request: pb.AffixSealRequest, _context: _Context) -> pb.AffixSealResponse:
        """Check the papers, affix the seal, send."""

        def prepare(connection: Connection, acting: Acting) -> bulk.AnyWork:
            return acting.drafting(connection).seal(connection)

        return pb.AffixSealResponse(receipt=await self._act("AffixSeal", request, prepare))

    # --- The ladder --------------------------------------------------------------------------------------------------

    async def WithdrawInstruction(
        self, request: pb.WithdrawInstructionRequest, _context: _Context
    ) -> pb.WithdrawInstructionResponse:
        """Take a matter back."""
        prepare = partial(actions.withdraw, reason=request.reason)
        return pb.WithdrawInstructionResponse(
            receipt=await self._act("WithdrawInstruction", request, prepare)
        )

    async def SignInstruction(
        self, request: pb.SignInstructionRequest, _context: _Context
    ) -> pb.SignInstructionResponse:
        """Sign for a matter."""
        return pb.SignInstructionResponse(receipt=await self._act("SignInstruction", request, actions.sign))

    async def AssignInstruction(
        self, request: pb.AssignInstructionRequest, _context: _Context
    ) -> pb.AssignInstructionResponse:
        """Assign a matter, signing for it first where that was not done."""
        prepare = partial(actions.assign, account_id=request.assignee_account_id, note=request.note)
        return pb.AssignInstructionResponse(receipt=await self._act("AssignInstruction", request, prepare))

    async def HandBack(self, request: pb.HandBackRequest, _context: _Context) -> pb.HandBackResponse:
        """Give an assignment back."""
        prepare = partial(actions.hand_back, reason=request.reason)
        return pb.HandBackResponse(receipt=await self._act("HandBack", request, prepare))

    async def ReportProgress(
        self, request: pb.ReportProgressRequest, _context: _Context
    ) -> pb.ReportProgressResponse:
        """Report progress."""
        report = Report(request.text, request.outcomes, request.documents)
        prepare = partial(actions.report_progress, report=report)
        return pb.ReportProgressResponse(receipt=await self._act("ReportProgress", request, prepare))

    async def CompleteInstruction(
        self, request: pb.CompleteInstructionRequest, _context: _Context
    ) -> pb.CompleteInstructionResponse:
        """Report the result."""
        report = Report(request.text, request.outcomes, request.documents)
        prepare = partial(actions.complete, report=report)
        return pb.CompleteInstructionResponse(
            receipt=await self._act("CompleteInstruction", request, prepare)
        )

    async def ConfirmInstruction(
        self, request: pb.ConfirmInstructionRequest, _context: _Context
    ) -> pb.ConfirmInstructionResponse:
        """Accept the result."""
        prepare = partial(actions.confirm, text=request.text)
        return pb.ConfirmInstructionResponse(receipt=await self._act("ConfirmInstruction", request, prepare))

    async def RejectResult(
        self, request: pb.RejectResultRequest, _context: _Context
    ) -> pb.RejectResultResponse:
        """Refuse the result of single items."""
        prepare = partial(actions.reject_result, rejections=request.rejections, text=request.text)
        return pb.RejectResultResponse(receipt=await self._act("RejectResult", request, prepare))

    async def ProposeReturn(
        self, request: pb.ProposeReturnRequest, _context: _Context
    ) -> pb.ProposeReturnResponse:
        """Propose to return a matter."""
        prepare = partial(
            actions.propose_return, reason=request.reason, text=request.text, contact=request.contact
        )
        return pb.ProposeReturnResponse(receipt=await self._act("ProposeReturn", request, prepare))

    async def ApproveReturn(
        self, request: pb.ApproveReturnRequest, _context: _Context
    ) -> pb.ApproveReturnResponse:
        """Approve a proposed return."""
        prepare = partial(actions.approve_return, text=request.text)
        return pb.ApproveReturnResponse(receipt=await self._act("ApproveReturn", request, prepare))

    async def RefuseReturn(
        self, request: pb.RefuseReturnRequest, _context: _Context
    ) -> pb.RefuseReturnResponse:
        """Refuse a proposed return."""
        prepare = partial(actions.refuse_return, text=request.text)
        return pb.RefuseReturnResponse(receipt=await self._act("RefuseReturn", request, prepare))

    async def LogContact(self, request: pb.LogContactRequest, _context: _Context) -> pb.LogContactResponse:
        """Record a call or talk."""
        held_at = request.held_at.ToMilliseconds() if request.HasField("held_at") else 0
        prepare = partial(
            actions.log_contact, counterpart=request.counterpart, text=request.text, held_at=held_at
        )
        return pb.LogContactResponse(receipt=await self._act("LogContact", request, prepare))

    async def BatchAct(self, request: pb.BatchActRequest, _context: _Context) -> pb.BatchActResponse:
        """Take one action on many matters; each succeeds or fails alone."""
        if not 0 < len(request.request_id) <= LONGEST_REQUEST_ID:
            raise InvalidInput.in_field("request_id", f"请求编号必填，最长 {LONGEST_REQUEST_ID} 个字符")
        prepare = bulk.bulk_action(request)
        wanted = [self._acting_in_batch(request, instruction) for instruction in request.instruction_ids]
        prepared = await self._journal.read(
            partial(bulk.prepare_all, prepare=prepare, request=request, wanted=wanted)
        )
        works = [work for work in prepared if not isinstance(work, Exception)]
        answers = iter(await self._journal.writer.submit_all(works))
        results = [each if isinstance(each, Exception) else next(answers) for each in prepared]
        return pb.BatchActResponse(results=list(map(bulk.result, request.instruction_ids, results)))

    # --- Inside ------------------------------------------------------------------------------------------------------

    async def _act(self, method: str, request: Any, prepare: _Prepare) -> ActionReceipt:
        """Return what an action did; *request* is one of the contract's for *method*."""
        return await take_action(self._journal, self._seat, method, request, prepare)

    def _acting_in_batch(self, request: pb.BatchActRequest, instruction: str) -> Acting:
        content = pb.BatchActRequest()
        content.CopyFrom(request)
        content.ClearField("instruction_ids")
        key = key_of(
            principal(current_caller()),
            "BatchAct",
            f"{request.request_id}/{instruction}",
            content.SerializeToString(deterministic=True),
        )
        journal = self._journal
        return Acting(self._seat, journal.rulebooks, current_caller(), key, instruction, journal.clock())
