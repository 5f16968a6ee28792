"""The async SDK: everything that a program of a court needs, on grpcio and protobuf alone.

    async with connect("node.court.example:8443", "ca.pem", token) as client:
        async for matter in client.instructions.list(box="RECEIVED", open_only=True):
            print(matter.matter_number, matter.state)

`client`     `connect` and `Client`, whose parts wrap one service each (`services`)
`records`    frozen dataclasses for what the contract's messages say; `record` and `kinds` convert them
`vocabulary` the names that enum fields take
`errors`     one family of exceptions, by what the caller can do
`calls`      token, time limit, repetition (`retry`) of every call; `channel` the connection
`content`    documents on this machine
"""

from xiezhi_client.sdk.client import Client, connect
from xiezhi_client.sdk.errors import (
    Conflict,
    DataLoss,
    FieldViolation,
    InternalError,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
    NotSupported,
    Overloaded,
    TimedOut,
    Unavailable,
    WrongState,
    XiezhiError,
)
from xiezhi_client.sdk.ids import batch_request_id, new_instruction_id, new_request_id
from xiezhi_client.sdk.records.account import Account, ApiToken, Me, SignedIn
from xiezhi_client.sdk.records.case import Case, CaseSummary, StoredCase
from xiezhi_client.sdk.records.court import Court, CourtKey, Officer
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.dossier import (
    CaseChange,
    CaseFeedbackStatus,
    ConcernedInstruction,
    DossierDocument,
    DossierPick,
    ImportedCase,
    ListedCaseChange,
    RelatedCase,
    RelatedCaseQuery,
)
from xiezhi_client.sdk.records.event import Actor, ApprovalRecord, EventRecord, PushProof, TimelineEntry
from xiezhi_client.sdk.records.evidence import Checkpoint, EvidenceReceipt, InclusionProof, Rulebook
from xiezhi_client.sdk.records.find import Draft, FindIssue, FindIssueResult, FindOrder, MissingPaper
from xiezhi_client.sdk.records.instruction import (
    ActionOffer,
    ActionReceipt,
    BatchActResult,
    Change,
    Instruction,
    InstructionSummary,
    ReturnedWork,
)
from xiezhi_client.sdk.records.item import (
    AssistingBody,
    Finding,
    Item,
    ItemOutcome,
    ItemRejection,
    PersonFinding,
)
from xiezhi_client.sdk.records.outside import (
    ChannelAdvice,
    ChannelPolicy,
    ChannelRule,
    OutsideHistory,
    OutsideMatter,
    OutsideResult,
    OutsideRow,
    OutsideStep,
    Trial,
)
from xiezhi_client.sdk.records.paper import (
    ActPapers,
    LetterField,
    LetterForm,
    MadeLetter,
    MadeRow,
    MissingPapers,
    PaperTemplate,
    Seal,
    SealCheck,
    TemplateInUse,
)
from xiezhi_client.sdk.records.party import Organisation, Person, Subject
from xiezhi_client.sdk.records.property import Deposit, Equity, Immovable, Property, Vehicle
from xiezhi_client.sdk.records.staff import (
    CellProblem,
    Duty,
    HandOverResult,
    Leave,
    OnDuty,
    Owned,
    RosterEntry,
    RosterImport,
    RosterProblem,
    StaffResult,
    StaffRow,
)
from xiezhi_client.sdk.records.supervision import CourtOverview, Overview, StateCount
from xiezhi_client.sdk.retry import RetryPolicy
from xiezhi_client.sdk.services.papers import LetterOrder

__all__ = [
    "Account",
    "ActPapers",
    "ActionOffer",
    "ActionReceipt",
    "Actor",
    "ApiToken",
    "ApprovalRecord",
    "AssistingBody",
    "BatchActResult",
    "Case",
    "CaseChange",
    "CaseFeedbackStatus",
    "CaseSummary",
    "CellProblem",
    "Change",
    "ChannelAdvice",
    "ChannelPolicy",
    "ChannelRule",
    "Checkpoint",
    "Client",
    "ConcernedInstruction",
    "Conflict",
    "Court",
    "CourtKey",
    "CourtOverview",
    "DataLoss",
    "Deposit",
    "Document",
    "DossierDocument",
    "DossierPick",
    "Draft",
    "Duty",
    "Equity",
    "EventRecord",
    "EvidenceReceipt",
    "FieldViolation",
    "FindIssue",
    "FindIssueResult",
    "FindOrder",
    "Finding",
    "HandOverResult",
    "Immovable",
    "ImportedCase",
    "InclusionProof",
    "Instruction",
    "InstructionSummary",
    "InternalError",
    "InvalidInput",
    "Item",
    "ItemOutcome",
    "ItemRejection",
    "Leave",
    "LetterField",
    "LetterForm",
    "LetterOrder",
    "ListedCaseChange",
    "MadeLetter",
    "MadeRow",
    "Me",
    "MissingPaper",
    "MissingPapers",
    "NotAllowed",
    "NotFound",
    "NotSignedIn",
    "NotSupported",
    "Officer",
    "OnDuty",
    "Organisation",
    "OutsideHistory",
    "OutsideMatter",
    "OutsideResult",
    "OutsideRow",
    "OutsideStep",
    "Overloaded",
    "Overview",
    "Owned",
    "PaperTemplate",
    "Person",
    "PersonFinding",
    "Property",
    "PushProof",
    "RelatedCase",
    "RelatedCaseQuery",
    "RetryPolicy",
    "ReturnedWork",
    "RosterEntry",
    "RosterImport",
    "RosterProblem",
    "Rulebook",
    "Seal",
    "SealCheck",
    "SignedIn",
    "StaffResult",
    "StaffRow",
    "StateCount",
    "StoredCase",
    "Subject",
    "TemplateInUse",
    "TimedOut",
    "TimelineEntry",
    "Trial",
    "Unavailable",
    "Vehicle",
    "WrongState",
    "XiezhiError",
    "batch_request_id",
    "connect",
    "new_instruction_id",
    "new_request_id",
]
