"""The steps of a matter: the common ladder and its side paths.

Every step takes the matter's id and, as options, the last event that the user saw (`base_event_id`) and a
`request_id` of the caller's own, for programs that repeat their work after a crash. Every step gives a
receipt and raises alike: `InvalidInput` with the fields, `NotFound`, `NotAllowed` (role, court, same person),
`WrongState`, `Conflict` (stale base, request id used for other content). What reaches the other court is
pending until the hub has ruled.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypedDict, TypeVar, Unpack

import grpc

from xiezhi.v1 import instruction_service_pb2 as pb
from xiezhi.v1.instruction_pb2 import Action as ActionEnum
from xiezhi.v1.instruction_pb2 import ActionReceipt as ReceiptMessage
from xiezhi.v1.instruction_service_pb2_grpc import InstructionServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.kinds import Moment, Name
from xiezhi_client.sdk.records.court import Officer
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.instruction import ActionReceipt, BatchActResult
from xiezhi_client.sdk.records.item import ItemOutcome, ItemRejection
from xiezhi_client.sdk.vocabulary import Action

_ACTION = Name(ActionEnum.DESCRIPTOR)

Request = TypeVar("Request")


class Options(TypedDict, total=False):
    """What every step takes besides its own content."""

    base_event_id: str
    """Last event that the user saw (`InstructionSummary.last_event_id`); left out, the node takes its newest."""
    request_id: str
    """The caller's own request id; left out, a new one."""


class _Receipted(Protocol):
    @property
    def receipt(self) -> ReceiptMessage: ...


class Ladder:
    """The steps of `InstructionService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = InstructionServiceStub(calls.channel)

    async def submit(self, instruction_id: str, **options: Unpack[Options]) -> ActionReceipt:
        """Hand a draft in for approval. Raise `WrongState` also where papers are missing."""
        request = pb.SubmitInstructionRequest(**common(instruction_id, options))
        return await self._step(self._stub.SubmitInstruction, request)

    async def approve(
        self, instruction_id: str, opinion: str = "", **options: Unpack[Options]
    ) -> ActionReceipt:
        """Approve what somebody else handed in."""
        request = pb.ApproveInstructionRequest(**common(instruction_id, options), opinion=opinion)
        return await self._step(self._stub.ApproveInstruction, request)

    async def reject_approval(
        self, instruction_id: str, opinion: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Send what was handed in back to its author, saying why."""
        request = pb.RejectApprovalRequest(**common(instruction_id, options), opinion=opinion)
        return await self._step(self._stub.RejectApproval, request)

    async def record_consent(
        self,
        instruction_id: str,
        approver_account_id: str,
        manner: str,
        opinion: str = "",
        consented_at: datetime | None = None,
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Note down that an approver of an urgent matter consented by word of mouth; he owes it in writing.

        *manner* says how, such as by telephone; *consented_at* when, now if None. Neither the one who consented nor
        the one who drafted may note it down: `NotAllowed`.
        """
        request = pb.RecordConsentRequest(
            **common(instruction_id, options),
            approver_account_id=approver_account_id,
            manner=manner,
            opinion=opinion,
            consented_at=None if consented_at is None else Moment().to_proto(consented_at),
        )
        return await self._step(self._stub.RecordConsent, request)

    async def write_consent(
        self, instruction_id: str, opinion: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Put an own consent in writing that was given by word of mouth."""
        request = pb.WriteConsentRequest(**common(instruction_id, options), opinion=opinion)
        return await self._step(self._stub.WriteConsent, request)

    async def discard(
        self, instruction_id: str, reason: str = "", **options: Unpack[Options]
    ) -> ActionReceipt:
        """Discard an own draft for good that was not issued: one being written, or sent back by its approver."""
        request = pb.DiscardDraftRequest(**common(instruction_id, options), reason=reason)
        return await self._step(self._stub.DiscardDraft, request)

    async def affix_seal(self, instruction_id: str, **options: Unpack[Options]) -> ActionReceipt:
        """Check the papers, affix the seal and send."""
        request = pb.AffixSealRequest(**common(instruction_id, options))
        return await self._step(self._stub.AffixSeal, request)

    async def withdraw(self, instruction_id: str, reason: str, **options: Unpack[Options]) -> ActionReceipt:
        """Take a matter back before it is signed for, saying why."""
        request = pb.WithdrawInstructionRequest(**common(instruction_id, options), reason=reason)
        return await self._step(self._stub.WithdrawInstruction, request)

    async def sign(self, instruction_id: str, **options: Unpack[Options]) -> ActionReceipt:
        """Sign for a matter."""
        request = pb.SignInstructionRequest(**common(instruction_id, options))
        return await self._step(self._stub.SignInstruction, request)

    async def assign(
        self, instruction_id: str, assignee_account_id: str, note: str = "", **options: Unpack[Options]
    ) -> ActionReceipt:
        """Sign for it if that was not done, and assign it to an officer of this court."""
        request = pb.AssignInstructionRequest(
            **common(instruction_id, options), assignee_account_id=assignee_account_id, note=note
        )
        return await self._step(self._stub.AssignInstruction, request)

    async def hand_back(self, instruction_id: str, reason: str, **options: Unpack[Options]) -> ActionReceipt:
        """Give an assignment back to the command centre, saying why."""
        request = pb.HandBackRequest(**common(instruction_id, options), reason=reason)
        return await self._step(self._stub.HandBack, request)

    async def report_progress(
        self,
        instruction_id: str,
        text: str,
        outcomes: Iterable[ItemOutcome] = (),
        documents: Iterable[Document] = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Report to the sender how far the work is; documents were uploaded before."""
        request = pb.ReportProgressRequest(
            **common(instruction_id, options),
            text=text,
            outcomes=[outcome.to_proto() for outcome in outcomes],
            documents=[document.to_proto() for document in documents],
        )
        return await self._step(self._stub.ReportProgress, request)

    async def complete(
        self,
        instruction_id: str,
        text: str,
        outcomes: Iterable[ItemOutcome] = (),
        documents: Iterable[Document] = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Report that the work is done; every item needs an outcome, now or from before."""
        request = pb.CompleteInstructionRequest(
            **common(instruction_id, options),
            text=text,
            outcomes=[outcome.to_proto() for outcome in outcomes],
            documents=[document.to_proto() for document in documents],
        )
        return await self._step(self._stub.CompleteInstruction, request)

    async def confirm(self, instruction_id: str, text: str = "", **options: Unpack[Options]) -> ActionReceipt:
        """Accept the result."""
        request = pb.ConfirmInstructionRequest(**common(instruction_id, options), text=text)
        return await self._step(self._stub.ConfirmInstruction, request)

    async def reject_result(
        self,
        instruction_id: str,
        rejections: Iterable[ItemRejection],
        text: str = "",
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Refuse the result of single items, at least one, saying why and what has to be done."""
        request = pb.RejectResultRequest(
            **common(instruction_id, options),
            rejections=[rejection.to_proto() for rejection in rejections],
            text=text,
        )
        return await self._step(self._stub.RejectResult, request)

    async def propose_return(
        self, instruction_id: str, reason: str, text: str, contact: Officer, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Propose to return the matter: reason code of the rulebook, words, and whom to call about it."""
        request = pb.ProposeReturnRequest(
            **common(instruction_id, options), reason=reason, text=text, contact=contact.to_proto()
        )
        return await self._step(self._stub.ProposeReturn, request)

    async def approve_return(
        self, instruction_id: str, text: str = "", **options: Unpack[Options]
    ) -> ActionReceipt:
        """Approve a return that somebody else proposed."""
        request = pb.ApproveReturnRequest(**common(instruction_id, options), text=text)
        return await self._step(self._stub.ApproveReturn, request)

    async def refuse_return(
        self, instruction_id: str, text: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Refuse a proposed return, saying why; work goes on."""
        request = pb.RefuseReturnRequest(**common(instruction_id, options), text=text)
        return await self._step(self._stub.RefuseReturn, request)

    async def supply_material(
        self,
        instruction_id: str,
        documents: Iterable[Document],
        text: str = "",
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Add documents, uploaded before, for the other court."""
        request = pb.SupplyMaterialRequest(
            **common(instruction_id, options),
            documents=[document.to_proto() for document in documents],
            text=text,
        )
        return await self._step(self._stub.SupplyMaterial, request)

    async def log_contact(
        self,
        instruction_id: str,
        counterpart: Officer,
        text: str,
        held_at: datetime | None = None,
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Record a call or talk with the other court; without a time, now."""
        request = pb.LogContactRequest(
            **common(instruction_id, options),
            counterpart=counterpart.to_proto(),
            text=text,
            held_at=None if held_at is None else Moment().to_proto(held_at),
        )
        return await self._step(self._stub.LogContact, request)

    async def batch(
        self,
        action: Action,
        instruction_ids: Iterable[str],
        *,
        assignee_account_id: str = "",
        text: str = "",
        request_id: str = "",
    ) -> tuple[BatchActResult, ...]:
        """SUBMIT, APPROVE, AFFIX_SEAL, SIGN or ASSIGN up to 512 matters; a bad one fails alone."""
        request = pb.BatchActRequest(
            request_id=request_id or new_request_id(),
            action=_ACTION.to_proto(action),
            instruction_ids=instruction_ids,
            assignee_account_id=assignee_account_id,
            text=text,
        )
        answer = await self._calls.unary(self._stub.BatchAct, request)
        return tuple(map(BatchActResult.from_proto, answer.results))

    async def _step(
        self, method: "grpc.aio.UnaryUnaryMultiCallable[Request, Any]", request: Request
    ) -> ActionReceipt:
        answer: _Receipted = await self._calls.unary(method, request)
        return ActionReceipt.from_proto(answer.receipt)


def common(instruction_id: str, options: Options) -> Mapping[str, Any]:
    """Give the fields that the request of every step begins with."""
    return {
        "request_id": options.get("request_id") or new_request_id(),
        "instruction_id": instruction_id,
        "base_event_id": options.get("base_event_id", ""),
    }
