"""`DeadlineService` at the hub: on the desk for its people, on the link for each court's node."""

# Methods are named by the contract.
# ruff: noqa: N802

from collections.abc import Collection
from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import deadline_pb2
from xiezhi.v1 import deadline_service_pb2 as pb
from xiezhi.v1.deadline_service_pb2_grpc import DeadlineServiceServicer
from xiezhi_desk.deadlines import deadline_filters, row_message
from xiezhi_desk.terms import RUNGS
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.terms import Mark, Role, Rung
from xiezhi_hub.notifying.matters import told_matters
from xiezhi_journal.journal import Journal
from xiezhi_journal.matter import Rulebooks
from xiezhi_journal.reading import Page, find_by_number, read_summary
from xiezhi_journal.reading.deadlines import deadlines_of_matter, notices, open_deadlines
from xiezhi_journal.restrictions import is_readable
from xiezhi_wire.caller import current_caller, current_node

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
READ_ALL: Final = frozenset(
    {
        *(Role.SUPERVISOR, Role.AUDITOR, Role.CENTRE_DIRECTOR, Role.CENTRE_OFFICER),
        *(Role.BUREAU_CHIEF, Role.COURT_LEADER),
    }
)
"""Who reads at this desk what courts write in any matter: the policy's `ReadMatter`."""


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
        """Return what a court was told; to people, of confidential matters no more than they may read."""
        court = current_node().court if self._for_nodes else request.court
        reads_all = self._for_nodes or not READ_ALL.isdisjoint(current_caller().roles)
        limit = Page.of(request.page_size, "").size

        def query(connection: Connection) -> pb.ListNoticesResponse:
            rows = notices(connection, court, request.after_id, limit)
            named = {row.instruction for row in rows}
            public = named if reads_all else _public(connection, self._journal.rulebooks, named)
            told = [_notice(row) if row.instruction in public else _unnamed(row) for row in rows]
            return pb.ListNoticesResponse(notices=told)

        return await self._journal.read(query)


def find_matter(connection: Connection, wanted: str, readers: Collection[Role] | None = None) -> str:
    """Return the id of the matter named by id or by number; where it is to be read, *readers* are the reader's roles.

    :raises NotFound: UNKNOWN_INSTRUCTION: there is none, or its reading is restricted, also for these roles.
    """
    known = read_summary(connection, wanted) is not None
    found = wanted if known else find_by_number(connection, wanted.strip())
    if found is None or (readers is not None and not is_readable(connection, found, readers)):
        raise NotFound(Reason.UNKNOWN_INSTRUCTION)
    return found


def _public(connection: Connection, rulebooks: Rulebooks, instructions: Collection[str]) -> set[str]:
    """Return those of *instructions* whose kind is not confidential."""
    found = told_matters(connection, rulebooks, instructions)
    return {instruction for instruction, matter in found.items() if not matter.confidential}


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
