"""`DisposalDecisionService`: decisions on handovers, on the hub's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

import os
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import disposal_decision_service_pb2 as pb
from xiezhi.v1.disposal_decision_service_pb2_grpc import DisposalDecisionServiceServicer
from xiezhi_desk.accounts.store import find_account
from xiezhi_desk.handovers import handover_events, to_record
from xiezhi_desk.requests import request_key
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.events.ids import uuid7
from xiezhi_hub.deadlines.service import find_matter
from xiezhi_hub.disposal.drafts import (
    StoredDecision,
    add_draft,
    decide_draft,
    get_draft,
    get_waiting,
    list_drafts,
)
from xiezhi_hub.disposal.issue import IssueDecision
from xiezhi_hub.disposal.orders import check_order
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.ruling.rule import Seat
from xiezhi_hub.superior.people import person_of
from xiezhi_hub.supervision.summary import to_summary
from xiezhi_hub.urging.drafts import DraftState
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Page, is_overdue, read_summary
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
_STATES: Final = {
    DraftState.WAITING: pb.DECISION_DRAFT_STATE_WAITING,
    DraftState.ISSUED: pb.DECISION_DRAFT_STATE_ISSUED,
    DraftState.REJECTED: pb.DECISION_DRAFT_STATE_REJECTED,
}


class DisposalDecisionService(DisposalDecisionServiceServicer):
    """Serves decisions on handovers. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat, gate: Gate) -> None:
        self._journal = journal
        self._seat = seat
        self._gate = gate

    async def DraftDecision(
        self, request: pb.DraftDecisionRequest, _context: _Context
    ) -> pb.DraftDecisionResponse:
        """Draft a decision."""
        caller, now = current_caller(), self._journal.clock()

        def work(connection: Connection) -> bytes:
            order = check_order(connection, request.order, self._journal.rulebooks, now)
            draft = StoredDecision(
                uuid7(now, os.urandom(10)),
                order.instruction_id,
                DraftState.WAITING,
                order.SerializeToString(),
                caller.account_id,
                now,
            )
            add_draft(connection, draft)
            return pb.DraftDecisionResponse(draft=_draft(connection, draft)).SerializeToString()

        key = request_key(caller, "DraftDecision", request)
        return pb.DraftDecisionResponse.FromString(await self._journal.write_once(key, work))

    async def ListDecisionDrafts(
        self, request: pb.ListDecisionDraftsRequest, _context: _Context
    ) -> pb.ListDecisionDraftsResponse:
        """Return drafts."""
        limit = Page.of(request.page_size, "").size

        def query(connection: Connection) -> list[pb.DecisionDraft]:
            drafts = list_drafts(connection, waiting_only=request.waiting_only, limit=limit)
            return [_draft(connection, draft) for draft in drafts]

        return pb.ListDecisionDraftsResponse(drafts=await self._journal.read(query))

    async def ApproveDecision(
        self, request: pb.ApproveDecisionRequest, _context: _Context
    ) -> pb.ApproveDecisionResponse:
        """Approve a draft and issue it."""
        self._gate.require_open()
        caller = current_caller()
        key = request_key(caller, "ApproveDecision", request)
        person = await self._journal.read(partial(person_of, caller=caller))
        draft = await self._journal.read(partial(get_draft, draft_id=request.draft_id))
        work = IssueDecision(self._seat, key, person, draft, request.opinion.strip(), request.seen)
        return pb.ApproveDecisionResponse.FromString(await self._journal.submit(work))

    async def RejectDecision(
        self, request: pb.RejectDecisionRequest, _context: _Context
    ) -> pb.RejectDecisionResponse:
        """Do not approve a draft."""
        caller, now = current_caller(), self._journal.clock()
        opinion = request.opinion.strip()
        if not opinion:
            raise InvalidInput.in_field("opinion", "请填写不同意的理由")

        def work(connection: Connection) -> bytes:
            draft = replace(
                get_waiting(connection, request.draft_id),
                state=DraftState.REJECTED,
                decided_by=caller.account_id,
                decided_at=now,
                opinion=opinion,
            )
            decide_draft(connection, draft)
            return pb.RejectDecisionResponse(draft=_draft(connection, draft)).SerializeToString()

        key = request_key(caller, "RejectDecision", request)
        return pb.RejectDecisionResponse.FromString(await self._journal.write_once(key, work))

    async def GetHandoverRecord(
        self, request: pb.GetHandoverRecordRequest, _context: _Context
    ) -> pb.GetHandoverRecordResponse:
        """Return register, money and proof of arrival, without what bodies say."""
        now = self._journal.clock()

        def query(connection: Connection) -> pb.GetHandoverRecordResponse:
            instruction = find_matter(connection, request.instruction_id)
            summary = read_summary(connection, instruction)
            assert summary is not None, "the matter was just found in this transaction"
            return pb.GetHandoverRecordResponse(
                instruction=to_summary(summary, late=is_overdue(summary, now)),
                record=to_record(handover_events(connection, instruction), now),
            )

        return await self._journal.read(query)


def _draft(connection: Connection, draft: StoredDecision) -> pb.DecisionDraft:
    message = pb.DecisionDraft(
        draft_id=draft.draft_id,
        state=_STATES[draft.state],
        order=pb.DecisionOrder.FromString(draft.content),
        author=_name(connection, draft.author),
        drafted_at=to_timestamp(draft.drafted_at),
        decided_by=_name(connection, draft.decided_by),
        opinion=draft.opinion,
        content_hash=draft.content_hash,
    )
    if draft.decided_at:
        message.decided_at.CopyFrom(to_timestamp(draft.decided_at))
    return message


def _name(connection: Connection, account_id: str) -> str:
    account = find_account(connection, account_id) if account_id else None
    return account.officer.name if account else ""
