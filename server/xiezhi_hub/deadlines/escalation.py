"""`EscalationService`: proposals and rules of the ladder, outages and calendars, on the hub's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import select

from xiezhi.v1 import escalation_service_pb2 as pb
from xiezhi.v1.escalation_service_pb2_grpc import EscalationServiceServicer
from xiezhi_desk.deadlines import deadline_message, row_message
from xiezhi_desk.requests import principal, request_key
from xiezhi_desk.terms import OUTAGE_REASONS, PROPOSAL_DECISIONS, RUNGS
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.calendar import CalendarRow, WorkingCalendar
from xiezhi_domain.clocks import Outage
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.escalation import load_rules
from xiezhi_domain.terms import OutageReason, Rung
from xiezhi_domain.working_hours import WorkingHours
from xiezhi_hub.confidentiality import current_reader
from xiezhi_hub.deadlines.deciding import DecideProposal, ProposalKey, SetRules
from xiezhi_hub.deadlines.dry_run import MOST, Period, WouldFire, dry_run
from xiezhi_hub.deadlines.publish import PublishCalendar, RecordOutage, try_calendar
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal import tables
from xiezhi_journal.clockwork import read_rules
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Page
from xiezhi_journal.reading.deadlines import (
    ProposalRow,
    moved_deadlines,
    numbers_of,
    proposals,
)
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
_MOST_OUTAGES: Final = 500
_MOST_MOVED: Final = 500
_EMPTY: Final = WorkingCalendar(MappingProxyType({}), frozenset())


class EscalationService(EscalationServiceServicer):
    """Serves the ladder from the journal."""

    def __init__(self, journal: Journal, seat: Seat, gate: Gate) -> None:
        self._journal = journal
        self._seat = seat
        self._gate = gate

    async def ListProposals(
        self, request: pb.ListProposalsRequest, _context: _Context
    ) -> pb.ListProposalsResponse:
        """Return what people have still to decide on."""
        limit = Page.of(request.page_size, "").size
        visible = current_reader(self._journal).visible()
        rows = await self._journal.read(partial(proposals, court=request.court, limit=limit, also=visible))
        return pb.ListProposalsResponse(proposals=[self._proposal(row) for row in rows])

    async def DecideProposal(
        self, request: pb.DecideProposalRequest, _context: _Context
    ) -> pb.DecideProposalResponse:
        """Note a decision; the same request again changes nothing."""
        decision = PROPOSAL_DECISIONS.from_proto(request.decision, "decision")
        key = ProposalKey(
            request.instruction_id,
            request.clock,
            request.round,
            request.due_at.ToMilliseconds(),
            request.step,
        )
        caller = current_caller()
        asked = request_key(caller, "DecideProposal", request)
        await self._journal.submit(DecideProposal(key, decision, principal(caller), asked))
        return pb.DecideProposalResponse()

    async def GetEscalationRules(
        self, _request: pb.GetEscalationRulesRequest, _context: _Context
    ) -> pb.GetEscalationRulesResponse:
        """Return the rules in force."""
        rules = await self._journal.read(read_rules)
        return pb.GetEscalationRulesResponse(version=rules.version, content=rules.content)

    async def SetEscalationRules(
        self, request: pb.SetEscalationRulesRequest, _context: _Context
    ) -> pb.SetEscalationRulesResponse:
        """Put a new version in force."""
        caller = current_caller()
        key = request_key(caller, "SetEscalationRules", request)
        version = await self._journal.submit(SetRules(request.content, principal(caller), key))
        return pb.SetEscalationRulesResponse(version=version)

    async def DryRunEscalation(
        self, request: pb.DryRunEscalationRequest, _context: _Context
    ) -> pb.DryRunEscalationResponse:
        """Return what rules would have done."""
        since, until = request.since.ToMilliseconds(), request.until.ToMilliseconds()
        if not since < until <= self._journal.clock():
            raise InvalidInput.in_field("until", "应为过去的一段时间，且起点早于终点")
        rules = load_rules(request.content, 0) if request.content else None
        work = partial(
            dry_run,
            superior=self._seat.court,
            rulebooks=self._journal.rulebooks,
            rules=rules,
            period=Period(since, until, request.court),
        )
        found = await self._journal.read(work)
        climbed = [self._would_fire(each) for each in found[:MOST]]
        return pb.DryRunEscalationResponse(climbed=climbed, truncated=len(found) > MOST)

    async def RecordOutage(
        self, request: pb.RecordOutageRequest, _context: _Context
    ) -> pb.RecordOutageResponse:
        """Record that a court could not be reached."""
        self._gate.require_open()
        reason = OUTAGE_REASONS.from_proto(request.reason, "reason")
        start, end = request.started_at.ToMilliseconds(), request.ended_at.ToMilliseconds()
        if request.court not in self._seat.courts.subtree(self._seat.court):
            raise InvalidInput.in_field("court", "不是本枢纽服务的法院，请核对法院代字")
        if not 0 < start < end <= self._journal.clock():
            raise InvalidInput.in_field("ended_at", "起止时间应为过去的一段时间，且起点早于终点")
        key = request_key(current_caller(), "RecordOutage", request)
        work = RecordOutage(self._seat, Outage(request.court, start, end), reason, key)
        done = await self._journal.submit(work)
        return pb.RecordOutageResponse(event_id=done.event_id, moved=done.moved)

    async def ListOutages(self, request: pb.ListOutagesRequest, _context: _Context) -> pb.ListOutagesResponse:
        """Return outages on record."""
        table = tables.outage
        query = select(table).order_by(table.c.started_at.desc(), table.c.event_id).limit(_MOST_OUTAGES)
        if request.court:
            query = query.where(table.c.court == request.court)
        rows = await self._journal.read(lambda connection: list(connection.execute(query)))
        return pb.ListOutagesResponse(outages=[_outage(row) for row in rows])

    async def PublishCalendar(
        self, request: pb.PublishCalendarRequest, _context: _Context
    ) -> pb.PublishCalendarResponse:
        """Publish the arrangement of a year."""
        self._gate.require_open()
        rows = _EMPTY.with_rows(_days(request), complete_years={request.year}, hours=_hours(request))
        if request.dry_run:
            return await self._try_calendar(rows, request.year)
        key = request_key(current_caller(), "PublishCalendar", request)
        done = await self._journal.submit(PublishCalendar(self._seat, rows, request.year, key))
        return pb.PublishCalendarResponse(hash=done.calendar, event_id=done.event_id, moved=done.moved)

    async def _try_calendar(self, rows: WorkingCalendar, year: int) -> pb.PublishCalendarResponse:
        work = partial(
            try_calendar,
            court=self._journal.court,
            rulebooks=dict(self._journal.rulebooks),
            rows=rows,
            year=year,
            now=self._journal.clock(),
        )
        hash_, moved = await self._journal.read(work)
        reader, named = current_reader(self._journal), {each.instruction for each in moved}
        known = await self._journal.read(partial(reader.known, matters=named))
        shown = [each for each in moved if each.instruction in known][:_MOST_MOVED]
        numbers = await self._journal.read(partial(numbers_of, matters={each.instruction for each in shown}))
        return pb.PublishCalendarResponse(
            hash=hash_,
            moved=len(moved),
            deadlines=[_moved(each, numbers.get(each.instruction, "")) for each in shown],
        )

    async def ListMovedDeadlines(
        self, request: pb.ListMovedDeadlinesRequest, _context: _Context
    ) -> pb.ListMovedDeadlinesResponse:
        """Return what an entry of the log has moved."""
        page = Page.of(request.page_size, request.page_token)
        visible = current_reader(self._journal).visible()
        query = partial(moved_deadlines, event_id=request.event_id, page=page, also=visible)
        rows, token = await self._journal.read(query)
        return pb.ListMovedDeadlinesResponse(
            deadlines=[_moved(row, row.number) for row in rows], next_page_token=token
        )

    def _proposal(self, row: ProposalRow) -> pb.Proposal:
        deadline = row_message(row.deadline, self._journal.rulebooks, self._journal.clock())
        deadline.due_at.CopyFrom(to_timestamp(row.due_at))
        return pb.Proposal(
            deadline=deadline,
            step=row.step,
            rung=RUNGS.to_proto(Rung(row.rung)),
            planned_at=to_timestamp(row.planned_at),
        )

    def _would_fire(self, each: WouldFire) -> pb.Proposal:
        at, deadline, climb = each.fired
        return pb.Proposal(
            deadline=deadline_message(each.matter, deadline, self._journal.rulebooks, at),
            step=climb.step,
            rung=RUNGS.to_proto(climb.rung),
            planned_at=to_timestamp(at),
            automatic=climb.automatic,
        )


def _days(request: pb.PublishCalendarRequest) -> list[CalendarRow]:
    found = []
    for number, each in enumerate(request.days):
        try:
            day = date.fromisoformat(each.day)
        except ValueError:
            raise InvalidInput.in_field(f"days[{number}].day", "日期格式不正确，例如 2027-02-06") from None
        if day.year != request.year:
            raise InvalidInput.in_field(f"days[{number}].day", f"不是 {request.year} 年的日期")
        found.append(CalendarRow(day, each.is_workday, request.source))
    if not found:
        raise InvalidInput.in_field("days", "请填写该年度的放假和调休安排")
    return found


def _hours(request: pb.PublishCalendarRequest) -> list[WorkingHours]:
    if not request.HasField("hours"):
        return []
    hours = request.hours
    try:
        since = date.fromisoformat(hours.since)
    except ValueError:
        raise InvalidInput.in_field("hours.since", "日期格式不正确，例如 2027-05-01") from None
    return [WorkingHours.of(since, hours.spans, hours.source, confirmed=hours.confirmed)]


def _outage(row: Any) -> pb.Outage:
    return pb.Outage(
        court=row.court,
        started_at=to_timestamp(row.started_at),
        ended_at=to_timestamp(row.ended_at),
        reason=OUTAGE_REASONS.to_proto(OutageReason(row.reason)),
        recorded_at=to_timestamp(row.recorded_at),
        event_id=row.event_id,
    )


def _moved(row: Any, number: str) -> pb.MovedDeadline:
    return pb.MovedDeadline(
        matter_number=number,
        instruction_id=row.instruction,
        clock=row.clock,
        round=row.round,
        owner=row.owner,
        due_before=to_timestamp(row.due_before),
        due_after=to_timestamp(row.due_after),
    )
