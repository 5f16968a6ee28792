"""Ordered erasure, on the hub's desk."""

from xiezhi.v1 import erasure_service_pb2 as pb
from xiezhi.v1.erasure_service_pb2_grpc import ErasureServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.records.erasure import Erasure, ErasureDraft, ErasureOrder, ErasurePage


class Erasures:
    """`ErasureService`. Raises as the steps in `ladder` do."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = ErasureServiceStub(calls.channel)

    async def draft(self, order: ErasureOrder, *, request_id: str = "") -> ErasureDraft:
        """Draft an order about a matter that has ended; a leader who is another has to approve it."""
        request = pb.DraftErasureRequest(request_id=request_id or new_request_id(), order=order.to_proto())
        return ErasureDraft.from_proto((await self._calls.unary(self._stub.DraftErasure, request)).draft)

    async def drafts(self, *, waiting_only: bool = False, page_size: int = 0) -> tuple[ErasureDraft, ...]:
        """The first drafts, those that wait first, newest first; discarded ones are left out."""
        request = pb.ListErasureDraftsRequest(waiting_only=waiting_only, page_size=page_size)
        answer = await self._calls.unary(self._stub.ListErasureDrafts, request)
        return tuple(map(ErasureDraft.from_proto, answer.drafts))

    async def approve(self, draft_id: str, opinion: str = "", *, seen: str, request_id: str = "") -> Erasure:
        """Approve somebody else's draft and order the erasure, which nobody can take back.

        *seen* is the `content_hash` of the draft that was read; `Conflict` where it says something else.
        """
        request = pb.ApproveErasureRequest(
            request_id=request_id or new_request_id(), draft_id=draft_id, opinion=opinion, seen=seen
        )
        return Erasure.from_proto((await self._calls.unary(self._stub.ApproveErasure, request)).erasure)

    async def reject(self, draft_id: str, opinion: str, *, request_id: str = "") -> ErasureDraft:
        """Do not approve a draft, saying why."""
        request = pb.RejectErasureRequest(
            request_id=request_id or new_request_id(), draft_id=draft_id, opinion=opinion
        )
        return ErasureDraft.from_proto((await self._calls.unary(self._stub.RejectErasure, request)).draft)

    async def discard(self, draft_id: str, *, request_id: str = "") -> ErasureDraft:
        """Discard an own draft that waits, for good."""
        request = pb.DiscardErasureDraftRequest(request_id=request_id or new_request_id(), draft_id=draft_id)
        answer = await self._calls.unary(self._stub.DiscardErasureDraft, request)
        return ErasureDraft.from_proto(answer.draft)

    async def page(self, *, open_only: bool = False, page_size: int = 0, page_token: str = "") -> ErasurePage:
        """Give one page of orders, newest first: who has answered, and who has not.

        Raise `InvalidInput` for a token of another list.
        """
        request = pb.ListErasuresRequest(open_only=open_only, page_size=page_size, page_token=page_token)
        return ErasurePage.from_proto(await self._calls.unary(self._stub.ListErasures, request))
