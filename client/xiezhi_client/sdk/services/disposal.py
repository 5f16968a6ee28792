"""The superior's decisions on handovers (处置权移交), on the hub's desk."""

from xiezhi.v1 import disposal_decision_service_pb2 as pb
from xiezhi.v1.disposal_decision_service_pb2_grpc import DisposalDecisionServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.kinds import Name
from xiezhi_client.sdk.records.disposal import (
    DecisionDraft,
    DecisionDraftPage,
    DecisionOrder,
    SupervisedHandover,
)
from xiezhi_client.sdk.records.handover import HandoverRecord
from xiezhi_client.sdk.records.instruction import ActionReceipt
from xiezhi_client.sdk.vocabulary import DecisionDraftState

_STATE = Name(pb.DecisionDraftState.DESCRIPTOR)


class DisposalDecisions:
    """`DisposalDecisionService`. Raises as the steps in `ladder` do."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = DisposalDecisionServiceStub(calls.channel)

    async def draft(self, order: DecisionOrder, draft_id: str = "", *, request_id: str = "") -> DecisionDraft:
        """Draft a decision on a handover, or write a waiting draft anew; somebody else has to approve it.

        Its documents were uploaded with `documents` under *draft_id*, from `new_instruction_id`.
        """
        request = pb.DraftDecisionRequest(
            request_id=request_id or new_request_id(), order=order.to_proto(), draft_id=draft_id
        )
        return DecisionDraft.from_proto((await self._calls.unary(self._stub.DraftDecision, request)).draft)

    async def drafts(self, *, waiting_only: bool = False, page_size: int = 0) -> tuple[DecisionDraft, ...]:
        """The first drafts, those that wait first, newest first; discarded ones are left out."""
        request = pb.ListDecisionDraftsRequest(waiting_only=waiting_only, page_size=page_size)
        answer = await self._calls.unary(self._stub.ListDecisionDrafts, request)
        return tuple(map(DecisionDraft.from_proto, answer.drafts))

    async def page(
        self,
        state: DecisionDraftState = "",
        court: str = "",
        instruction_id: str = "",
        *,
        page_size: int = 0,
        page_token: str = "",
    ) -> DecisionDraftPage:
        """Give one page of drafts and what became of them, those that wait first, newest first.

        *court* is a party of the handover, *instruction_id* its id or number. Discarded ones are left out but where
        *state* asks for them. Raise `InvalidInput` for a token of another list, `NotFound` for an unknown handover.
        """
        request = pb.ListDecisionDraftsRequest(
            state=_STATE.to_proto(state),
            court=court,
            instruction_id=instruction_id,
            page_size=page_size,
            page_token=page_token,
        )
        return DecisionDraftPage.from_proto(await self._calls.unary(self._stub.ListDecisionDrafts, request))

    async def get(self, draft_id: str) -> DecisionDraft:
        """One draft, whatever became of it."""
        request = pb.GetDecisionDraftRequest(draft_id=draft_id)
        return DecisionDraft.from_proto((await self._calls.unary(self._stub.GetDecisionDraft, request)).draft)

    async def approve(
        self, draft_id: str, opinion: str = "", *, seen: str, request_id: str = ""
    ) -> ActionReceipt:
        """Approve somebody else's draft and issue the decision, which binds both courts.

        *seen* is the `content_hash` of the draft that was read; `Conflict` where it says something else.
        """
        request = pb.ApproveDecisionRequest(
            request_id=request_id or new_request_id(), draft_id=draft_id, opinion=opinion, seen=seen
        )
        answer = await self._calls.unary(self._stub.ApproveDecision, request)
        return ActionReceipt.from_proto(answer.receipt)

    async def discard(self, draft_id: str, *, request_id: str = "") -> DecisionDraft:
        """Discard an own draft that waits, for good."""
        request = pb.DiscardDecisionDraftRequest(request_id=request_id or new_request_id(), draft_id=draft_id)
        answer = await self._calls.unary(self._stub.DiscardDecisionDraft, request)
        return DecisionDraft.from_proto(answer.draft)

    async def reject(self, draft_id: str, opinion: str, *, request_id: str = "") -> DecisionDraft:
        """Do not approve a draft, saying why."""
        request = pb.RejectDecisionRequest(
            request_id=request_id or new_request_id(), draft_id=draft_id, opinion=opinion
        )
        return DecisionDraft.from_proto((await self._calls.unary(self._stub.RejectDecision, request)).draft)

    async def handover(self, instruction_id: str) -> SupervisedHandover:
        """A handover by id or number: where it stands, its record, and whether a decision may be drafted."""
        request = pb.GetHandoverRecordRequest(instruction_id=instruction_id)
        return SupervisedHandover.from_proto(await self._calls.unary(self._stub.GetHandoverRecord, request))

    async def record(self, instruction_id: str) -> HandoverRecord:
        """The register of the property, the money and the proof of arrival, by id or number."""
        return (await self.handover(instruction_id)).record or HandoverRecord()
