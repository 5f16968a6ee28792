"""Deadlines, notices, and the ladder against late courts."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import deadline_pb2, deadline_service_pb2, directory_service_pb2, escalation_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.vocabulary import (
    DeadlineState,
    OutageReason,
    ProposalDecision,
    Rung,
    TimeVerdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPause(Record[deadline_pb2.ClockPause]):
    """An interval in which a clock stood; `end` is None while it goes on."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(Record[deadline_pb2.Deadline]):
    """One round of one clock of a matter; the hub's bind, a node's are previews."""

    instruction_id: str = ""
    matter_number: str = ""
    kind: str = ""
    clock: str = ""
    title: str = ""
    round: int = 0
    owner: str = ""
    started_at: datetime | None = None
    due_at: datetime | None = None
    state: DeadlineState = ""
    ended_at: datetime | None = None
    verdict: TimeVerdict = ""
    provisional: bool = False
    pauses: tuple[ClockPause, ...] = ()
    not_before: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterDeadlines(Record[deadline_service_pb2.ListMatterDeadlinesResponse]):
    """The deadlines of a matter, and how long (ms) it lay for approval in its sender's court."""

    deadlines: tuple[Deadline, ...] = ()
    approval_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Record[deadline_pb2.Notice]):
    """What a court is told about one of its deadlines."""

    notice_id: int = 0
    at: datetime | None = None
    court: str = ""
    roles: tuple[str, ...] = ()
    instruction_id: str = ""
    clock: str = ""
    rung: Rung = ""
    due_at: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal(Record[escalation_service_pb2.Proposal]):
    """A rung that is proposed to people, or that rules would have climbed."""

    deadline: Deadline | None = None
    step: str = ""
    rung: Rung = ""
    planned_at: datetime | None = None
    automatic: bool = False
    decision: ProposalDecision = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun(Record[escalation_service_pb2.DryRunEscalationResponse]):
    """What rules would have done over a past period; `truncated`: there was more."""

    climbed: tuple[Proposal, ...] = ()
    truncated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationRules(Record[escalation_service_pb2.GetEscalationRulesResponse]):
    """The rules in force, as TOML; version 0 ships with the platform."""

    version: int = 0
    content: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage(Record[escalation_service_pb2.Outage]):
    """通信故障 on record."""

    court: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    reason: OutageReason = ""
    recorded_at: datetime | None = None
    event_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageRecorded(Record[escalation_service_pb2.RecordOutageResponse]):
    """The entry of the log, and how many deadlines it moved."""

    event_id: str = ""
    moved: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay(Record[escalation_service_pb2.CalendarDay]):
    """A day (YYYY-MM-DD) that an arrangement decides about."""

    day: str = ""
    is_workday: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours(Record[escalation_service_pb2.WorkingHours]):
    """When courts work on a working day from the day `since` (YYYY-MM-DD) on: stretches like 09:00-12:00.

    `source` says where that stands, `confirmed` whether a court has confirmed it.
    """

    spans: tuple[str, ...] = ()
    source: str = ""
    confirmed: bool = False
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearCalendar(Record[directory_service_pb2.GetCalendarResponse]):
    """The working calendar of a year; days are YYYY-MM-DD.

    `days` are those that an arrangement decides about, `provisional` statutory holidays of a year that is not
    `complete`; all others follow their weekday. `published_at` is None for the calendar that ships.
    """

    year: int = 0
    days: tuple[CalendarDay, ...] = ()
    provisional: tuple[str, ...] = ()
    complete: bool = False
    sources: tuple[str, ...] = ()
    hours: WorkingHours | None = None
    published_at: datetime | None = None
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDeadline(Record[escalation_service_pb2.MovedDeadline]):
    """A deadline that a calendar or an outage has moved, or would."""

    instruction_id: str = ""
    clock: str = ""
    round: int = 0
    owner: str = ""
    due_before: datetime | None = None
    due_after: datetime | None = None
    matter_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPublished(Record[escalation_service_pb2.PublishCalendarResponse]):
    """The calendar's hash, the entry of the log, and how many deadlines it moved.

    What was only tried has no entry of the log, and `deadlines` are those that it would move, 500 at most.
    """

    hash: str = ""
    event_id: str = ""
    moved: int = 0
    deadlines: tuple[MovedDeadline, ...] = ()
