"""What comes from the court's case system and goes back there: dossiers, changes, related cases, results."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import case_pb2, case_service_pb2, related_case_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.case import Case
from xiezhi_client.sdk.records.court import Officer
from xiezhi_client.sdk.records.instruction import ActionReceipt, InstructionSummary
from xiezhi_client.sdk.vocabulary import CaseChoice, CaseStatusChange, PaperType


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedCase(Record[case_service_pb2.ImportCaseResponse]):
    """A case as it was taken from the case system, numbers of people masked, with Chinese warnings."""

    case_file: Case | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierDocument(Record[case_pb2.DossierDocument]):
    """A paper of a dossier; `sha256` is empty where the case system does not know it without reading the paper."""

    document_id: str = ""
    name: str = ""
    paper_type: PaperType = ""
    size: int = 0
    sha256: str = ""
    catalogue: str = ""
    dated: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierPick(Record[case_service_pb2.DossierPick]):
    """A paper ticked in a dossier; without a `paper_type` it keeps the dossier's."""

    document_id: str = ""
    paper_type: PaperType = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange(Record[case_pb2.CaseChange]):
    """What became of a case; `court` has it from then on, empty where it stays or ends."""

    change_id: str = ""
    case_number: str = ""
    change: CaseStatusChange = ""
    happened_at: datetime | None = None
    court: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernedInstruction(Record[case_service_pb2.ConcernedInstruction]):
    """A matter that a change of its case concerns, and what was chosen; shown red where nothing was by `due_at`."""

    instruction: InstructionSummary | None = None
    choice: CaseChoice = ""
    text: str = ""
    chosen_by: str = ""
    chosen_at: datetime | None = None
    due_at: datetime | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenForCase(Record[case_service_pb2.ChooseForCaseChangeResponse]):
    """A matter with what was chosen for it, and the receipt of what that did."""

    instruction: ConcernedInstruction | None = None
    receipt: ActionReceipt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCaseChange(Record[case_service_pb2.ListedCaseChange]):
    """A change with the matters that it concerns."""

    change: CaseChange | None = None
    learned_at: datetime | None = None
    instructions: tuple[ConcernedInstruction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedCase(Record[case_service_pb2.RelatedCase]):
    """An open case of another court with a common party: whom to call, and nothing else."""

    court: str = ""
    case_number: str = ""
    contact: Officer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedCaseQuery(Record[related_case_service_pb2.RelatedCaseQuery]):
    """Who asked for related cases, as the hub keeps it."""

    asked_at: datetime | None = None
    court: str = ""
    account_id: str = ""
    account_name: str = ""
    case_number: str = ""
    purpose: str = ""
    answers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFeedbackStatus(Record[case_service_pb2.CaseFeedbackStatus]):
    """A result on its way into the case system; `sent_at` is None while it has not arrived."""

    feedback_id: str = ""
    instruction_id: str = ""
    case_number: str = ""
    sent_at: datetime | None = None
    failures: int = 0
    problem: str = ""
