"""The superior's decision on a handover: what is drafted, what became of it, and the handover as the hub has it."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import disposal_decision_service_pb2 as pb
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.handover import HandoverRecord
from xiezhi_client.sdk.records.instruction import ActionOffer, InstructionSummary
from xiezhi_client.sdk.vocabulary import DecisionDraftState, DisposalDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionOrder(Record[pb.DecisionOrder]):
    """The superior's decision as it is drafted.

    `until_on` (``2026-11-22``) for 限期处置, 协同执行 and where the first court is designated; `court` is the one that
    is designated, empty for the asking court; `documents` go with it to both courts.
    """

    instruction_id: str = ""
    decision: DisposalDecision = ""
    until_on: str = ""
    ground: str = ""
    court: str = ""
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionDraft(Record[pb.DecisionDraft]):
    """A decision on its way; `actions` says what its reader may do with it while it waits, and why not."""

    draft_id: str = ""
    state: DecisionDraftState = ""
    order: DecisionOrder | None = None
    author: str = ""
    drafted_at: datetime | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    opinion: str = ""
    content_hash: str = ""
    actions: tuple[ActionOffer, ...] = ()
    instruction: InstructionSummary | None = None
    rewritable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionDraftPage(Record[pb.ListDecisionDraftsResponse]):
    """One page of drafts; `next_page_token` is empty at the end."""

    drafts: tuple[DecisionDraft, ...] = ()
    next_page_token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisedHandover(Record[pb.GetHandoverRecordResponse]):
    """A handover as the superior sees it; `why_not_draft` is empty for who may draft a decision on it now."""

    instruction: InstructionSummary | None = None
    record: HandoverRecord | None = None
    why_not_draft: str = ""
