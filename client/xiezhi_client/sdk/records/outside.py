"""Channels, and the matters of channels that are not this platform; trials."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import channel_pb2, outside_service_pb2, trial_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.staff import CellProblem
from xiezhi_client.sdk.vocabulary import Box, Channel, InstructionState, Mark, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRule(Record[channel_pb2.ChannelRule]):
    """Which channel matters take; what is empty fits all."""

    kind: str = ""
    sender: str = ""
    receiver: str = ""
    channel: Channel = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPolicy(Record[channel_pb2.ChannelPolicy]):
    """A version of the policy; the first rule that fits counts, what none fits goes by the platform."""

    version: int = 0
    rules: tuple[ChannelRule, ...] = ()
    ground: str = ""
    set_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAdvice(Record[outside_service_pb2.CheckChannelResponse]):
    """Which channel a new matter has to take, and what to do."""

    channel: Channel = ""
    policy_version: int = 0
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideMatter(Record[outside_service_pb2.OutsideMatter]):
    """A registered matter of another channel; days are YYYY-MM-DD."""

    outside_id: str = ""
    channel: Channel = ""
    external_number: str = ""
    kind: str = ""
    box: Box = ""
    other_court: str = ""
    case_number: str = ""
    subject_names: str = ""
    request_text: str = ""
    officer_login: str = ""
    officer_id: str = ""
    officer_name: str = ""
    began_on: str = ""
    due_on: str = ""
    state: InstructionState = ""
    marks: tuple[Mark, ...] = ()
    backfilled: bool = False
    ranked_from: str = ""
    registered_at: datetime | None = None
    result: Result = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsidePage(Record[outside_service_pb2.ListOutsideResponse]):
    """A page of them, and the token of the next; empty on the last one."""

    matters: tuple[OutsideMatter, ...] = ()
    next_page_token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideStep(Record[outside_service_pb2.OutsideStep]):
    """Something that happened to it."""

    state: InstructionState = ""
    happened_on: str = ""
    text: str = ""
    entered_by: str = ""
    entered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideRow(Record[outside_service_pb2.OutsideRow]):
    """One row to register; `request_id` is that of the row (`batch_request_id`)."""

    request_id: str = ""
    row: int = 0
    matter: OutsideMatter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideResult(Record[outside_service_pb2.OutsideResult]):
    """What became of one row."""

    row: int = 0
    matter: OutsideMatter | None = None
    problems: tuple[CellProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideHistory(Record[outside_service_pb2.GetOutsideResponse]):
    """A matter with its steps, oldest first."""

    matter: OutsideMatter | None = None
    steps: tuple[OutsideStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial(Record[trial_service_pb2.Trial]):
    """A trial and what it has left."""

    running: bool = False
    started_at: datetime | None = None
    started_by: str = ""
    drafts: int = 0
    open_matters: int = 0
    closed_matters: int = 0
    outside_matters: int = 0
