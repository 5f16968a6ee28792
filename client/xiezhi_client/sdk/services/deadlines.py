"""Deadlines and notices; at the hub also the ladder, outages and calendars."""

from collections.abc import AsyncIterator, Awaitable, Sequence
from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp

from xiezhi.v1 import deadline_service_pb2 as pb
from xiezhi.v1 import escalation_service_pb2 as ladder
from xiezhi.v1.deadline_service_pb2_grpc import DeadlineServiceStub
from xiezhi.v1.escalation_service_pb2_grpc import EscalationServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.records.deadline import (
    CalendarDay,
    CalendarPublished,
    Deadline,
    DryRun,
    EscalationRules,
    MatterDeadlines,
    MovedDeadline,
    Notice,
    Outage,
    OutageRecorded,
    Proposal,
    WorkingHours,
)
from xiezhi_client.sdk.rows import Rows
from xiezhi_client.sdk.vocabulary import OutageReason, ProposalDecision


class Deadlines:
    """`DeadlineService`, at nodes and at the hub."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = DeadlineServiceStub(calls.channel)

    async def of_matter(self, instruction_id: str) -> MatterDeadlines:
        """All deadlines of one matter, by id or number."""
        request = pb.ListMatterDeadlinesRequest(instruction_id=instruction_id)
        return MatterDeadlines.from_proto(await self._calls.unary(self._stub.ListMatterDeadlines, request))

    def open(
        self,
        court: str = "",
        clock: str = "",
        *,
        due_before: datetime | None = None,
        today_only: bool = False,
        overdue_only: bool = False,
        mine_only: bool = False,
        page_size: int = 0,
    ) -> Rows[Deadline]:
        """Open deadlines, those due first before the others; a node's are previews of what the caller may see."""
        request = pb.ListDeadlinesRequest(
            court=court,
            clock=clock,
            due_before=_timestamp(due_before) if due_before else None,
            today_only=today_only,
            overdue_only=overdue_only,
            mine_only=mine_only,
            page_size=page_size,
        )

        def ask(token: str) -> Awaitable[pb.ListDeadlinesResponse]:
            request.page_token = token
            return self._calls.unary(self._stub.ListDeadlines, request)

        return Rows(ask, lambda page: map(Deadline.from_proto, page.deadlines))

    async def notices(self, after_id: int = 0, *, court: str = "", page_size: int = 0) -> tuple[Notice, ...]:
        """What a court was told after a notice, oldest first; at a node that of its own court."""
        request = pb.ListNoticesRequest(court=court, after_id=after_id, page_size=page_size)
        answer = await self._calls.unary(self._stub.ListNotices, request)
        return tuple(map(Notice.from_proto, answer.notices))


class Escalation:
    """`EscalationService`, on the hub's desk."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = EscalationServiceStub(calls.channel)

    async def proposals(self, court: str = "", *, page_size: int = 0) -> tuple[Proposal, ...]:
        """Rungs that people have still to decide on, oldest first."""
        request = ladder.ListProposalsRequest(court=court, page_size=page_size)
        answer = await self._calls.unary(self._stub.ListProposals, request)
        return tuple(map(Proposal.from_proto, answer.proposals))

    async def decide(self, proposal: Proposal, decision: ProposalDecision, *, request_id: str = "") -> None:
        """Note what people made of a proposal."""
        deadline = (proposal.deadline or Deadline()).to_proto()
        request = ladder.DecideProposalRequest(
            request_id=request_id or new_request_id(),
            instruction_id=deadline.instruction_id,
            clock=deadline.clock,
            round=deadline.round,
            due_at=deadline.due_at,
            step=proposal.step,
            decision=Proposal(decision=decision).to_proto().decision,
        )
        await self._calls.unary(self._stub.DecideProposal, request)

    async def rules(self) -> EscalationRules:
        """The rules in force."""
        request = ladder.GetEscalationRulesRequest()
        return EscalationRules.from_proto(await self._calls.unary(self._stub.GetEscalationRules, request))

    async def set_rules(self, content: str, *, request_id: str = "") -> int:
        """Put a new version in force; gives its number. Raise `InvalidInput`."""
        request = ladder.SetEscalationRulesRequest(request_id=request_id or new_request_id(), content=content)
        return (await self._calls.unary(self._stub.SetEscalationRules, request)).version

    async def dry_run(
        self, since: datetime, until: datetime, *, content: str = "", court: str = ""
    ) -> DryRun:
        """What rules (empty: those in force) would have done; changes nothing."""
        request = ladder.DryRunEscalationRequest(
            content=content, since=_timestamp(since), until=_timestamp(until), court=court
        )
        return DryRun.from_proto(await self._calls.unary(self._stub.DryRunEscalation, request))

    async def record_outage(
        self, court: str, start: datetime, end: datetime, reason: OutageReason, *, request_id: str = ""
    ) -> OutageRecorded:
        """Record that a court could not be reached; shifts its clocks."""
        request = ladder.RecordOutageRequest(
            request_id=request_id or new_request_id(),
            court=court,
            started_at=_timestamp(start),
            ended_at=_timestamp(end),
            reason=Outage(reason=reason).to_proto().reason,
        )
        return OutageRecorded.from_proto(await self._calls.unary(self._stub.RecordOutage, request))

    async def outages(self, court: str = "") -> tuple[Outage, ...]:
        """Outages on record, newest first."""
        answer = await self._calls.unary(self._stub.ListOutages, ladder.ListOutagesRequest(court=court))
        return tuple(map(Outage.from_proto, answer.outages))

    async def publish_calendar(
        self,
        year: int,
        days: Sequence[CalendarDay],
        source: str,
        hours: WorkingHours | None = None,
        *,
        dry_run: bool = False,
        request_id: str = "",
    ) -> CalendarPublished:
        """Publish the arrangement of a year, and other working *hours* with it; recomputes the deadlines touched.

        With *dry_run* only tell which those are. Raise `InvalidInput`, also where it is in force already.
        """
        request = ladder.PublishCalendarRequest(
            request_id=request_id or new_request_id(),
            year=year,
            days=[each.to_proto() for each in days],
            source=source,
            hours=hours.to_proto() if hours is not None else None,
            dry_run=dry_run,
        )
        return CalendarPublished.from_proto(await self._calls.unary(self._stub.PublishCalendar, request))

    async def moved(self, event_id: str, *, page_size: int = 0) -> AsyncIterator[MovedDeadline]:
        """The deadlines that an entry of the log has moved."""
        request = ladder.ListMovedDeadlinesRequest(event_id=event_id, page_size=page_size)
        while True:
            page = await self._calls.unary(self._stub.ListMovedDeadlines, request)
            for deadline in page.deadlines:
                yield MovedDeadline.from_proto(deadline)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token


def _timestamp(moment: datetime) -> Timestamp:
    timestamp = Timestamp()
    timestamp.FromDatetime(moment)
    return timestamp
