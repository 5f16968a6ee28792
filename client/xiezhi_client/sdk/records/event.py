"""Events: for people as a timeline, for checking as records with everything that proves them."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import event_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.court import Officer
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.item import ItemOutcome
from xiezhi_client.sdk.vocabulary import PaperType


@dataclass(frozen=True, slots=True, kw_only=True)
class PushProof(Record[event_pb2.PushProof]):
    """Proof that a court signed a header: its place in a signed push tree (ADR 0001)."""

    court: str = ""
    key_id: str = ""
    first_position: int = 0
    count: int = 0
    root: bytes = b""
    signature: bytes = b""
    index: int = 0
    path: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyPart(Record[event_pb2.BodyPart]):
    """One named part of a body; salt and content are empty when it was erased."""

    name: str = ""
    salt: bytes = b""
    content: bytes = b""
    erased_hash: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body(Record[event_pb2.Body]):
    """What an event says, in the order of the commitment."""

    parts: tuple[BodyPart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord(Record[event_pb2.EventRecord]):
    """An event in the exact bytes signed (ADR 0001); `ruling` is empty while pending."""

    header: bytes = b""
    push: PushProof | None = None
    body: Body | None = None
    ruling: bytes = b""
    log_index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPaper(Record[event_pb2.AskedPaper]):
    """A paper that is asked for, and why or what is wrong with the one supplied."""

    paper_type: PaperType = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor(Record[event_pb2.Actor]):
    """The person who acted."""

    account_id: str = ""
    officer: Officer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OralConsent(Record[event_pb2.OralConsent]):
    """An approval by word of mouth: who noted it down, how it was given, when it was put in writing (None: open)."""

    recorded_by: Actor | None = None
    recorded_at: datetime | None = None
    manner: str = ""
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval(Record[event_pb2.Approval]):
    """One of several approvals."""

    approved_by: Actor | None = None
    approved_at: datetime | None = None
    opinion: str = ""
    oral: OralConsent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRecord(Record[event_pb2.ApprovalRecord]):
    """Who drafted, approved and sealed; `external_reference` is the approval number of the court's case system."""

    drafted_by: Actor | None = None
    drafted_at: datetime | None = None
    approved_by: Actor | None = None
    approved_at: datetime | None = None
    opinion: str = ""
    sealed_by: Actor | None = None
    sealed_at: datetime | None = None
    external_reference: str = ""
    earlier_approvals: tuple[Approval, ...] = ()
    oral: OralConsent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry(Record[event_pb2.TimelineEntry]):
    """One line of a timeline; `log_index` is -1 while pending, `refusal_reason` empty unless refused.

    Accepted and `witnessed` are told apart: the hub's word is what the law acts on; enough of the courts that the node
    pins have cosigned a log that reaches beyond this entry. The receipt proves it.
    """

    event_id: str = ""
    kind: str = ""
    words: str = ""
    court: str = ""
    actor: str = ""
    claimed_at: datetime | None = None
    ruled_at: datetime | None = None
    text: str = ""
    sequence: int = 0
    log_index: int = 0
    pending: bool = False
    refusal_reason: str = ""
    documents: tuple[Document, ...] = ()
    outcomes: tuple[ItemOutcome, ...] = ()
    witnessed: bool = False
