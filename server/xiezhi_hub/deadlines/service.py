"""`DeadlineService` at the hub: on the desk for its people, on the link for each court's node."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import deadline_pb2
from xiezhi.v1 import deadline_service_pb2 as pb
from xiezhi.v1.deadline_service_pb2_grpc import DeadlineServiceServicer
from xiezhi_desk.deadlines import deadline_filters, row_message
from xiezhi_desk.terms import RUNGS
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.terms import Rung
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Page, find_by_number, read_summary
from xiezhi_journal.reading.deadlines import deadlines_of_matter, notices, open_deadlines
from xiezhi_wire.caller import current_node

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class DeadlineService(DeadlineServiceServicer):
    """Serves deadlines and notices from the journal; *for_nodes*: each court's node hears of its own court alone."""

    def __init__(self, journal: Journal, *, for_nodes: bool) -> None:
        self._journal = journal
        self._for_nodes = for_nodes

    async def ListMatterDeadlines(
        self, request: pb.ListMatterDeadlinesRequest, _context: _Context
    ) -> pb.ListMatterDeadlinesResponse:
        """Return the deadlines of a matter."""
        instruction = await self._journal.read(partial(find_matter, wanted=request.instruction_id))
        rows = await self._journal.read(partial(deadlines_of_matter, instruction=instruction))
        now = self._journal.clock()
        return pb.ListMatterDeadlinesResponse(
            deadlines=[row_message(row, self._journal.rulebooks, now) for row in rows]
        )

    async def ListDeadlines(
        self, request: pb.ListDeadlinesRequest, _context: _Context
    ) -> pb.ListDeadlinesResponse:
        """Return a page of open deadlines."""
        now, page = self._journal.clock(), Page.of(request.page_size, request.page_token)
        query = partial(open_deadlines, filters=deadline_filters(request, now), page=page)
        rows, token = await self._journal.read(query)
        found = [row_message(row, self._journal.rulebooks, now) for row in rows]
        return pb.ListDeadlinesResponse(deadlines=found, next_page_token=token)

    async def ListNotices(self, request: pb.ListNoticesRequest, _context: _Context) -> pb.ListNoticesResponse:
        """Return what a court was told."""
        court = current_node().court if self._for_nodes else request.court
        limit = Page.of(request.page_size, "").size
        rows = await self._journal.read(partial(notices, court=court, after=request.after_id, limit=limit))
        return pb.ListNoticesResponse(notices=[_notice(row) for row in rows])


def find_matter(connection: Connection, wanted: str) -> str:
    """Return the id of the matter named by id or by number.

    :raises NotFound: UNKNOWN_INSTRUCTION.
    """
    if read_summary(connection, wanted) is not None:
        return wanted
    found = find_by_number(connection, wanted.strip())
    if found is None:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION)
    return found


def _notice(row: Any) -> deadline_pb2.Notice:
    return deadline_pb2.Notice(
        notice_id=row.id,
        at=to_timestamp(row.at),
        court=row.court,
        roles=row.roles.split(),
        instruction_id=row.instruction,
        clock=row.clock,
        rung=RUNGS.to_proto(Rung(row.rung)),
        due_at=to_timestamp(row.due_at),
        text=row.text,
    )
