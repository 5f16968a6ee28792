"""`DeadlineService` at a node."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import deadline_service_pb2 as pb
from xiezhi.v1.deadline_service_pb2_grpc import DeadlineServiceServicer, DeadlineServiceStub
from xiezhi_desk.deadlines import deadline_message
from xiezhi_journal.journal import Journal
from xiezhi_link.hub_channel import HubChannel
from xiezhi_node.confidentiality import find_visible
from xiezhi_node.deadlines.preview import preview, time_for_approval
from xiezhi_node.hub_calls import CALL_TIMEOUT_S, from_hub
from xiezhi_node.instructions.looking import resolve
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller, current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class DeadlineService(DeadlineServiceServicer):
    """Serves previews from the journal, and what the hub has told this court."""

    def __init__(self, journal: Journal, seat: Seat, hub: HubChannel) -> None:
        self._journal = journal
        self._seat = seat
        self._hub = hub

    async def ListMatterDeadlines(
        self, request: pb.ListMatterDeadlinesRequest, _context: _Context
    ) -> pb.ListMatterDeadlinesResponse:
        """Return the deadlines of a matter that the caller may see."""
        return await self._journal.read(
            partial(self._read, caller=current_caller(), wanted=request.instruction_id)
        )

    async def ListNotices(self, request: pb.ListNoticesRequest, _context: _Context) -> pb.ListNoticesResponse:
        """Return what the hub has told this court."""
        asked = pb.ListNoticesRequest(after_id=request.after_id, page_size=request.page_size)
        stub = DeadlineServiceStub(self._hub.channel)
        return await from_hub(stub.ListNotices(asked, timeout=CALL_TIMEOUT_S))

    def _read(self, connection: Connection, caller: Caller, wanted: str) -> pb.ListMatterDeadlinesResponse:
        instruction = resolve(connection, caller, self._seat, wanted)
        find_visible(connection, caller, self._seat.rulebook, instruction)
        found = preview(connection, self._seat, self._journal.rulebooks, instruction)
        if found is None:
            return pb.ListMatterDeadlinesResponse()
        matter, deadlines = found
        now, rulebooks = self._journal.clock(), self._journal.rulebooks
        return pb.ListMatterDeadlinesResponse(
            deadlines=[deadline_message(matter, each, rulebooks, now) for each in deadlines],
            approval_ms=time_for_approval(connection, instruction)
            if matter.sender == self._seat.court
            else 0,
        )
