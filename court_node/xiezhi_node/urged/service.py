"""`UrgedService`: 督办 that this court has received."""

# Methods are named by the contract.
# ruff: noqa: N802

from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection, and_

from xiezhi.v1 import urge_pb2
from xiezhi.v1 import urged_service_pb2 as pb
from xiezhi.v1.instruction_pb2 import ActionReceipt
from xiezhi.v1.urged_service_pb2_grpc import UrgedServiceServicer
from xiezhi_desk.access import Access, record_access
from xiezhi_desk.requests import request_key
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import InvalidInput, Reason, WrongState
from xiezhi_domain.terms import EventKind, Kind
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Filters, Page, list_instructions
from xiezhi_node.confidentiality import find_visible, visible
from xiezhi_node.documents import documents_of
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.instructions.actions import Acting
from xiezhi_node.instructions.checks import check_documents
from xiezhi_node.instructions.looking import resolve
from xiezhi_node.instructions.summaries import to_summary
from xiezhi_node.people import person_of
from xiezhi_node.seat import Seat
from xiezhi_node.urged.reading import read_urge
from xiezhi_node.urged.reply import SendReply
from xiezhi_node.urged.store import StoredReply, get_waiting, put_reply
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class UrgedService(UrgedServiceServicer):
    """Serves received 督办 from the journal. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat) -> None:
        self._journal = journal
        self._seat = seat

    async def ListReceivedUrges(
        self, request: pb.ListReceivedUrgesRequest, _context: _Context
    ) -> pb.ListReceivedUrgesResponse:
        """Return a page of received 督办."""
        caller, now, row = current_caller(), self._journal.clock(), tables.instruction.c
        query = partial(
            list_instructions,
            filters=Filters(open_only=request.open_only),
            page=Page.of(request.page_size, request.page_token),
            also=and_(
                row.kind == Kind.SUPERVISION,
                row.receiver == self._seat.court,
                visible(caller, self._seat.rulebook),
            ),
        )
        page = await self._journal.read(query)
        urges = [to_summary(each, self._seat, now) for each in page.rows]
        return pb.ListReceivedUrgesResponse(urges=urges, next_page_token=page.next_token)

    async def GetReceivedUrge(
        self, request: pb.GetReceivedUrgeRequest, _context: _Context
    ) -> pb.GetReceivedUrgeResponse:
        """Return one 督办, after the look is on record."""
        caller, now = current_caller(), self._journal.clock()

        def query(connection: Connection) -> urge_pb2.Urge:
            instruction = resolve(connection, caller, self._seat, request.instruction_id)
            find_visible(connection, caller, self._seat.rulebook, instruction)
            return read_urge(connection, self._seat, instruction, now)

        urge = await self._journal.read(query)
        look = Access(now, caller.account_id, "GetReceivedUrge", urge.summary.instruction_id)
        await self._journal.write(partial(record_access, access=look))
        return pb.GetReceivedUrgeResponse(urge=urge)

    async def DraftReply(self, request: pb.DraftReplyRequest, _context: _Context) -> pb.DraftReplyResponse:
        """Write a reply."""
        key = request_key(current_caller(), "DraftReply", request)
        work = partial(self._draft_reply, request=request, caller=current_caller())
        return pb.DraftReplyResponse.FromString(await self._journal.write_once(key, work))

    async def ApproveReply(
        self, request: pb.ApproveReplyRequest, _context: _Context
    ) -> pb.ApproveReplyResponse:
        """Sign a reply off and send it up."""
        caller = current_caller()
        key = request_key(caller, "ApproveReply", request)
        person = await self._journal.read(partial(person_of, caller=caller))
        work = SendReply(
            self._seat,
            key,
            person,
            request.instruction_id,
            request.opinion.strip(),
            request.seen,
            request.base_event_id,
        )
        receipt = ActionReceipt.FromString(await self._journal.submit(work))
        return pb.ApproveReplyResponse(receipt=receipt)

    async def RejectReply(self, request: pb.RejectReplyRequest, _context: _Context) -> pb.RejectReplyResponse:
        """Give a reply back to who wrote it."""
        opinion = request.opinion.strip()
        if not opinion:
            raise InvalidInput.in_field("opinion", "请填写不同意的理由")

        def work(connection: Connection) -> bytes:
            put_reply(connection, replace(get_waiting(connection, request.instruction_id), remark=opinion))
            return b""

        await self._journal.write_once(request_key(current_caller(), "RejectReply", request), work)
        return pb.RejectReplyResponse()

    def _draft_reply(self, connection: Connection, request: pb.DraftReplyRequest, caller: Any) -> bytes:
        now, instruction = self._journal.clock(), request.instruction_id
        acting = Acting(
            self._seat,
            self._journal.rulebooks,
            caller,
            request_key(caller, "DraftReply", request),
            instruction,
            now,
        )
        view, rules = acting.history(connection)
        move = rules.moves.get(EventKind.SUPERVISION_REPLIED)
        if move is None or view.state not in move.origins:
            raise WrongState(Reason.WRONG_STATE, f"督办当前为“{view.state.zh}”，不能拟写回复，请刷新后查看")
        fields = Fields()
        hashes = check_documents(fields, request.documents, acting.present(connection))
        fields.require_text("text", request.text, "办理情况", LONGEST_TEXT)
        fields.require_none()
        reply = urge_pb2.UrgeReply(
            text=request.text.strip(),
            drafted_by=person_of(connection, caller).actor,
            drafted_at=to_timestamp(now),
            documents=documents_of(connection, instruction, hashes),
        )
        put_reply(connection, StoredReply(instruction, reply.SerializeToString(), caller.account_id, now))
        return pb.DraftReplyResponse(reply=reply).SerializeToString()
