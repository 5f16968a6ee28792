"""事项委托 and 协助执行: orders, drafts, batches, sums, and how acts are filled in."""

from dataclasses import dataclass

from xiezhi.v1 import delegation_service_pb2 as pb
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.event import ApprovalRecord
from xiezhi_client.sdk.records.find import MissingPaper
from xiezhi_client.sdk.records.instruction import ActionReceipt
from xiezhi_client.sdk.records.item import Item
from xiezhi_client.sdk.vocabulary import Act, InstructionState, PropertyCategory, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationOrder(Record[pb.DelegationOrder]):
    """What is delegated; `kind` is an identifier of the rulebook, `limit_days` 0 takes the rulebook's limit."""

    kind: str = ""
    case_number: str = ""
    receiver: str = ""
    subject_numbers: tuple[int, ...] = ()
    items: tuple[Item, ...] = ()
    documents: tuple[Document, ...] = ()
    request_text: str = ""
    limit_days: int = 0
    urgency: Urgency = ""
    urgency_reason: str = ""
    why_not_query: str = ""
    bundle_id: str = ""
    linked_instruction_id: str = ""
    excess_reason: str = ""
    phone_first: bool = False
    urgency_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionSum(Record[pb.InstructionSum]):
    """The sums of one instruction, in fen, with Chinese advice where there is any."""

    instruction_id: str = ""
    matter_number: str = ""
    state: InstructionState = ""
    ordered_fen: int = 0
    controlled_fen: int = 0
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSums(Record[pb.CaseSums]):
    """What was ordered and controlled for a case or one 事项组, in fen; `limit_fen` 0: the case does not say."""

    case_number: str = ""
    bundle_id: str = ""
    ordered_fen: int = 0
    controlled_fen: int = 0
    limit_fen: int = 0
    reached: bool = False
    instructions: tuple[InstructionSum, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationDraft(Record[pb.DraftDelegationResponse]):
    """A draft as stored, with what is missing, Chinese warnings, and the sums of its case before it."""

    receipt: ActionReceipt | None = None
    missing_papers: tuple[MissingPaper, ...] = ()
    warnings: tuple[str, ...] = ()
    sums: CaseSums | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationIssue(Record[pb.DelegationIssue]):
    """One order of a batch that the court's own system has approved and sealed; `row` is unique in the batch."""

    row: str = ""
    instruction_id: str = ""
    order: DelegationOrder | None = None
    approval: ApprovalRecord | None = None
    bulk: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationIssueResult(Record[pb.DelegationIssueResult]):
    """What became of one order: a receipt, or reason, Chinese message and field."""

    row: str = ""
    receipt: ActionReceipt | None = None
    reason: str = ""
    message: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActField(Record[pb.ActField]):
    """A field of an item or an outcome: path, Chinese word, and whether it, or one of `alternatives`, is needed."""

    path: str = ""
    label: str = ""
    required: bool = False
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActForm(Record[pb.ActForm]):
    """How one act on one category of property is filled in; `longest_years` 0: it is no measure."""

    act: Act = ""
    category: PropertyCategory = ""
    item_fields: tuple[ActField, ...] = ()
    outcome_fields: tuple[ActField, ...] = ()
    longest_years: int = 0
