"""处置权移交, at the node of a party; the superior's decision is in `disposal`.

Every step takes the matter's id, words, documents and, as options, what the steps in `ladder` take, and raises what
they raise. Days are ``2026-11-22``, amounts are in fen.
"""

from collections.abc import Iterable
from typing import Any, Final, TypedDict, Unpack

import grpc

from xiezhi.v1 import handover_service_pb2 as pb
from xiezhi.v1.handover_service_pb2_grpc import HandoverServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.handover import (
    ClaimShare,
    FirstClaim,
    Handover,
    HandoverDraft,
    HandoverOrder,
    HandoverSeizure,
)
from xiezhi_client.sdk.records.instruction import ActionReceipt


class Said(TypedDict, total=False):
    """What every step may say besides its own content."""

    text: str
    documents: Iterable[Document]
    base_event_id: str
    request_id: str


class Handovers:
    """`HandoverService`, on a node's desk."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = HandoverServiceStub(calls.channel)

    async def draft(
        self, order: HandoverOrder, instruction_id: str = "", *, request_id: str = ""
    ) -> HandoverDraft:
        """Draft a request, or replace a draft; says which papers lack and which tests of the ground do not hold."""
        request = pb.DraftHandoverRequest(
            request_id=request_id or new_request_id(), instruction_id=instruction_id, order=order.to_proto()
        )
        return HandoverDraft.from_proto(await self._calls.unary(self._stub.DraftHandover, request))

    async def get(self, instruction_id: str, *, purpose: str = "") -> Handover:
        """The request, the register of the property, the money, the proof of arrival; recorded as a look."""
        request = pb.GetHandoverRequest(instruction_id=instruction_id, purpose=purpose)
        return Handover.from_proto(await self._calls.unary(self._stub.GetHandover, request))

    # --- The first court ---------------------------------------------------------------------------------------------

    async def agree(self, instruction_id: str, **said: Unpack[Said]) -> ActionReceipt:
        """Agree to hand over (同意移送)."""
        return await self._step(
            self._stub.AgreeToHandover, pb.AgreeToHandoverRequest(**_said(instruction_id, said))
        )

    async def refuse(self, instruction_id: str, reason: str, **said: Unpack[Said]) -> ActionReceipt:
        """Do not agree, on a ground of the rulebook's table refusal and with words (不同意移送)."""
        request = pb.RefuseHandoverRequest(**_said(instruction_id, said), reason=reason)
        return await self._step(self._stub.RefuseHandover, request)

    async def hand_over(
        self,
        instruction_id: str,
        first_claim: FirstClaim,
        seizures: Iterable[HandoverSeizure] = (),
        **said: Unpack[Said],
    ) -> ActionReceipt:
        """Hand over, with the 移送执行函 among the documents; refused where a renewal is due first."""
        request = pb.HandOverPropertyRequest(
            **_said(instruction_id, said),
            first_claim=first_claim.to_proto(),
            seizures=[each.to_proto() for each in seizures],
        )
        return await self._step(self._stub.HandOverProperty, request)

    async def report_own_disposal(
        self, instruction_id: str, disposal: str, disposed_fen: int, sold_on: str, **said: Unpack[Said]
    ) -> ActionReceipt:
        """Report that the first court has disposed of the property within the superior's limit."""
        request = pb.ReportOwnDisposalRequest(
            **_said(instruction_id, said), disposal=disposal, disposed_fen=disposed_fen, sold_on=sold_on
        )
        return await self._step(self._stub.ReportOwnDisposal, request)

    # --- The court that asks -----------------------------------------------------------------------------------------

    async def report_up(self, instruction_id: str, **said: Unpack[Said]) -> ActionReceipt:
        """Report a refusal, or silence, to the common superior; the node adds the proof of arrival."""
        return await self._step(
            self._stub.ReportToSuperior, pb.ReportToSuperiorRequest(**_said(instruction_id, said))
        )

    async def report_registry(
        self, instruction_id: str, registered_on: str, **said: Unpack[Said]
    ) -> ActionReceipt:
        """Report the formalities of the register (变更登记)."""
        request = pb.ReportRegistryChangeRequest(**_said(instruction_id, said), registered_on=registered_on)
        return await self._step(self._stub.ReportRegistryChange, request)

    async def report_disposal(
        self, instruction_id: str, disposal: str, disposed_fen: int, sold_on: str, **said: Unpack[Said]
    ) -> ActionReceipt:
        """Report what the disposal brought; *disposal* is a code of the rulebook's table disposal."""
        request = pb.ReportDisposalRequest(
            **_said(instruction_id, said), disposal=disposal, disposed_fen=disposed_fen, sold_on=sold_on
        )
        return await self._step(self._stub.ReportDisposal, request)

    async def distribute(
        self,
        instruction_id: str,
        shares: Iterable[ClaimShare],
        distributed_on: str,
        *,
        disposed_fen: int,
        costs_fen: int = 0,
        reserved_fen: int = 0,
        remainder_fen: int = 0,
        **said: Unpack[Said],
    ) -> ActionReceipt:
        """Distribute: disposed = costs + shares + reserved + remainder, or it is refused."""
        request = pb.DistributeProceedsRequest(
            **_said(instruction_id, said),
            disposed_fen=disposed_fen,
            costs_fen=costs_fen,
            shares=[each.to_proto() for each in shares],
            reserved_fen=reserved_fen,
            remainder_fen=remainder_fen,
            distributed_on=distributed_on,
        )
        return await self._step(self._stub.DistributeProceeds, request)

    async def release_reserve(
        self,
        instruction_id: str,
        released_fen: int,
        returned_fen: int,
        decided_on: str,
        **said: Unpack[Said],
    ) -> ActionReceipt:
        """End the reserve by a document of the day *decided_on*, which the words name."""
        request = pb.ReleaseReserveRequest(
            **_said(instruction_id, said),
            released_fen=released_fen,
            returned_fen=returned_fen,
            decided_on=decided_on,
        )
        return await self._step(self._stub.ReleaseReserve, request)

    async def tell_first_court(
        self, instruction_id: str, told_on: str, parties_on: str, **said: Unpack[Said]
    ) -> ActionReceipt:
        """Tell the first court of the result; the matter ends. *parties_on*: the day on which the parties were told."""
        request = pb.TellFirstCourtRequest(
            **_said(instruction_id, said), told_on=told_on, parties_on=parties_on
        )
        return await self._step(self._stub.TellFirstCourt, request)

    # --- Both --------------------------------------------------------------------------------------------------------

    async def tell_parties(self, instruction_id: str, told_on: str, **said: Unpack[Said]) -> ActionReceipt:
        """Record that the parties of this court's case were told."""
        request = pb.TellPartiesRequest(**_said(instruction_id, said), told_on=told_on)
        return await self._step(self._stub.TellParties, request)

    async def state_seizures(
        self, instruction_id: str, seizures: Iterable[HandoverSeizure], **said: Unpack[Said]
    ) -> ActionReceipt:
        """Add seizures that became known to the register of the property."""
        request = pb.StateSeizuresRequest(
            **_said(instruction_id, said), seizures=[each.to_proto() for each in seizures]
        )
        return await self._step(self._stub.StateSeizures, request)

    async def renew_seizure(
        self, instruction_id: str, seizure: int, renewed_on: str, expires_on: str, **said: Unpack[Said]
    ) -> ActionReceipt:
        """Enter the renewal of a seizure, made before its end."""
        request = pb.RenewSeizureRequest(
            **_said(instruction_id, said), seizure=seizure, renewed_on=renewed_on, expires_on=expires_on
        )
        return await self._step(self._stub.RenewSeizure, request)

    async def lift_seizure(
        self, instruction_id: str, seizure: int, lifted_on: str, **said: Unpack[Said]
    ) -> ActionReceipt:
        """Enter that a seizure was lifted; those behind it move up."""
        request = pb.LiftSeizureRequest(**_said(instruction_id, said), seizure=seizure, lifted_on=lifted_on)
        return await self._step(self._stub.LiftSeizure, request)

    async def _step(
        self, method: "grpc.aio.UnaryUnaryMultiCallable[Any, Any]", request: Any
    ) -> ActionReceipt:
        return ActionReceipt.from_proto((await self._calls.unary(method, request)).receipt)


_NOTHING: Final[tuple[Document, ...]] = ()


def _said(instruction_id: str, said: Said) -> dict[str, Any]:
    return {
        "instruction_id": instruction_id,
        "request_id": said.get("request_id") or new_request_id(),
        "base_event_id": said.get("base_event_id", ""),
        "text": said.get("text", ""),
        "documents": [document.to_proto() for document in said.get("documents", _NOTHING)],
    }
