"""事项委托 and 协助执行(法院间): drafting, batches, outcomes, sums."""

from collections.abc import AsyncIterator, Iterable

from xiezhi.v1 import delegation_service_pb2 as pb
from xiezhi.v1.delegation_service_pb2_grpc import DelegationServiceStub
from xiezhi_client.sdk.batches import chunks
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.records.delegation import (
    ActForm,
    CaseSums,
    DelegationDraft,
    DelegationIssue,
    DelegationIssueResult,
    DelegationOrder,
)
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.instruction import ActionReceipt, Instruction
from xiezhi_client.sdk.records.item import ItemOutcome
from xiezhi_client.sdk.vocabulary import FollowUp


class Delegation:
    """`DelegationService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = DelegationServiceStub(calls.channel)

    async def draft(
        self, order: DelegationOrder, instruction_id: str = "", *, request_id: str = ""
    ) -> DelegationDraft:
        """Draft an order, or replace the draft of `instruction_id`; says what is missing, and the sums of the case.

        A new matter whose documents went up before brings its own id (`new_instruction_id`).
        Raise `InvalidInput` with the fields, `NotFound` (case, court, kind), `WrongState`, `NotAllowed`.
        """
        request = pb.DraftDelegationRequest(
            request_id=request_id or new_request_id(), instruction_id=instruction_id, order=order.to_proto()
        )
        return DelegationDraft.from_proto(await self._calls.unary(self._stub.DraftDelegation, request))

    async def issue_many(
        self, issues: Iterable[DelegationIssue], *, request_id: str = ""
    ) -> AsyncIterator[DelegationIssueResult]:
        """Issue orders that the caller's own system has drafted, approved and sealed; as `Find.issue_many`."""
        batch = request_id or new_request_id()
        for chunk in chunks(issues):
            request = pb.IssueDelegationsRequest(request_id=batch, issues=chunk)
            for result in (await self._calls.unary(self._stub.IssueDelegations, request)).results:
                yield DelegationIssueResult.from_proto(result)

    async def record_outcomes(
        self,
        instruction_id: str,
        outcomes: Iterable[ItemOutcome],
        text: str = "",
        documents: Iterable[Document] = (),
        *,
        request_id: str = "",
    ) -> ActionReceipt:
        """Record outcomes of single items while work goes on."""
        request = pb.RecordOutcomesRequest(
            request_id=request_id or new_request_id(),
            instruction_id=instruction_id,
            outcomes=[outcome.to_proto() for outcome in outcomes],
            text=text,
            documents=[document.to_proto() for document in documents],
        )
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.RecordOutcomes, request)).receipt)

    async def complete(
        self,
        instruction_id: str,
        text: str,
        outcomes: Iterable[ItemOutcome] = (),
        documents: Iterable[Document] = (),
        *,
        request_id: str = "",
    ) -> ActionReceipt:
        """Report that the work is done; every item needs an outcome, now or before, and what proves it.

        Raise `InvalidInput` with the fields that an act needs, `WrongState` (outcomes or papers missing).
        """
        request = pb.CompleteDelegationRequest(
            request_id=request_id or new_request_id(),
            instruction_id=instruction_id,
            outcomes=[outcome.to_proto() for outcome in outcomes],
            text=text,
            documents=[document.to_proto() for document in documents],
        )
        answer = await self._calls.unary(self._stub.CompleteDelegation, request)
        return ActionReceipt.from_proto(answer.receipt)

    async def get(
        self, instruction_id: str, *, purpose: str = ""
    ) -> tuple[DelegationOrder, Instruction, CaseSums]:
        """Give the order, its matter, and at the sender the sums of its case. Recorded as a look at personal data."""
        request = pb.GetDelegationRequest(instruction_id=instruction_id, purpose=purpose)
        answer = await self._calls.unary(self._stub.GetDelegation, request)
        return (
            DelegationOrder.from_proto(answer.order),
            Instruction.from_proto(answer.instruction),
            CaseSums.from_proto(answer.sums),
        )

    async def prepare_follow_up(self, instruction_id: str, follow_up: FollowUp) -> DelegationOrder:
        """Give an order that renews or releases what an instruction has achieved, to be completed and drafted.

        Raise `WrongState` where there is nothing to renew or release.
        """
        request = pb.PrepareFollowUpRequest(
            instruction_id=instruction_id, follow_up=pb.FollowUp.Value(f"FOLLOW_UP_{follow_up}")
        )
        answer = await self._calls.unary(self._stub.PrepareFollowUp, request)
        return DelegationOrder.from_proto(answer.order)

    async def sums(self, case_number: str, bundle_id: str = "") -> CaseSums:
        """Give what was ordered and what is controlled for a case, in all or in one 事项组."""
        request = pb.GetSumsRequest(case_number=case_number, bundle_id=bundle_id)
        return CaseSums.from_proto((await self._calls.unary(self._stub.GetSums, request)).sums)

    async def forms(self, kind: str) -> tuple[ActForm, ...]:
        """Give how orders of a kind and their outcomes are filled in, act by act."""
        answer = await self._calls.unary(self._stub.DescribeActs, pb.DescribeActsRequest(kind=kind))
        return tuple(map(ActForm.from_proto, answer.forms))
