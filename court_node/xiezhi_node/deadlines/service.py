"""`DeadlineService` at a node."""

# Methods are named by the contract.
# ruff: noqa: N802

from collections.abc import Sequence
from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection, and_, not_, select

from xiezhi.v1 import deadline_service_pb2 as pb
from xiezhi.v1.deadline_pb2 import Notice
from xiezhi.v1.deadline_service_pb2_grpc import DeadlineServiceServicer, DeadlineServiceStub
from xiezhi_desk.deadlines import deadline_filters, deadline_message, row_message
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Page
from xiezhi_journal.reading.deadlines import open_deadlines
from xiezhi_link.hub_channel import HubChannel
from xiezhi_node.confidentiality import find_visible, visible, works_on
from xiezhi_node.deadlines.preview import preview, time_for_approval
from xiezhi_node.deadlines.rows import RowKeeper
from xiezhi_node.hub_calls import CALL_TIMEOUT_S, from_hub
from xiezhi_node.instructions.looking import resolve
from xiezhi_node.seat import Seat
from xiezhi_node.trial.store import shown
from xiezhi_wire.caller import Caller, current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class DeadlineService(DeadlineServiceServicer):
    """Serves previews from the journal, and what the hub has told this court."""

    def __init__(self, journal: Journal, seat: Seat, hub: HubChannel) -> None:
        self._journal = journal
        self._seat = seat
        self._hub = hub
        self._rows = RowKeeper(journal, seat)

    async def ListMatterDeadlines(
        self, request: pb.ListMatterDeadlinesRequest, _context: _Context
    ) -> pb.ListMatterDeadlinesResponse:
        """Return the deadlines of a matter that the caller may see."""
        return await self._journal.read(
            partial(self._read, caller=current_caller(), wanted=request.instruction_id)
        )

    async def ListDeadlines(
        self, request: pb.ListDeadlinesRequest, _context: _Context
    ) -> pb.ListDeadlinesResponse:
        """Return a page of open deadlines of matters that the caller may see."""
        caller, now = current_caller(), self._journal.clock()
        await self._rows.refresh()
        also = and_(visible(caller, self._seat.rulebook), await self._journal.read(shown))
        if request.mine_only:
            also = and_(also, works_on(caller))
        page = Page.of(request.page_size, request.page_token)
        query = partial(open_deadlines, filters=deadline_filters(request, now), page=page, also=also)
        rows, token = await self._journal.read(query)
        found = [row_message(row, self._journal.rulebooks, now) for row in rows]
        return pb.ListDeadlinesResponse(deadlines=found, next_page_token=token)

    async def ListNotices(self, request: pb.ListNoticesRequest, _context: _Context) -> pb.ListNoticesResponse:
        """Return what the hub has told this court, of the matters that the caller may know of."""
        caller, after, told = current_caller(), request.after_id, pb.ListNoticesResponse()
        stub = DeadlineServiceStub(self._hub.channel)
        while not told.notices:
            asked = pb.ListNoticesRequest(after_id=after, page_size=request.page_size)
            page = (await from_hub(stub.ListNotices(asked, timeout=CALL_TIMEOUT_S))).notices
            if not page:
                break
            hidden = await self._journal.read(partial(self._hidden, caller=caller, notices=page))
            told.notices.extend(each for each in page if each.instruction_id not in hidden)
            # A page of which nothing may be shown is no end of the list.
            after = page[-1].notice_id
        return told

    def _hidden(self, connection: Connection, caller: Caller, notices: Sequence[Notice]) -> set[str]:
        """Return the matters of *notices* that lie here and that *caller* may not know of."""
        named = tables.instruction.c.instruction
        here = select(named).where(named.in_({each.instruction_id for each in notices}))
        return set(connection.scalars(here.where(not_(visible(caller, self._seat.rulebook)))))

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
