"""委托执行 of a whole case: the order, what its steps say, and what became of it. Days are written 2026-11-22."""

from dataclasses import dataclass

from xiezhi.v1 import case_delegation_pb2 as pb
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.court import Officer
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.find import MissingPaper
from xiezhi_client.sdk.records.instruction import ActionReceipt
from xiezhi_client.sdk.records.property import Property
from xiezhi_client.sdk.vocabulary import Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Investigation(Record[pb.Investigation]):
    """That there is nothing here: the day of the last query, what was found, and that it is so."""

    queried_on: str = ""
    result: str = ""
    none_here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedSeizure(Record[pb.HandedSeizure]):
    """A seizure that goes with the case; `rank` 1 is the first seizure, 2 the first that waits."""

    number: int = 0
    property: Property | None = None
    rank: int = 0
    seized_on: str = ""
    expires_on: str = ""
    document_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDelegationOrder(Record[pb.CaseDelegationOrder]):
    """A whole case that is delegated; `balance_fen` is worked out by the node."""

    case_number: str = ""
    receiver: str = ""
    subject_numbers: tuple[int, ...] = ()
    investigation: Investigation | None = None
    properties: tuple[Property, ...] = ()
    main_property: int = 0
    seizures: tuple[HandedSeizure, ...] = ()
    recovered_fen: int = 0
    balance_fen: int = 0
    documents: tuple[Document, ...] = ()
    request_text: str = ""
    limit_days: int = 0
    urgency: Urgency = ""
    urgency_reason: str = ""
    urgency_code: str = ""
    linked_instruction_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDelegationDraft(Record[pb.DraftCaseDelegationResponse]):
    """A draft as stored, with what is missing, Chinese warnings, and the balance that was not recovered, in fen."""

    receipt: ActionReceipt | None = None
    missing_papers: tuple[MissingPaper, ...] = ()
    warnings: tuple[str, ...] = ()
    balance_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFiling(Record[pb.CaseFiling]):
    """The receiver's new case; `amount_fen` 0 takes the balance of the order."""

    case_number: str = ""
    filed_on: str = ""
    officer: Officer | None = None
    amount_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCancellation(Record[pb.CaseCancellation]):
    """A case that has ended by 销案."""

    case_number: str = ""
    cancelled_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedDocument(Record[pb.DatedDocument]):
    """A paper of a court or its High Court, by number and day."""

    number: str = ""
    dated_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeizureRenewal(Record[pb.SeizureRenewal]):
    """A seizure handed over that lasts longer now; its rank stays."""

    number: int = 0
    expires_on: str = ""
    document_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosing(Record[pb.CaseClosing]):
    """The end of the new case, and what it recovered, in fen."""

    closed_on: str = ""
    recovered_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingSeizure(Record[pb.StandingSeizure]):
    """A seizure as it stands: as it was handed over, whose it counts as, until when."""

    handed: HandedSeizure | None = None
    court: str = ""
    expires_on: str = ""
    renewals: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedStep(Record[pb.DatedStep]):
    """A step that stands on a paper, with its Chinese words."""

    kind: str = ""
    words: str = ""
    court: str = ""
    document: DatedDocument | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAccount(Record[pb.CaseAccount]):
    """What became of a delegated case; `holder` is the court whose case it is now."""

    holder: str = ""
    filing: CaseFiling | None = None
    cancellations: tuple[CaseCancellation, ...] = ()
    seizures: tuple[StandingSeizure, ...] = ()
    found: tuple[Property, ...] = ()
    steps: tuple[DatedStep, ...] = ()
    closing: CaseClosing | None = None
