"""One vocabulary: English identifiers in code, Chinese words for people.

The only place of the words for states, marks, actions, roles, kinds, acts, outcomes, subjects, property and
papers. Everything else asks a member for its `zh`.
"""

from xiezhi_domain.terms.actions import Action
from xiezhi_domain.terms.base import Term
from xiezhi_domain.terms.cases import CaseChoice, CaseStatusChange
from xiezhi_domain.terms.deadlines import DeadlineState, OutageReason, ProposalDecision, Rung, TimeVerdict
from xiezhi_domain.terms.events import EventKind
from xiezhi_domain.terms.evidence import LogFault, LogStanding
from xiezhi_domain.terms.indicators import BulletinState, Channel, Indicator, ReturnCause, Variant
from xiezhi_domain.terms.matters import (
    Act,
    DisposalDecision,
    FindTarget,
    FollowUp,
    Kind,
    PropertyCategory,
    SeizurePurpose,
    ServiceResult,
)
from xiezhi_domain.terms.notifications import NotificationChannel, NotificationKind, NotificationState
from xiezhi_domain.terms.papers import PaperType, SealState
from xiezhi_domain.terms.people import AccountEventKind, CourtLevel, Role, SubjectRole
from xiezhi_domain.terms.registries import AnswerState, ControlAction, SeizureKind
from xiezhi_domain.terms.states import Appeal, Mark, Outcome, OwnRulesState, State

__all__ = [
    "AccountEventKind",
    "Act",
    "Action",
    "AnswerState",
    "Appeal",
    "BulletinState",
    "CaseChoice",
    "CaseStatusChange",
    "Channel",
    "ControlAction",
    "CourtLevel",
    "DeadlineState",
    "DisposalDecision",
    "EventKind",
    "FindTarget",
    "FollowUp",
    "Indicator",
    "Kind",
    "LogFault",
    "LogStanding",
    "Mark",
    "NotificationChannel",
    "NotificationKind",
    "NotificationState",
    "OutageReason",
    "Outcome",
    "OwnRulesState",
    "PaperType",
    "PropertyCategory",
    "ProposalDecision",
    "ReturnCause",
    "Role",
    "Rung",
    "SealState",
    "SeizureKind",
    "SeizurePurpose",
    "ServiceResult",
    "State",
    "SubjectRole",
    "Term",
    "TimeVerdict",
    "Variant",
]
