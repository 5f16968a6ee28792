"""批量现场查控: items that need a visit, sheets, results."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import field_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.court import Officer
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.instruction import ActionReceipt
from xiezhi_client.sdk.records.item import ItemOutcome
from xiezhi_client.sdk.vocabulary import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldVisit(Record[field_service_pb2.FieldVisit]):
    """An item that needs a visit; `order` is 0 off a sheet, `event_id` empty while it is not reported."""

    instruction_id: str = ""
    matter_number: str = ""
    item_number: int = 0
    act: Act = ""
    area: str = ""
    address: str = ""
    subject_name: str = ""
    scope: str = ""
    clue: str = ""
    risk_note: str = ""
    urgent: bool = False
    due_at: datetime | None = None
    order: int = 0
    event_id: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSheet(Record[field_service_pb2.FieldSheet]):
    """外勤任务单 of one day (YYYY-MM-DD); lists leave out the visits."""

    sheet_id: str = ""
    day: str = ""
    officers: tuple[Officer, ...] = ()
    note: str = ""
    account_id: str = ""
    made_at: datetime | None = None
    open: bool = False
    visit_count: int = 0
    reported_count: int = 0
    visits: tuple[FieldVisit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldItem(Record[field_service_pb2.FieldItem]):
    """An item for a sheet; `address` where the order tells none, or a better one."""

    instruction_id: str = ""
    item_number: int = 0
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReport(Record[field_service_pb2.FieldReport]):
    """The results of one matter; its documents were uploaded for any matter of the sheet."""

    instruction_id: str = ""
    outcomes: tuple[ItemOutcome, ...] = ()
    text: str = ""
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReportResult(Record[field_service_pb2.FieldReportResult]):
    """What became of the report of one matter."""

    instruction_id: str = ""
    receipt: ActionReceipt | None = None
    reason: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReported(Record[field_service_pb2.ReportFieldSheetResponse]):
    """What became of all results, and the sheet as it stands."""

    results: tuple[FieldReportResult, ...] = ()
    sheet: FieldSheet | None = None
