"""`UrgeService`: 督办 of the intermediate court, on the hub's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

import os
from datetime import date
from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import urge_pb2
from xiezhi.v1 import urge_service_pb2 as pb
from xiezhi.v1.urge_service_pb2_grpc import UrgeServiceServicer
from xiezhi_desk.access import require_purpose
from xiezhi_desk.accounts.store import find_account
from xiezhi_desk.requests import request_key
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.calendar import end_of_day_ms
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.events.ids import check_uuid7, uuid7
from xiezhi_domain.rulebook import rulebook_in_force
from xiezhi_domain.terms import EventKind
from xiezhi_hub.confidentiality import Reader, current_reader
from xiezhi_hub.looking import look_into
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.ruling.rule import Seat
from xiezhi_hub.superior.acting import SuperiorMove
from xiezhi_hub.superior.desk import SuperiorDesk, prose
from xiezhi_hub.superior.people import person_of
from xiezhi_hub.urging.drafts import URGES, DraftState, MatterDraft, may_rewrite
from xiezhi_hub.urging.ending import EndUrge
from xiezhi_hub.urging.issue import IssueUrge
from xiezhi_hub.urging.orders import check_order
from xiezhi_hub.urging.reading import read_urge, urges_of
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Page
from xiezhi_journal.reading.deadlines import numbers_of
from xiezhi_wire.caller import Caller, current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
_STATES: Final = {
    DraftState.WAITING: pb.URGE_DRAFT_STATE_WAITING,
    DraftState.ISSUED: pb.URGE_DRAFT_STATE_ISSUED,
    DraftState.REJECTED: pb.URGE_DRAFT_STATE_REJECTED,
    DraftState.DISCARDED: pb.URGE_DRAFT_STATE_DISCARDED,
}


class UrgeService(UrgeServiceServicer):
    """Serves 督办 from the journal. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat, gate: Gate) -> None:
        self._journal = journal
        self._seat = seat
        self._gate = gate
        self._desk = SuperiorDesk(journal, seat, gate)

    # --- Before it is issued -----------------------------------------------------------------------------------------

    async def DraftUrge(self, request: pb.DraftUrgeRequest, _context: _Context) -> pb.DraftUrgeResponse:
        """Draft a 督办, or write a waiting draft anew."""
        caller, now, reader = current_caller(), self._journal.clock(), current_reader(self._journal)
        draft_id = (
            check_uuid7(request.draft_id, "draft_id") if request.draft_id else uuid7(now, os.urandom(10))
        )

        def work(connection: Connection) -> bytes:
            URGES.require_writable(connection, draft_id, caller, reader)
            rulebook = rulebook_in_force(self._journal.rulebooks.values(), to_date(now))
            order = check_order(connection, request.order, rulebook, self._seat, draft_id, reader)
            draft = MatterDraft(
                draft_id=draft_id,
                content=order.SerializeToString(),
                author=caller.account_id,
                author_roles=" ".join(sorted(caller.roles)),
                drafted_at=now,
            )
            URGES.keep(connection, draft)
            return pb.DraftUrgeResponse(draft=_draft(connection, draft, caller)).SerializeToString()

        key = request_key(caller, "DraftUrge", request)
        return pb.DraftUrgeResponse.FromString(await self._journal.write_once(key, work))

    async def ListUrgeDrafts(
        self, request: pb.ListUrgeDraftsRequest, _context: _Context
    ) -> pb.ListUrgeDraftsResponse:
        """Return drafts."""
        caller, limit = current_caller(), Page.of(request.page_size, "").size
        reader = current_reader(self._journal)

        def query(connection: Connection) -> list[pb.UrgeDraft]:
            drafts = URGES.list(connection, reader, waiting_only=request.waiting_only, limit=limit)
            return [_draft(connection, draft, caller) for draft in drafts]

        return pb.ListUrgeDraftsResponse(drafts=await self._journal.read(query))

    async def ApproveUrge(self, request: pb.ApproveUrgeRequest, _context: _Context) -> pb.ApproveUrgeResponse:
        """Approve a draft and issue it."""
        self._gate.require_open()
        caller = current_caller()
        key = request_key(caller, "ApproveUrge", request)
        reader = Reader.of(caller, self._journal)
        await self._journal.read(partial(URGES.get, draft_id=request.draft_id, reader=reader))
        person = await self._journal.read(partial(person_of, caller=caller))
        work = IssueUrge(self._seat, key, person, request.draft_id, request.opinion.strip(), request.seen)
        return pb.ApproveUrgeResponse.FromString(await self._journal.submit(work))

    async def DiscardUrgeDraft(
        self, request: pb.DiscardUrgeDraftRequest, _context: _Context
    ) -> pb.DiscardUrgeDraftResponse:
        """Discard a draft."""
        caller, now, reader = current_caller(), self._journal.clock(), current_reader(self._journal)

        def work(connection: Connection) -> bytes:
            draft = URGES.discard(connection, request.draft_id, caller, reader, now)
            return pb.DiscardUrgeDraftResponse(draft=_draft(connection, draft, caller)).SerializeToString()

        key = request_key(caller, "DiscardUrgeDraft", request)
        return pb.DiscardUrgeDraftResponse.FromString(await self._journal.write_once(key, work))

    async def RejectUrge(self, request: pb.RejectUrgeRequest, _context: _Context) -> pb.RejectUrgeResponse:
        """Do not approve a draft."""
        caller, now, reader = current_caller(), self._journal.clock(), current_reader(self._journal)

        def work(connection: Connection) -> bytes:
            draft = URGES.reject(connection, request.draft_id, caller, reader, request.opinion, now)
            return pb.RejectUrgeResponse(draft=_draft(connection, draft, caller)).SerializeToString()

        key = request_key(caller, "RejectUrge", request)
        return pb.RejectUrgeResponse.FromString(await self._journal.write_once(key, work))

    # --- After it is issued ------------------------------------------------------------------------------------------

    async def ListUrges(self, request: pb.ListUrgesRequest, _context: _Context) -> pb.ListUrgesResponse:
        """Return a page of issued 督办."""
        page, reader = Page.of(request.page_size, request.page_token), current_reader(self._journal)
        query = partial(urges_of, wanted=request, page=page, now=self._journal.clock(), reader=reader)
        return await self._journal.read(query)

    async def GetUrge(self, request: pb.GetUrgeRequest, _context: _Context) -> pb.GetUrgeResponse:
        """Return one 督办, after the look is on record."""
        purpose = require_purpose(request.purpose, "查看督办内容应填写查看事由")
        now = self._journal.clock()
        instruction = await look_into(self._journal, "GetUrge", request.instruction_id, purpose)
        return pb.GetUrgeResponse(
            urge=await self._journal.read(partial(read_urge, instruction=instruction, now=now))
        )

    async def ReturnReply(self, request: pb.ReturnReplyRequest, _context: _Context) -> pb.ReturnReplyResponse:
        """Send a reply back."""
        move = SuperiorMove(EventKind.REPLY_RETURNED, parts=prose("text", request.text))
        return pb.ReturnReplyResponse(receipt=await self._desk.act("ReturnReply", request, move))

    async def CloseUrge(self, request: pb.CloseUrgeRequest, _context: _Context) -> pb.CloseUrgeResponse:
        """Close a 督办."""
        parts = prose("text", request.text, required=False)
        move = SuperiorMove(EventKind.SUPERVISION_CLOSED, {"result": request.result}, parts)
        return pb.CloseUrgeResponse(receipt=await self._desk.act("CloseUrge", request, move, EndUrge))

    async def RevokeUrge(self, request: pb.RevokeUrgeRequest, _context: _Context) -> pb.RevokeUrgeResponse:
        """Revoke a 督办."""
        move = SuperiorMove(EventKind.REVOKED, parts=prose("text", request.text))
        return pb.RevokeUrgeResponse(receipt=await self._desk.act("RevokeUrge", request, move, EndUrge))

    async def GrantUrgeExtension(
        self, request: pb.GrantUrgeExtensionRequest, _context: _Context
    ) -> pb.GrantUrgeExtensionResponse:
        """Grant more time."""
        parts = prose("text", request.text, required=False)
        move = SuperiorMove(EventKind.EXTENSION_GRANTED, parts=parts, until=_last_moment(request.until_on))
        receipt = await self._desk.act("GrantUrgeExtension", request, move)
        return pb.GrantUrgeExtensionResponse(receipt=receipt)

    async def RefuseUrgeExtension(
        self, request: pb.RefuseUrgeExtensionRequest, _context: _Context
    ) -> pb.RefuseUrgeExtensionResponse:
        """Refuse more time."""
        move = SuperiorMove(EventKind.EXTENSION_REFUSED, parts=prose("text", request.text))
        receipt = await self._desk.act("RefuseUrgeExtension", request, move)
        return pb.RefuseUrgeExtensionResponse(receipt=receipt)


def _last_moment(day: str) -> int:
    try:
        return end_of_day_ms(date.fromisoformat(day)) if day else 0
    except ValueError as error:
        raise InvalidInput.in_field("until_on", "日期格式应为 2026-11-22") from error


def _draft(connection: Connection, draft: MatterDraft, caller: Caller) -> pb.UrgeDraft:
    order = urge_pb2.UrgeOrder.FromString(draft.content)
    named = [each for target in order.targets for each in target.instruction_ids]
    numbers = numbers_of(connection, named)
    message = pb.UrgeDraft(
        draft_id=draft.draft_id,
        state=_STATES[draft.state],
        order=order,
        author=_name(connection, draft.author),
        drafted_at=to_timestamp(draft.drafted_at),
        decided_by=_name(connection, draft.decided_by),
        opinion=draft.opinion,
        own=draft.author in caller.accounts,
        content_hash=draft.content_hash,
        rewritable=may_rewrite(draft, caller),
        matters=[
            pb.LinkedMatter(instruction_id=each, matter_number=numbers[each])
            for each in dict.fromkeys(named)
            if each in numbers
        ],
    )
    if draft.decided_at:
        message.decided_at.CopyFrom(to_timestamp(draft.decided_at))
    return message


def _name(connection: Connection, account_id: str) -> str:
    account = find_account(connection, account_id) if account_id else None
    return account.officer.name if account else ""
