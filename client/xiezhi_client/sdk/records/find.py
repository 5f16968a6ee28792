"""查人找物: orders, drafts and batches."""

from dataclasses import dataclass

from xiezhi.v1 import find_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.event import ApprovalRecord
from xiezhi_client.sdk.records.instruction import ActionReceipt
from xiezhi_client.sdk.records.item import Item
from xiezhi_client.sdk.vocabulary import PaperType, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class FindOrder(Record[find_service_pb2.FindOrder]):
    """What a find instruction orders; `limit_days` 0 takes the rulebook's limit."""

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
    phone_first: bool = False
    urgency_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPaper(Record[find_service_pb2.MissingPaper]):
    """A paper that has to be there before a draft can be submitted, with the reason in Chinese."""

    paper_type: PaperType = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(Record[find_service_pb2.DraftFindResponse]):
    """A draft as stored, with what is missing and Chinese warnings."""

    receipt: ActionReceipt | None = None
    missing_papers: tuple[MissingPaper, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FindIssue(Record[find_service_pb2.FindIssue]):
    """One order of a batch that the court's own system has approved and sealed; `row` is unique in the batch."""

    row: str = ""
    instruction_id: str = ""
    order: FindOrder | None = None
    approval: ApprovalRecord | None = None
    bulk: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FindIssueResult(Record[find_service_pb2.FindIssueResult]):
    """What became of one order: a receipt, or reason, Chinese message and field."""

    row: str = ""
    receipt: ActionReceipt | None = None
    reason: str = ""
    message: str = ""
    field: str = ""
