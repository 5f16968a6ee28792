"""The terms of the domain as enums of the contract, and back.

The contract's enums have one member for each term, called like it behind the enum's prefix: `Role.JUDGE` is
`ROLE_JUDGE`. The zero member, "not stated", is no term.
"""

from collections.abc import Iterable
from typing import Final, Generic, Protocol, TypeVar

from google.protobuf.descriptor import EnumDescriptor

from xiezhi.v1 import (
    account_journal_service_pb2,
    bulletin_service_pb2,
    case_pb2,
    channel_pb2,
    court_pb2,
    deadline_pb2,
    delegation_service_pb2,
    disposal_decision_service_pb2,
    document_pb2,
    handover_pb2,
    indicator_pb2,
    instruction_pb2,
    item_pb2,
    notification_service_pb2,
    own_rules_service_pb2,
    party_pb2,
    property_pb2,
    registry_connector_pb2,
    registry_pb2,
    superior_service_pb2,
)
from xiezhi_domain import terms
from xiezhi_domain.errors import InvalidInput

TermT = TypeVar("TermT", bound=terms.Term)
NumberT = TypeVar("NumberT", bound=int)
NumberT_co = TypeVar("NumberT_co", bound=int, covariant=True)

_ZERO: Final = "UNSPECIFIED"


class ContractEnum(Protocol[NumberT_co]):
    """A generated enum."""

    DESCRIPTOR: EnumDescriptor

    def Value(self, name: str) -> NumberT_co:  # noqa: N802  # protobuf's name
        """The number of a member."""


class Vocabulary(Generic[TermT, NumberT]):
    """One vocabulary of the domain beside its enum in the contract."""

    def __init__(self, vocabulary: type[TermT], enum: ContractEnum[NumberT]) -> None:
        self.terms = vocabulary
        self.descriptor = enum.DESCRIPTOR
        prefix = self.descriptor.values_by_number[0].name.removesuffix(_ZERO)
        self._numbers = {term: enum.Value(prefix + term.name) for term in vocabulary}
        self._terms: dict[int, TermT] = {number: term for term, number in self._numbers.items()}

    def to_proto(self, term: TermT) -> NumberT:
        """Return the number of *term* in the contract."""
        return self._numbers[term]

    def from_proto(self, number: int, field: str) -> TermT:
        """Return the term that a message says.

        :raises InvalidInput: naming *field*, if it says none, or one that a newer version knows.
        """
        if not number:
            raise InvalidInput.in_field(field, "必填，请选择")
        term = self._terms.get(number)
        if term is None:
            raise InvalidInput.in_field(field, "选项无法识别，请升级程序或重新选择")
        return term

    def all_from_proto(self, numbers: Iterable[int], field: str) -> frozenset[TermT]:
        """Return the terms of a repeated field.

        :raises InvalidInput: as `from_proto`.
        """
        return frozenset(self.from_proto(number, f"{field}[{at}]") for at, number in enumerate(numbers))

    def all_to_proto(self, members: Iterable[TermT]) -> list[NumberT]:
        """Return the numbers of *members*, in the order of the vocabulary."""
        return sorted(self._numbers[term] for term in members)


ROLES: Final = Vocabulary(terms.Role, court_pb2.Role)
COURT_LEVELS: Final = Vocabulary(terms.CourtLevel, court_pb2.CourtLevel)
SUBJECT_ROLES: Final = Vocabulary(terms.SubjectRole, party_pb2.SubjectRole)
PROPERTY_CATEGORIES: Final = Vocabulary(terms.PropertyCategory, property_pb2.PropertyCategory)
PAPER_TYPES: Final = Vocabulary(terms.PaperType, document_pb2.PaperType)
SEAL_STATES: Final = Vocabulary(terms.SealState, document_pb2.SealState)
ACTS: Final = Vocabulary(terms.Act, item_pb2.Act)
SERVICE_RESULTS: Final = Vocabulary(terms.ServiceResult, item_pb2.ServiceResult)
FOLLOW_UPS: Final = Vocabulary(terms.FollowUp, delegation_service_pb2.FollowUp)
OUTCOMES: Final = Vocabulary(terms.Outcome, item_pb2.Outcome)
STATES: Final = Vocabulary(terms.State, instruction_pb2.InstructionState)
APPEALS: Final = Vocabulary(terms.Appeal, superior_service_pb2.Appeal)
MARKS: Final = Vocabulary(terms.Mark, instruction_pb2.Mark)
ACTIONS: Final = Vocabulary(terms.Action, instruction_pb2.Action)
CASE_STATUS_CHANGES: Final = Vocabulary(terms.CaseStatusChange, case_pb2.CaseStatusChange)
CASE_CHOICES: Final = Vocabulary(terms.CaseChoice, case_pb2.CaseChoice)
CHANNELS: Final = Vocabulary(terms.Channel, channel_pb2.Channel)
INDICATORS: Final = Vocabulary(terms.Indicator, indicator_pb2.Indicator)
VARIANTS: Final = Vocabulary(terms.Variant, indicator_pb2.Variant)
RETURN_CAUSES: Final = Vocabulary(terms.ReturnCause, indicator_pb2.ReturnCause)
BULLETIN_STATES: Final = Vocabulary(terms.BulletinState, bulletin_service_pb2.BulletinState)
DEADLINE_STATES: Final = Vocabulary(terms.DeadlineState, deadline_pb2.DeadlineState)
TIME_VERDICTS: Final = Vocabulary(terms.TimeVerdict, deadline_pb2.TimeVerdict)
RUNGS: Final = Vocabulary(terms.Rung, deadline_pb2.Rung)
OUTAGE_REASONS: Final = Vocabulary(terms.OutageReason, deadline_pb2.OutageReason)
PROPOSAL_DECISIONS: Final = Vocabulary(terms.ProposalDecision, deadline_pb2.ProposalDecision)
ANSWER_STATES: Final = Vocabulary(terms.AnswerState, registry_pb2.AnswerState)
SEIZURE_PURPOSES: Final = Vocabulary(terms.SeizurePurpose, handover_pb2.SeizurePurpose)
DISPOSAL_DECISIONS: Final = Vocabulary(terms.DisposalDecision, disposal_decision_service_pb2.DisposalDecision)
SEIZURE_KINDS: Final = Vocabulary(terms.SeizureKind, registry_pb2.SeizureKind)
NOTIFICATION_KINDS: Final = Vocabulary(terms.NotificationKind, notification_service_pb2.NotificationKind)
NOTIFICATION_CHANNELS: Final = Vocabulary(
    terms.NotificationChannel, notification_service_pb2.NotificationChannel
)
NOTIFICATION_STATES: Final = Vocabulary(terms.NotificationState, notification_service_pb2.NotificationState)
OWN_RULES_STATES: Final = Vocabulary(terms.OwnRulesState, own_rules_service_pb2.OwnRulesState)
ACCOUNT_EVENT_KINDS: Final = Vocabulary(terms.AccountEventKind, account_journal_service_pb2.AccountEventKind)
CONTROL_ACTIONS: Final = Vocabulary(terms.ControlAction, registry_connector_pb2.ControlAction)
