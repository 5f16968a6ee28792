"""Matters."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import instruction_pb2, instruction_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.case import Case
from xiezhi_client.sdk.records.court import Officer
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.event import ApprovalRecord, Body, TimelineEntry
from xiezhi_client.sdk.records.item import Item, ItemOutcome
from xiezhi_client.sdk.vocabulary import Action, InstructionState, Mark, Result, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionSummary(Record[instruction_pb2.InstructionSummary]):
    """One row of a list; give `last_event_id` back as `base_event_id` when acting on what was shown."""

    instruction_id: str = ""
    matter_number: str = ""
    kind: str = ""
    sender: str = ""
    receiver: str = ""
    case_number: str = ""
    state: InstructionState = ""
    marks: tuple[Mark, ...] = ()
    subject_names: str = ""
    officer: str = ""
    issued_at: datetime | None = None
    due_at: datetime | None = None
    updated_at: datetime | None = None
    item_count: int = 0
    result: Result = ""
    last_event_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionPage(Record[instruction_service_pb2.ListInstructionsResponse]):
    """One page of a list; `next_page_token` is empty at the end."""

    instructions: tuple[InstructionSummary, ...] = ()
    next_page_token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionOffer(Record[instruction_pb2.ActionOffer]):
    """Whether the reader may take an action now, and if not, why (Chinese)."""

    action: Action = ""
    allowed: bool = False
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction(Record[instruction_pb2.Instruction]):
    """A matter with all that the reader may see."""

    summary: InstructionSummary | None = None
    case_file: Case | None = None
    items: tuple[Item, ...] = ()
    outcomes: tuple[ItemOutcome, ...] = ()
    documents: tuple[Document, ...] = ()
    request_text: str = ""
    urgency: Urgency = ""
    urgency_reason: str = ""
    limit_days: int = 0
    actions: tuple[ActionOffer, ...] = ()
    sender_contact: Officer | None = None
    receiver_contact: Officer | None = None
    approval: ApprovalRecord | None = None
    rulebook: str = ""
    hub_origin: str = ""
    returned_reason: str = ""
    urgency_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionReceipt(Record[instruction_pb2.ActionReceipt]):
    """What an action did at the node; `pending` until the hub has ruled, `event_id` empty inside the court."""

    instruction_id: str = ""
    event_id: str = ""
    state: InstructionState = ""
    pending: bool = False
    matter_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedWork(Record[instruction_pb2.ReturnedWork]):
    """Work that the hub refused and that lies on its author's desk again."""

    event_id: str = ""
    instruction_id: str = ""
    matter_number: str = ""
    action: Action = ""
    reason: str = ""
    message: str = ""
    winner: TimelineEntry | None = None
    content: Body | None = None
    returned_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchActResult(Record[instruction_service_pb2.BatchActResult]):
    """What became of one matter of a batch: a receipt, or reason and Chinese message."""

    instruction_id: str = ""
    receipt: ActionReceipt | None = None
    reason: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Record[instruction_service_pb2.WatchInstructionsResponse]):
    """A change of a matter; store `cursor` once it is dealt with and watch on from there."""

    cursor: int = 0
    entry: TimelineEntry | None = None
    instruction: InstructionSummary | None = None
