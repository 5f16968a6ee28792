"""参与分配: applications, and the distribution that one court presides over."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar, Unpack

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from xiezhi.v1 import distribution_service_pb2 as pb
from xiezhi.v1.distribution_service_pb2_grpc import DistributionServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.kinds import Moment
from xiezhi_client.sdk.records.distribution import (
    Admission,
    ClaimCorrection,
    Distribution,
    DistributionDraft,
    DistributionOrder,
    DistributionPlan,
    IssuedPlan,
    PlanPreview,
)
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.instruction import ActionReceipt, Instruction
from xiezhi_client.sdk.services.ladder import Options, common
from xiezhi_client.sdk.vocabulary import DistributionPaper

Receipts = tuple[ActionReceipt, ...]
Documents = Iterable[Document]
Request = TypeVar("Request")


class Distributions:
    """`DistributionService`.

    Where both `instruction_id` and `distribution_id` are offered, the first is for the creditor of one matter, the
    second for a party of the presiding court's own: its creditors and the debtor (party 0). Documents were uploaded
    before: for the matter, or, of what is told in all matters of a distribution, for each of them.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = DistributionServiceStub(calls.channel)

    # --- The court of a creditor -------------------------------------------------------------------------------------

    async def draft(
        self, order: DistributionOrder, instruction_id: str = "", *, request_id: str = ""
    ) -> DistributionDraft:
        """Draft an application, or replace the draft of `instruction_id`; says what is still missing."""
        request = pb.DraftDistributionRequest(
            request_id=request_id or new_request_id(), instruction_id=instruction_id, order=order.to_proto()
        )
        return DistributionDraft.from_proto(await self._calls.unary(self._stub.DraftDistribution, request))

    async def record_receipt(
        self,
        paper: DistributionPaper,
        received_at: datetime,
        way: str,
        *,
        instruction_id: str = "",
        distribution_id: str = "",
        party: int = 0,
        objection_id: str = "",
        text: str = "",
        documents: Documents = (),
        request_id: str = "",
    ) -> Receipts:
        """Record when and how a party was served; `way` is a code of the rulebook's table service_way."""
        request = pb.RecordReceiptRequest(
            **_over(distribution_id, request_id),
            instruction_id=instruction_id,
            party=party,
            paper=pb.DistributionPaper.Value(f"DISTRIBUTION_PAPER_{paper}"),
            objection_id=objection_id,
            received_at=_moment(received_at),
            way=way,
            text=text,
            documents=_protos(documents),
        )
        return _receipts(await self._calls.unary(self._stub.RecordReceipt, request))

    async def object_to_plan(
        self,
        instruction_id: str,
        handed_in_at: datetime,
        ground: str,
        corrections: Iterable[ClaimCorrection],
        text: str,
        documents: Documents = (),
        **options: Unpack[Options],
    ) -> tuple[str, ActionReceipt]:
        """Pass on the objection of the matter's creditor; gives the id of the objection too."""
        request = pb.ObjectToPlanRequest(
            **common(instruction_id, options),
            handed_in_at=_moment(handed_in_at),
            ground=ground,
            corrections=_protos(corrections),
            text=text,
            documents=_protos(documents),
        )
        answer = await self._calls.unary(self._stub.ObjectToPlan, request)
        return answer.objection_id, ActionReceipt.from_proto(answer.receipt)

    async def counter_object(
        self,
        instruction_id: str,
        objection_id: str,
        handed_in_at: datetime,
        text: str,
        documents: Documents = (),
        *,
        request_id: str = "",
    ) -> ActionReceipt:
        """Pass on that the matter's creditor opposes an objection."""
        request = pb.CounterObjectRequest(
            request_id=request_id or new_request_id(),
            instruction_id=instruction_id,
            objection_id=objection_id,
            handed_in_at=_moment(handed_in_at),
            text=text,
            documents=_protos(documents),
        )
        return await self._step(self._stub.CounterObject, request)

    async def prove_suit(
        self,
        objection_id: str,
        filed_at: datetime,
        *,
        instruction_id: str = "",
        distribution_id: str = "",
        text: str = "",
        documents: Documents = (),
        request_id: str = "",
    ) -> Receipts:
        """Record the suit of the objector, with its proof."""
        request = pb.ProveSuitRequest(
            **_over(distribution_id, request_id),
            instruction_id=instruction_id,
            objection_id=objection_id,
            filed_at=_moment(filed_at),
            text=text,
            documents=_protos(documents),
        )
        return _receipts(await self._calls.unary(self._stub.ProveSuit, request))

    # --- The presiding court, in one matter --------------------------------------------------------------------------

    async def admit(
        self,
        instruction_id: str,
        amount_fen: int,
        debtor: str,
        *,
        distribution_id: str = "",
        claim: int = 0,
        rank: int = 0,
        text: str = "",
        documents: Documents = (),
        **options: Unpack[Options],
    ) -> Admission:
        """Let a claim take part; without `distribution_id` a new distribution begins."""
        request = pb.AdmitParticipationRequest(
            **common(instruction_id, options),
            distribution_id=distribution_id,
            claim=claim,
            amount_fen=amount_fen,
            rank=rank,
            debtor=debtor,
            text=text,
            documents=_protos(documents),
        )
        return Admission.from_proto(await self._calls.unary(self._stub.AdmitParticipation, request))

    async def refuse(
        self, instruction_id: str, reason: str, text: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Do not let a claim take part; `reason` is a code of the rulebook's table participation."""
        request = pb.RefuseParticipationRequest(**common(instruction_id, options), reason=reason, text=text)
        return await self._step(self._stub.RefuseParticipation, request)

    async def pay(
        self,
        instruction_id: str,
        paid_fen: int,
        paid_at: datetime,
        text: str = "",
        documents: Documents = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Record the payment of what a claim is to get now, in fen."""
        request = pb.PayShareRequest(
            **common(instruction_id, options),
            paid_fen=paid_fen,
            paid_at=_moment(paid_at),
            text=text,
            documents=_protos(documents),
        )
        return await self._step(self._stub.PayShare, request)

    async def end(
        self, instruction_id: str, reason: str, text: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """End the distribution in a matter; `reason` is a code of the rulebook's table ended."""
        request = pb.EndDistributionRequest(**common(instruction_id, options), reason=reason, text=text)
        return await self._step(self._stub.EndDistribution, request)

    # --- The presiding court, in all matters at once -----------------------------------------------------------------

    async def preview(self, distribution_id: str, plan: DistributionPlan) -> PlanPreview:
        """Work a plan out without issuing it."""
        request = pb.PreviewPlanRequest(distribution_id=distribution_id, plan=plan.to_proto())
        return PlanPreview.from_proto(await self._calls.unary(self._stub.PreviewPlan, request))

    async def issue_plan(
        self,
        distribution_id: str,
        plan: DistributionPlan,
        documents: Documents = (),
        *,
        request_id: str = "",
    ) -> IssuedPlan:
        """Issue a plan to the courts of all creditors at once, with its paper where that lies ready."""
        request = pb.IssuePlanRequest(
            **_over(distribution_id, request_id), plan=plan.to_proto(), documents=_protos(documents)
        )
        return IssuedPlan.from_proto(await self._calls.unary(self._stub.IssuePlan, request))

    async def notify_objection(
        self,
        distribution_id: str,
        objection_id: str = "",
        *,
        party: int = 0,
        handed_in_at: datetime | None = None,
        ground: str = "",
        corrections: Iterable[ClaimCorrection] = (),
        text: str = "",
        documents: Documents = (),
        request_id: str = "",
    ) -> tuple[str, Receipts]:
        """Notify all of an objection: one that a matter brought, or one of an own party; gives its id too."""
        request = pb.NotifyObjectionRequest(
            **_over(distribution_id, request_id),
            objection_id=objection_id,
            party=party,
            handed_in_at=_moment(handed_in_at),
            ground=ground,
            corrections=_protos(corrections),
            text=text,
            documents=_protos(documents),
        )
        answer = await self._calls.unary(self._stub.NotifyObjection, request)
        return answer.objection_id, _receipts(answer)

    async def tell_counter_objection(
        self,
        distribution_id: str,
        objection_id: str,
        party: int,
        *,
        handed_in_at: datetime | None = None,
        text: str = "",
        documents: Documents = (),
        request_id: str = "",
    ) -> Receipts:
        """Tell the objector that `party` opposes; the time only for an own party."""
        request = pb.TellCounterObjectionRequest(
            **_over(distribution_id, request_id),
            objection_id=objection_id,
            party=party,
            handed_in_at=_moment(handed_in_at),
            text=text,
            documents=_protos(documents),
        )
        return _receipts(await self._calls.unary(self._stub.TellCounterObjection, request))

    async def settle(
        self, distribution_id: str, text: str = "", documents: Documents = (), *, request_id: str = ""
    ) -> tuple[int, Receipts]:
        """Settle the plan once nothing is awaited, with the papers it rests on; gives the deposit, in fen, too."""
        request = pb.SettlePlanRequest(
            **_over(distribution_id, request_id), text=text, documents=_protos(documents)
        )
        answer = await self._calls.unary(self._stub.SettlePlan, request)
        return answer.deposited_fen, _receipts(answer)

    async def release_deposit(
        self,
        distribution_id: str,
        judged_at: datetime,
        judgment_number: str,
        corrections: Iterable[ClaimCorrection] = (),
        text: str = "",
        documents: Documents = (),
        *,
        request_id: str = "",
    ) -> Receipts:
        """Release the deposit by a judgment; without `corrections` the plan stands."""
        request = pb.ReleaseDepositRequest(
            **_over(distribution_id, request_id),
            judged_at=_moment(judged_at),
            judgment_number=judgment_number,
            corrections=_protos(corrections),
            text=text,
            documents=_protos(documents),
        )
        return _receipts(await self._calls.unary(self._stub.ReleaseDeposit, request))

    # --- Both --------------------------------------------------------------------------------------------------------

    async def get(self, *, distribution_id: str = "", instruction_id: str = "") -> Distribution:
        """Give a distribution as it stands, by its id at the presiding court, or by a matter of it."""
        request = pb.GetDistributionRequest(distribution_id=distribution_id, instruction_id=instruction_id)
        answer = await self._calls.unary(self._stub.GetDistribution, request)
        return Distribution.from_proto(answer.distribution)

    async def application(
        self, instruction_id: str, *, purpose: str = ""
    ) -> tuple[DistributionOrder, Instruction]:
        """Give the application of a matter, and the matter. Recorded as a look at personal data."""
        request = pb.GetApplicationRequest(instruction_id=instruction_id, purpose=purpose)
        answer = await self._calls.unary(self._stub.GetApplication, request)
        return DistributionOrder.from_proto(answer.order), Instruction.from_proto(answer.instruction)

    async def _step(
        self, method: "grpc.aio.UnaryUnaryMultiCallable[Request, Any]", request: Request
    ) -> ActionReceipt:
        return ActionReceipt.from_proto((await self._calls.unary(method, request)).receipt)


def _over(distribution_id: str, request_id: str) -> Mapping[str, Any]:
    """Give the fields that a request over a whole distribution begins with."""
    return {"request_id": request_id or new_request_id(), "distribution_id": distribution_id}


def _receipts(answer: Any) -> Receipts:
    """Give the receipts of an answer that has one for each matter."""
    return tuple(ActionReceipt.from_proto(each) for each in answer.receipts)


def _protos(records: Iterable[Document | ClaimCorrection]) -> list[Any]:
    return [record.to_proto() for record in records]


def _moment(at: datetime | None) -> Timestamp | None:
    moment: Timestamp | None = Moment().to_proto(at) if at is not None else None
    return moment
