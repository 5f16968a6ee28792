"""参与分配: applications, plans, and a distribution as it stands."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import distribution_service_pb2 as pb
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.find import MissingPaper
from xiezhi_client.sdk.records.instruction import ActionReceipt
from xiezhi_client.sdk.vocabulary import DistributionPaper, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionOrder(Record[pb.DistributionOrder]):
    """An application that the applicant's court passes on; sums in fen, days as 2026-03-02."""

    case_number: str = ""
    receiver: str = ""
    subject_numbers: tuple[int, ...] = ()
    documents: tuple[Document, ...] = ()
    request_text: str = ""
    limit_days: int = 0
    urgency: Urgency = ""
    urgency_reason: str = ""
    urgency_code: str = ""
    debtor: str = ""
    property: str = ""
    presiding_case_number: str = ""
    creditor: str = ""
    claim_fen: int = 0
    has_priority: bool = False
    priority_basis: str = ""
    effective_document: str = ""
    insufficiency: str = ""
    enforcement_began_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionDraft(Record[pb.DraftDistributionResponse]):
    """A draft as stored, with what is missing and Chinese warnings."""

    receipt: ActionReceipt | None = None
    missing_papers: tuple[MissingPaper, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission(Record[pb.AdmitParticipationResponse]):
    """A claim takes part, with this number in this distribution."""

    receipt: ActionReceipt | None = None
    distribution_id: str = ""
    claim: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanClaim(Record[pb.PlanClaim]):
    """A claim of a plan, in fen; `rank` 0 is an ordinary one; `share_fen` is worked out, never entered."""

    number: int = 0
    creditor: str = ""
    amount_fen: int = 0
    rank: int = 0
    seized: int = 0
    court: str = ""
    basis: str = ""
    share_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionPlan(Record[pb.DistributionPlan]):
    """A plan, in fen; `number` and `remainder_fen` are worked out, never entered."""

    number: int = 0
    case_number: str = ""
    debtor_name: str = ""
    property: str = ""
    total_fen: int = 0
    costs_fen: int = 0
    mode: str = ""
    claims: tuple[PlanClaim, ...] = ()
    remainder_fen: int = 0
    reasons: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPreview(Record[pb.PreviewPlanResponse]):
    """A plan worked out, and its table as it would be printed."""

    plan: DistributionPlan | None = None
    xlsx: bytes = b""
    pdf: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedPlan(Record[pb.IssuePlanResponse]):
    """A plan issued in every matter."""

    receipts: tuple[ActionReceipt, ...] = ()
    plan: DistributionPlan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCorrection(Record[pb.ClaimCorrection]):
    """How a claim ought to count; what is not disputed is given as in the plan."""

    claim: int = 0
    amount_fen: int = 0
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyReceipt(Record[pb.PartyReceipt]):
    """When and how a party was served; party 0 is the debtor."""

    party: int = 0
    paper: DistributionPaper = ""
    objection_id: str = ""
    received_at: datetime | None = None
    way: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanObjection(Record[pb.PlanObjection]):
    """An objection to the plan in force; `fate` is what became of it, in Chinese."""

    objection_id: str = ""
    party: int = 0
    handed_in_at: datetime | None = None
    corrections: tuple[ClaimCorrection, ...] = ()
    fate: str = ""
    opponents: tuple[int, ...] = ()
    fate_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitedStep(Record[pb.AwaitedStep]):
    """Something that a settlement waits for; `words` in Chinese."""

    code: str = ""
    words: str = ""
    party: int = 0
    objection_id: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionShare(Record[pb.DistributionShare]):
    """A matter that carries the share of a claim, in fen."""

    instruction_id: str = ""
    court: str = ""
    claim: int = 0
    amount_fen: int = 0
    rank: int = 0
    due_fen: int = 0
    paid_fen: int = 0
    left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution(Record[pb.Distribution]):
    """A distribution as it stands."""

    distribution_id: str = ""
    plan: DistributionPlan | None = None
    shares: tuple[DistributionShare, ...] = ()
    receipts: tuple[PartyReceipt, ...] = ()
    objections: tuple[PlanObjection, ...] = ()
    awaited: tuple[AwaitedStep, ...] = ()
    is_settled: bool = False
    deposited_fen: int = 0
