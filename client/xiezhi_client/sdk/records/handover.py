"""处置权移交: what is asked for, the register of the property, the money.

Days are ``2026-11-22``, amounts are in fen.
"""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import handover_pb2, handover_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.find import MissingPaper
from xiezhi_client.sdk.records.instruction import ActionReceipt, Instruction
from xiezhi_client.sdk.records.property import Property
from xiezhi_client.sdk.vocabulary import SeizurePurpose, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverSeizure(Record[handover_pb2.HandoverSeizure]):
    """A seizure as a court states it; `number` 0 takes the next one, `expires_on` may be empty for one that waits."""

    number: int = 0
    court: str = ""
    purpose: SeizurePurpose = ""
    seized_on: str = ""
    expires_on: str = ""
    case_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundDate(Record[handover_pb2.GroundDate]):
    """A day that a test of the legal ground needs; `code` is the rulebook's."""

    code: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityRight(Record[handover_pb2.PriorityRight]):
    """The right by which the asking court goes before others."""

    kind: str = ""
    registration_number: str = ""
    secured_fen: int = 0
    rank: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverOrder(Record[handover_pb2.HandoverOrder]):
    """A request (商请移送执行函); `receiver` is the court that seized first, `basis` a ground of the rulebook."""

    case_number: str = ""
    receiver: str = ""
    subject_numbers: tuple[int, ...] = ()
    property: Property | None = None
    basis: str = ""
    dates: tuple[GroundDate, ...] = ()
    seizures: tuple[HandoverSeizure, ...] = ()
    right: PriorityRight | None = None
    claim_fen: int = 0
    effective_document: str = ""
    documents: tuple[Document, ...] = ()
    request_text: str = ""
    limit_days: int = 0
    urgency: Urgency = ""
    urgency_reason: str = ""
    urgency_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverDraft(Record[handover_service_pb2.DraftHandoverResponse]):
    """A draft as stored, with papers that lack, and tests of the ground that do not hold, in Chinese."""

    receipt: ActionReceipt | None = None
    missing_papers: tuple[MissingPaper, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstClaim(Record[handover_pb2.FirstClaim]):
    """The claim for which the property was seized first; without an effective document its share is reserved."""

    case_number: str = ""
    stage: str = ""
    amount_fen: int = 0
    priority: str = ""
    effective_document: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimShare(Record[handover_pb2.ClaimShare]):
    """What one claim got."""

    number: int = 0
    amount_fen: int = 0
    claimant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverRenewal(Record[handover_pb2.HandoverRenewal]):
    """A renewal of a seizure."""

    renewed_on: str = ""
    expires_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredSeizure(Record[handover_pb2.RegisteredSeizure]):
    """A seizure in the register of the property; `rank` 1 is the first, 0 one that does not stand."""

    seizure: HandoverSeizure | None = None
    rank: int = 0
    expires_on: str = ""
    renewals: tuple[HandoverRenewal, ...] = ()
    lifted_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverProceeds(Record[handover_pb2.HandoverProceeds]):
    """What became of the money: disposed = costs + shares + reserved + remainder."""

    disposed_fen: int = 0
    costs_fen: int = 0
    shares: tuple[ClaimShare, ...] = ()
    reserved_fen: int = 0
    remainder_fen: int = 0
    released_fen: int = 0
    returned_fen: int = 0
    held_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalProof(Record[handover_pb2.ArrivalProof]):
    """Proof that the request arrived: the event, its place in the hub's log, until when the first court may answer."""

    event_id: str = ""
    log_index: int = 0
    arrived_at: datetime | None = None
    answer_until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverRecord(Record[handover_pb2.HandoverRecord]):
    """A handover as all parties see it."""

    register: tuple[RegisteredSeizure, ...] = ()
    proceeds: HandoverProceeds | None = None
    arrival: ArrivalProof | None = None
    first_claim: FirstClaim | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover(Record[handover_service_pb2.GetHandoverResponse]):
    """A handover with its request and everything around it."""

    order: HandoverOrder | None = None
    instruction: Instruction | None = None
    record: HandoverRecord | None = None
