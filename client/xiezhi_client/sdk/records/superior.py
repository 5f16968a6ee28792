"""Matters as their superior decides on them, and the calls that it made about them."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import superior_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.court import Officer
from xiezhi_client.sdk.records.event import TimelineEntry
from xiezhi_client.sdk.records.instruction import Instruction, InstructionSummary
from xiezhi_client.sdk.vocabulary import Appeal


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitingMatter(Record[superior_service_pb2.AwaitingMatter]):
    """A matter in which courts wait for their superior, and what for."""

    instruction: InstructionSummary | None = None
    appeals: tuple[Appeal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterToDecide(Record[superior_service_pb2.GetMatterResponse]):
    """A matter without names and words: `matter.actions` says what the reader may do in it, and why not."""

    matter: Instruction | None = None
    timeline: tuple[TimelineEntry, ...] = ()
    appeals: tuple[Appeal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorCall(Record[superior_service_pb2.SupervisorCall]):
    """A call about a matter: by whom, to whom, what was said, what was promised for when."""

    instruction: InstructionSummary | None = None
    caller: str = ""
    called_at: datetime | None = None
    counterpart: Officer | None = None
    text: str = ""
    promise_at: datetime | None = None
