"""督办: drafted, approved and decided on at the hub's desk, answered at the node of the court that is urged."""

from collections.abc import AsyncIterator, Awaitable, Iterable
from typing import Unpack

from xiezhi.v1 import urge_service_pb2 as pb
from xiezhi.v1 import urged_service_pb2 as urged
from xiezhi.v1.urge_service_pb2_grpc import UrgeServiceStub
from xiezhi.v1.urged_service_pb2_grpc import UrgedServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.instruction import ActionReceipt, InstructionSummary
from xiezhi_client.sdk.records.urge import Urge, UrgeDraft, UrgeOrder, UrgeReply
from xiezhi_client.sdk.rows import Rows
from xiezhi_client.sdk.services.ladder import Options, common


class Urges:
    """`UrgeService`, on the hub's desk. Raises as the steps in `ladder` do."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = UrgeServiceStub(calls.channel)

    async def draft(self, order: UrgeOrder, draft_id: str = "", *, request_id: str = "") -> UrgeDraft:
        """Draft a 督办 to one or several courts, or write a waiting draft anew; somebody else has to approve it.

        Its documents were uploaded with `documents` under *draft_id*, from `new_instruction_id`.
        """
        request = pb.DraftUrgeRequest(
            request_id=request_id or new_request_id(), order=order.to_proto(), draft_id=draft_id
        )
        return UrgeDraft.from_proto((await self._calls.unary(self._stub.DraftUrge, request)).draft)

    async def drafts(self, *, waiting_only: bool = False, page_size: int = 0) -> tuple[UrgeDraft, ...]:
        """Drafts, those that wait first, newest first."""
        request = pb.ListUrgeDraftsRequest(waiting_only=waiting_only, page_size=page_size)
        answer = await self._calls.unary(self._stub.ListUrgeDrafts, request)
        return tuple(map(UrgeDraft.from_proto, answer.drafts))

    async def approve(
        self, draft_id: str, opinion: str = "", *, seen: str, request_id: str = ""
    ) -> tuple[ActionReceipt, ...]:
        """Approve somebody else's draft and issue it; one receipt for each court.

        *seen* is the `content_hash` of the draft that was read; `Conflict` where it was written anew since.
        """
        request = pb.ApproveUrgeRequest(
            request_id=request_id or new_request_id(), draft_id=draft_id, opinion=opinion, seen=seen
        )
        answer = await self._calls.unary(self._stub.ApproveUrge, request)
        return tuple(map(ActionReceipt.from_proto, answer.receipts))

    async def discard(self, draft_id: str, *, request_id: str = "") -> UrgeDraft:
        """Discard an own draft that waits, for good."""
        request = pb.DiscardUrgeDraftRequest(request_id=request_id or new_request_id(), draft_id=draft_id)
        return UrgeDraft.from_proto((await self._calls.unary(self._stub.DiscardUrgeDraft, request)).draft)

    async def reject(self, draft_id: str, opinion: str, *, request_id: str = "") -> UrgeDraft:
        """Do not approve a draft, saying why."""
        request = pb.RejectUrgeRequest(
            request_id=request_id or new_request_id(), draft_id=draft_id, opinion=opinion
        )
        return UrgeDraft.from_proto((await self._calls.unary(self._stub.RejectUrge, request)).draft)

    def list(
        self, court: str = "", *, open_only: bool = False, page_size: int = 0
    ) -> Rows[InstructionSummary]:
        """Issued 督办, newest first; to one court, or to all."""

        def ask(token: str) -> Awaitable[pb.ListUrgesResponse]:
            request = pb.ListUrgesRequest(
                court=court, open_only=open_only, page_size=page_size, page_token=token
            )
            return self._calls.unary(self._stub.ListUrges, request)

        return Rows(ask, lambda page: map(InstructionSummary.from_proto, page.urges))

    async def get(self, instruction_id: str, purpose: str) -> Urge:
        """One 督办 with its replies, by id or number; recorded as a look, with its *purpose*."""
        request = pb.GetUrgeRequest(instruction_id=instruction_id, purpose=purpose)
        return Urge.from_proto((await self._calls.unary(self._stub.GetUrge, request)).urge)

    async def return_reply(self, instruction_id: str, text: str, **options: Unpack[Options]) -> ActionReceipt:
        """Send a reply back, saying what is missing."""
        request = pb.ReturnReplyRequest(**common(instruction_id, options), text=text)
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.ReturnReply, request)).receipt)

    async def close(
        self, instruction_id: str, result: str, text: str = "", **options: Unpack[Options]
    ) -> ActionReceipt:
        """Close a 督办; *result* is a code of the rulebook."""
        request = pb.CloseUrgeRequest(**common(instruction_id, options), result=result, text=text)
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.CloseUrge, request)).receipt)

    async def revoke(self, instruction_id: str, text: str, **options: Unpack[Options]) -> ActionReceipt:
        """Revoke a 督办, saying why."""
        request = pb.RevokeUrgeRequest(**common(instruction_id, options), text=text)
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.RevokeUrge, request)).receipt)

    async def grant_extension(
        self, instruction_id: str, until_on: str = "", text: str = "", **options: Unpack[Options]
    ) -> ActionReceipt:
        """Grant more time: until a day, or as asked."""
        request = pb.GrantUrgeExtensionRequest(
            **common(instruction_id, options), until_on=until_on, text=text
        )
        return ActionReceipt.from_proto(
            (await self._calls.unary(self._stub.GrantUrgeExtension, request)).receipt
        )

    async def refuse_extension(
        self, instruction_id: str, text: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Refuse more time, saying why."""
        request = pb.RefuseUrgeExtensionRequest(**common(instruction_id, options), text=text)
        return ActionReceipt.from_proto(
            (await self._calls.unary(self._stub.RefuseUrgeExtension, request)).receipt
        )


class ReceivedUrges:
    """`UrgedService`, on the node's desk; signing and asking for more time are steps of `Client.instructions`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = UrgedServiceStub(calls.channel)

    async def list(self, *, open_only: bool = False, page_size: int = 0) -> AsyncIterator[InstructionSummary]:
        """督办 that this court has received, newest first."""
        request = urged.ListReceivedUrgesRequest(open_only=open_only, page_size=page_size)
        while True:
            page = await self._calls.unary(self._stub.ListReceivedUrges, request)
            for urge in page.urges:
                yield InstructionSummary.from_proto(urge)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    async def get(self, instruction_id: str) -> Urge:
        """One 督办 with replies and the reply that waits, by id or number; recorded as a look."""
        request = urged.GetReceivedUrgeRequest(instruction_id=instruction_id)
        return Urge.from_proto((await self._calls.unary(self._stub.GetReceivedUrge, request)).urge)

    async def draft_reply(
        self, instruction_id: str, text: str, documents: Iterable[Document] = (), *, request_id: str = ""
    ) -> UrgeReply:
        """Write a reply; it waits for the 执行局长, and replaces the one before."""
        request = urged.DraftReplyRequest(
            request_id=request_id or new_request_id(),
            instruction_id=instruction_id,
            text=text,
            documents=[each.to_proto() for each in documents],
        )
        return UrgeReply.from_proto((await self._calls.unary(self._stub.DraftReply, request)).reply)

    async def approve_reply(
        self, instruction_id: str, opinion: str = "", *, seen: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Sign somebody else's reply off and send it up.

        *seen* is the `reply_draft_hash` of the 督办 that was read; `Conflict` where the reply is another by now.
        """
        request = urged.ApproveReplyRequest(**common(instruction_id, options), opinion=opinion, seen=seen)
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.ApproveReply, request)).receipt)

    async def reject_reply(self, instruction_id: str, opinion: str, *, request_id: str = "") -> None:
        """Give a reply back to who wrote it, saying why."""
        request = urged.RejectReplyRequest(
            request_id=request_id or new_request_id(), instruction_id=instruction_id, opinion=opinion
        )
        await self._calls.unary(self._stub.RejectReply, request)
