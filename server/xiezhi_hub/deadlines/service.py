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
from xiezhi_domain.terms import Mark, Rung
from xiezhi_hub.confidentiality import current_reader, find_matter
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Page
from xiezhi_journal.reading.deadlines import (
    count_matters_due,
    deadlines_of_matter,
    notices,
    open_deadlines,
)
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
        find = partial(find_matter, wanted=request.instruction_id, reader=current_reader(self._journal))
        instruction = await self._journal.read(find)
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
        filters, reader = deadline_filters(request, now), current_reader(self._journal)
        countable = not (page.token or request.clock or request.HasField("due_before"))

        def query(connection: Connection) -> pb.ListDeadlinesResponse:
            rows, token = open_deadlines(connection, filters, page, reader.visible())
            return pb.ListDeadlinesResponse(
                deadlines=[row_message(row, self._journal.rulebooks, now) for row in rows],
                next_page_token=token,
                withheld=count_matters_due(connection, filters, reader.hidden()) if countable else 0,
            )

        return await self._journal.read(query)

    async def ListNotices(self, request: pb.ListNoticesRequest, _context: _Context) -> pb.ListNoticesResponse:
        """Return what a court was told; to people, of matters of which they may not know no more than that."""
        court = current_node().court if self._for_nodes else request.court
        reader = None if self._for_nodes else current_reader(self._journal)
        limit = Page.of(request.page_size, "").size

        def query(connection: Connection) -> pb.ListNoticesResponse:
            rows = notices(connection, court, request.after_id, limit)
            named = {row.instruction for row in rows}
            known = reader.known(connection, named) if reader else named
            told = [_notice(row) if row.instruction in known else _unnamed(row) for row in rows]
            return pb.ListNoticesResponse(notices=told)

        return await self._journal.read(query)


def _unnamed(row: Any) -> deadline_pb2.Notice:
    """Return a notice that says neither which matter it is about nor when it ends, by which one would find it."""
    rung = Rung(row.rung)
    return deadline_pb2.Notice(
        notice_id=row.id,
        at=to_timestamp(row.at),
        court=row.court,
        roles=row.roles.split(),
        rung=RUNGS.to_proto(rung),
        text=f"{rung.zh}：{Mark.CONFIDENTIAL.zh}",
    )


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
