"""督办: what is drafted, what was issued, replies."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import urge_pb2, urge_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.event import Actor, ApprovalRecord
from xiezhi_client.sdk.records.instruction import InstructionSummary
from xiezhi_client.sdk.vocabulary import UrgeDraftState


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgeTarget(Record[urge_pb2.UrgeTarget]):
    """One court, and the matters between courts that it is urged about."""

    court: str = ""
    instruction_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgeOrder(Record[urge_pb2.UrgeOrder]):
    """A 督办 as it is drafted; `about` is a code of the rulebook, `limit_days` 0 takes the rulebook's."""

    subject: str = ""
    about: str = ""
    requirement: str = ""
    ground: str = ""
    limit_days: int = 0
    urgent: bool = False
    case_number: str = ""
    property: str = ""
    complaint_event_id: str = ""
    targets: tuple[UrgeTarget, ...] = ()
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgeReply(Record[urge_pb2.UrgeReply]):
    """A reply; who signed it off is in the event."""

    text: str = ""
    drafted_by: Actor | None = None
    drafted_at: datetime | None = None
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Urge(Record[urge_pb2.Urge]):
    """An issued 督办; `reply_draft` waits for the 执行局长, `reply_remark` says why it came back from there."""

    summary: InstructionSummary | None = None
    order: UrgeOrder | None = None
    approval: ApprovalRecord | None = None
    replies: tuple[UrgeReply, ...] = ()
    reply_draft: UrgeReply | None = None
    reply_remark: str = ""
    asked_due_at: datetime | None = None
    reply_draft_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedMatter(Record[urge_service_pb2.LinkedMatter]):
    """A matter that a draft is about, and what people call it."""

    instruction_id: str = ""
    matter_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgeDraft(Record[urge_service_pb2.UrgeDraft]):
    """A draft, and what was decided on it; `own`: it is the reader's to discard, `rewritable`: to write anew."""

    draft_id: str = ""
    state: UrgeDraftState = ""
    order: UrgeOrder | None = None
    author: str = ""
    drafted_at: datetime | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    opinion: str = ""
    own: bool = False
    content_hash: str = ""
    rewritable: bool = False
    matters: tuple[LinkedMatter, ...] = ()
