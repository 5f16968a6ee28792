"""`SupervisionService`: figures, what is late, and single histories, for the hub's own people."""

# Methods are named by the contract.
# ruff: noqa: N802

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import supervision_service_pb2 as pb
from xiezhi.v1.supervision_service_pb2_grpc import SupervisionServiceServicer
from xiezhi_desk.access import Access, check_purpose, record_access, require_purpose
from xiezhi_desk.requests import principal
from xiezhi_desk.terms import STATES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.indicators import Period
from xiezhi_hub.confidentiality import Reader, current_reader, find_matter
from xiezhi_hub.looking import look_into
from xiezhi_hub.ruling.rule import Seat
from xiezhi_hub.supervision.lists import every_matter, matters_of, overdue_of, taken_words
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import (
    MAX_PAGE,
    CourtFigures,
    HourOfDay,
    Overview,
    Page,
    day_curve,
    event_record,
    history,
    overview,
)
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"

_EXPORT: Final = "ExportMatters"
_HISTORY: Final = "GetSupervisedHistory"


class SupervisionService(SupervisionServiceServicer):
    """Serves supervision from the journal; *connected* tells which courts' nodes are connected now."""

    def __init__(self, journal: Journal, seat: Seat, connected: Callable[[], Collection[str]]) -> None:
        self._journal = journal
        self._seat = seat
        self._connected = connected

    async def GetOverview(
        self, _request: pb.GetOverviewRequest, _context: _Context
    ) -> pb.GetOverviewResponse:
        """Return the figures of every court of the hub's tree."""
        now = self._journal.clock()
        figures, today = await self._journal.read(partial(_figures_and_today, now=now))
        connected = self._connected()
        courts = sorted(self._seat.courts.subtree(self._seat.court))
        return pb.GetOverviewResponse(
            courts=[_court(code, figures.of(code), connected=code in connected) for code in courts],
            log_size=figures.log_size,
            read_at=to_timestamp(now),
            flows=_flows(figures.flows()),
            today=[pb.HourCount(hour=each.hour, sent=each.sent, reported=each.reported) for each in today],
        )

    async def ListOverdue(self, request: pb.ListOverdueRequest, _context: _Context) -> pb.ListOverdueResponse:
        """Return a page of matters past their limit."""
        now, reader = self._journal.clock(), current_reader(self._journal)
        page = Page.of(request.page_size, request.page_token)
        query = partial(overdue_of, court=request.court, page=page, now=now, reader=reader)
        return await self._journal.read(query)

    async def ListMatters(self, request: pb.ListMattersRequest, _context: _Context) -> pb.ListMattersResponse:
        """Return a page of the matters between the hub's courts, newest first."""
        page = Page.of(request.page_size, request.page_token)
        now, reader = self._journal.clock(), current_reader(self._journal)
        query = partial(matters_of, wanted=request, page=page, now=now, reader=reader)
        return await self._journal.read(query)

    async def ExportMatters(
        self, request: pb.ExportMattersRequest, _context: _Context
    ) -> AsyncIterator[pb.ExportMattersResponse]:
        """Give a whole list, after it is on record who took it out, why, and what it holds."""
        caller, purpose = current_caller(), require_purpose(request.purpose, "导出须填写事由")
        now = self._journal.clock()
        reader = Reader.of(caller, self._journal)
        query = partial(every_matter, wanted=request.filter, now=now, reader=reader)
        rows = await self._journal.read(query)
        look = Access(now, principal(caller), _EXPORT, taken_words(request.filter, len(rows)), purpose)
        await self._journal.write(partial(record_access, access=look))
        for start in range(0, len(rows), MAX_PAGE):
            yield pb.ExportMattersResponse(instructions=rows[start : start + MAX_PAGE])

    async def GetSupervisedHistory(
        self, request: pb.GetSupervisedHistoryRequest, _context: _Context
    ) -> pb.GetSupervisedHistoryResponse:
        """Return a matter's history; bodies only after the look is on record."""
        purpose = check_purpose(request.purpose)
        if request.with_bodies and not purpose:
            raise InvalidInput.in_field("purpose", "查看事项内容应填写查看事由")
        wanted = request.instruction_id
        if request.with_bodies:
            instruction = await look_into(self._journal, _HISTORY, wanted, purpose, unmasked=True)
        else:
            find = partial(find_matter, wanted=wanted, reader=current_reader(self._journal))
            instruction = await self._journal.read(find)
        rows = await self._journal.read(partial(history, instruction=instruction, bodies=request.with_bodies))
        return pb.GetSupervisedHistoryResponse(records=[event_record(row) for row in rows])


def _figures_and_today(connection: Connection, now: int) -> tuple[Overview, list[HourOfDay]]:
    """Return the figures of all courts and the hours of today, of one state of the journal."""
    day = to_date(now)
    return overview(connection, now), day_curve(connection, Period(day, day).start_ms, now)


def _flows(flows: Mapping[tuple[str, str], int]) -> list[pb.FlowCount]:
    ordered = sorted(flows.items(), key=lambda flow: (-flow[1], flow[0]))
    return [
        pb.FlowCount(sender=sender, receiver=receiver, open=count) for (sender, receiver), count in ordered
    ]


def _court(code: str, figures: CourtFigures, *, connected: bool) -> pb.CourtOverview:
    return pb.CourtOverview(
        court=code,
        sent_open=figures.sent_open,
        received_open=figures.received_open,
        received_overdue=figures.received_overdue,
        received_by_state=[
            pb.StateCount(state=STATES.to_proto(state), count=count)
            for state, count in sorted(figures.received_by_state.items())
        ],
        connected=connected,
    )
