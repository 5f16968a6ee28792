"""Staff lists, rosters, leave."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import account_service_pb2, directory_service_pb2, leave_service_pb2, roster_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.account import Account
from xiezhi_client.sdk.records.court import Officer
from xiezhi_client.sdk.records.instruction import InstructionSummary
from xiezhi_client.sdk.vocabulary import StaffOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow(Record[account_service_pb2.StaffRow]):
    """One row of a staff list; `request_id` is that of the row (`batch_request_id`)."""

    request_id: str = ""
    row: int = 0
    account: Account | None = None
    password: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellProblem(Record[account_service_pb2.CellProblem]):
    """What is wrong in one cell; `field` is empty where it is the row as a whole."""

    field: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffResult(Record[account_service_pb2.StaffResult]):
    """What became, or would become, of one row."""

    row: int = 0
    outcome: StaffOutcome = ""
    account: Account | None = None
    problems: tuple[CellProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterEntry(Record[roster_service_pb2.RosterEntry]):
    """One duty; days are YYYY-MM-DD, hours HH:MM, a duty that ends not after it begins ends on the next day."""

    row: int = 0
    day: str = ""
    name: str = ""
    phone: str = ""
    mobile: str = ""
    deputy: str = ""
    deputy_phone: str = ""
    begins: str = ""
    ends: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterProblem(Record[roster_service_pb2.RosterProblem]):
    """What is wrong in a row of a roster."""

    row: int = 0
    problem: CellProblem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterImport(Record[roster_service_pb2.ImportRosterResponse]):
    """What became of a roster: days replaced, or what is wrong."""

    days: int = 0
    problems: tuple[RosterProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty(Record[directory_service_pb2.Duty]):
    """Whom to call at a court, and when."""

    court: str = ""
    name: str = ""
    phone: str = ""
    deputy: str = ""
    deputy_phone: str = ""
    begins_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty(Record[directory_service_pb2.GetDutyResponse]):
    """Whom to call at a time; `fallback`: nobody is on duty there, these are the people of the hub's court."""

    duties: tuple[Duty, ...] = ()
    fallback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave(Record[leave_service_pb2.Leave]):
    """A leave and who stands in."""

    leave_id: str = ""
    account_id: str = ""
    name: str = ""
    substitute_id: str = ""
    substitute_name: str = ""
    first_day: str = ""
    last_day: str = ""
    reason: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned(Record[leave_service_pb2.ListOwnedResponse]):
    """Open matters that a person owns."""

    matters: tuple[InstructionSummary, ...] = ()
    outside_ids: tuple[str, ...] = ()
    officer: Officer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverResult(Record[leave_service_pb2.HandOverResult]):
    """What became of one matter that was handed over."""

    matter_id: str = ""
    matter_number: str = ""
    done: bool = False
    at: datetime | None = None
    message: str = ""
