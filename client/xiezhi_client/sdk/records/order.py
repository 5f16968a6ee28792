"""A superior's orders, what lower courts ask for, and cases proposed for 交叉执行."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import order_pb2, order_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.court import Officer
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.event import ApprovalRecord
from xiezhi_client.sdk.records.instruction import ActionReceipt, InstructionSummary
from xiezhi_client.sdk.vocabulary import OrderDraftState, Selector


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedCase(Record[order_pb2.OrderedCase]):
    """A case that an order is about; sums in fen."""

    court: str = ""
    case_number: str = ""
    claim_fen: int = 0
    recovered_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LentForce(Record[order_pb2.LentForce]):
    """People and vehicles that a court lends; days such as 2026-11-22, both included."""

    court: str = ""
    officers: tuple[Officer, ...] = ()
    vehicles: tuple[str, ...] = ()
    from_on: str = ""
    until_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing(Record[order_pb2.Hearing]):
    """How the parties were heard."""

    held_on: str = ""
    place: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtOrder(Record[order_pb2.CourtOrder]):
    """An order as it is drafted; `kind` and `about` are codes of the rulebook, `limit_days` 0 takes the rulebook's."""

    kind: str = ""
    subject: str = ""
    about: str = ""
    requirement: str = ""
    ground: str = ""
    limit_days: int = 0
    cases: tuple[OrderedCase, ...] = ()
    new_court: str = ""
    forces: tuple[LentForce, ...] = ()
    other_courts: tuple[str, ...] = ()
    hearing: Hearing | None = None
    request_ids: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    handover_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StruckCase(Record[order_pb2.StruckCase]):
    """An old case struck off, with what is not recovered, in fen."""

    case_number: str = ""
    balance_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OldCaseClosing(Record[order_pb2.OldCaseClosing]):
    """The old cases of a court."""

    cases: tuple[StruckCase, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledCaseOfOrder(Record[order_pb2.FiledCaseOfOrder]):
    """A new case filed in the place of an old one, for the balance, in fen."""

    old_case_number: str = ""
    new_case_number: str = ""
    balance_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCaseFiling(Record[order_pb2.NewCaseFiling]):
    """The new cases of a court."""

    cases: tuple[FiledCaseOfOrder, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMatter(Record[order_pb2.KeptMatter]):
    """A matter that could not go over with its case, and why."""

    matter_number: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedMatters(Record[order_service_pb2.MoveMattersResponse]):
    """What went over with the cases of an order, what stays, and what ended because the new court was asked itself."""

    receipt: ActionReceipt | None = None
    moved: tuple[str, ...] = ()
    kept: tuple[KeptMatter, ...] = ()
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderNote(Record[order_pb2.OrderNote]):
    """A report, a question or an answer."""

    at: datetime | None = None
    event: str = ""
    court: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAtCourt(Record[order_pb2.OrderAtCourt]):
    """What became of an order at one court; sums in fen. `closed_at`, `filed_at`: when its cases were, as recorded."""

    summary: InstructionSummary | None = None
    parts: tuple[str, ...] = ()
    balance_fen: int = 0
    closing: OldCaseClosing | None = None
    filing: NewCaseFiling | None = None
    moved: int = 0
    notes: tuple[OrderNote, ...] = ()
    consultation_open: bool = False
    closed_at: datetime | None = None
    filed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedOrder(Record[order_pb2.IssuedOrder]):
    """An issued order; `unfinished` says why it cannot be closed yet."""

    order: CourtOrder | None = None
    approval: ApprovalRecord | None = None
    courts: tuple[OrderAtCourt, ...] = ()
    unfinished: tuple[str, ...] = ()
    kept: tuple[KeptMatter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft(Record[order_service_pb2.OrderDraft]):
    """A draft: what it lacks, and what was decided on it."""

    draft_id: str = ""
    state: OrderDraftState = ""
    order: CourtOrder | None = None
    lacking: tuple[str, ...] = ()
    author: str = ""
    drafted_at: datetime | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    opinion: str = ""
    content_hash: str = ""
    own: bool = False
    rewritable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateCase(Record[order_service_pb2.CandidateCase]):
    """A case of a candidate."""

    court: str = ""
    case_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate(Record[order_service_pb2.Candidate]):
    """Cases proposed for 交叉执行; without personal data."""

    candidate_id: str = ""
    selector: Selector = ""
    reason: str = ""
    cases: tuple[CandidateCase, ...] = ()
    matter_number: str = ""
    suggested_court: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtRequest(Record[order_pb2.CourtRequest]):
    """What a court asks of its superior; a dispute tells the other court, its position, and how they negotiated."""

    kind: str = ""
    subject: str = ""
    about: str = ""
    order_kind: str = ""
    position: str = ""
    other_court: str = ""
    other_position: str = ""
    negotiation: str = ""
    cases: tuple[OrderedCase, ...] = ()
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledRequest(Record[order_pb2.FiledRequest]):
    """A request with what was decided; `result` is a code of the rulebook."""

    summary: InstructionSummary | None = None
    request: CourtRequest | None = None
    hearings: tuple[Hearing, ...] = ()
    result: str = ""
    decision: str = ""
    documents: tuple[Document, ...] = ()
