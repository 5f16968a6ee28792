"""Drafts of decisions, and the record of a handover, as the contract shows them at the hub."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import disposal_decision_service_pb2 as pb
from xiezhi.v1.instruction_pb2 import InstructionSummary
from xiezhi_desk.accounts.store import find_account
from xiezhi_desk.handovers import handover_events, to_record
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import InvalidInput
from xiezhi_hub.confidentiality import find_matter
from xiezhi_hub.disposal.drafts import DECISIONS, StoredDecision, Wanted, page_of_drafts
from xiezhi_hub.disposal.offers import Looker, offers
from xiezhi_hub.supervision.summary import to_summary
from xiezhi_hub.urging.drafts import DraftState, may_rewrite
from xiezhi_journal.reading import Page, is_overdue, read_summary

_STATES: Final = {
    DraftState.WAITING: pb.DECISION_DRAFT_STATE_WAITING,
    DraftState.ISSUED: pb.DECISION_DRAFT_STATE_ISSUED,
    DraftState.REJECTED: pb.DECISION_DRAFT_STATE_REJECTED,
    DraftState.DISCARDED: pb.DECISION_DRAFT_STATE_DISCARDED,
}
_ASKED: Final[Mapping[int, DraftState]] = {number: state for state, number in _STATES.items()}


def to_draft(connection: Connection, draft: StoredDecision, looker: Looker) -> pb.DecisionDraft:
    """Return a draft as *looker* sees it."""
    message = pb.DecisionDraft(
        draft_id=draft.draft_id,
        state=_STATES[draft.state],
        order=pb.DecisionOrder.FromString(draft.content),
        author=_name(connection, draft.author),
        drafted_at=to_timestamp(draft.drafted_at),
        decided_by=_name(connection, draft.decided_by),
        opinion=draft.opinion,
        content_hash=draft.content_hash,
        actions=offers(connection, draft, looker),
        instruction=_summary(connection, draft.instruction, looker.now),
        rewritable=may_rewrite(draft, looker.caller),
    )
    if draft.decided_at:
        message.decided_at.CopyFrom(to_timestamp(draft.decided_at))
    return message


def read_draft(connection: Connection, draft_id: str, looker: Looker) -> pb.DecisionDraft:
    """Return one draft.

    :raises NotFound: no such draft.
    """
    return to_draft(connection, DECISIONS.get(connection, draft_id, looker.reader), looker)


def read_drafts(
    connection: Connection, request: pb.ListDecisionDraftsRequest, looker: Looker
) -> pb.ListDecisionDraftsResponse:
    """Return a page of drafts.

    :raises InvalidInput: a state that this version does not know; a token of another list.
    :raises NotFound: UNKNOWN_INSTRUCTION.
    """
    wanted = Wanted(
        _asked(request),
        request.court.strip(),
        find_matter(connection, request.instruction_id, looker.reader) if request.instruction_id else "",
    )
    page = Page.of(request.page_size, request.page_token)
    drafts, token = page_of_drafts(connection, wanted, page, looker.reader)
    return pb.ListDecisionDraftsResponse(
        drafts=[to_draft(connection, draft, looker) for draft in drafts], next_page_token=token
    )


def _asked(request: pb.ListDecisionDraftsRequest) -> DraftState | None:
    if not request.state:
        return DraftState.WAITING if request.waiting_only else None
    if request.state not in _ASKED:
        raise InvalidInput.in_field("state", "选项无法识别，请升级程序或重新选择")
    return _ASKED[request.state]


def read_handover(connection: Connection, wanted: str, looker: Looker) -> pb.GetHandoverRecordResponse:
    """Return register, money and proof of arrival of a matter, without what bodies say.

    :raises NotFound: UNKNOWN_INSTRUCTION.
    """
    instruction = find_matter(connection, wanted, looker.reader)
    return pb.GetHandoverRecordResponse(
        instruction=_summary(connection, instruction, looker.now),
        record=to_record(handover_events(connection, instruction), looker.now),
        why_not_draft=looker.may_not_draft(connection, instruction),
    )


def _summary(connection: Connection, instruction: str, now: int) -> InstructionSummary:
    summary = read_summary(connection, instruction)
    assert summary is not None, "found in this transaction, or drafted on when it was there"
    return to_summary(summary, late=is_overdue(summary, now))


def _name(connection: Connection, account_id: str) -> str:
    account = find_account(connection, account_id) if account_id else None
    return account.officer.name if account else ""
