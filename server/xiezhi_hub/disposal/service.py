"""`DisposalDecisionService`: decisions on handovers, on the hub's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

import os
from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import disposal_decision_service_pb2 as pb
from xiezhi.v1.disposal_decision_service_pb2_grpc import DisposalDecisionServiceServicer
from xiezhi_desk.requests import request_key
from xiezhi_domain.events.ids import check_uuid7, uuid7
from xiezhi_hub.confidentiality import Reader
from xiezhi_hub.disposal.drafts import DECISIONS, StoredDecision
from xiezhi_hub.disposal.issue import IssueDecision
from xiezhi_hub.disposal.offers import Looker
from xiezhi_hub.disposal.orders import check_order
from xiezhi_hub.disposal.reading import read_draft, read_drafts, read_handover, to_draft
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.ruling.rule import Seat
from xiezhi_hub.superior.people import person_of
from xiezhi_journal.journal import Journal
from xiezhi_wire.caller import current_caller
from xiezhi_wire.policy import MethodPolicy

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class DisposalDecisionService(DisposalDecisionServiceServicer):
    """Serves decisions on handovers. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat, gate: Gate, policy: MethodPolicy) -> None:
        self._journal = journal
        self._seat = seat
        self._gate = gate
        self._policy = policy

    def _looker(self) -> Looker:
        journal, caller = self._journal, current_caller()
        reader = Reader.of(caller, journal)
        return Looker(caller, self._policy, self._seat, journal.rulebooks, reader, journal.clock())

    async def DraftDecision(
        self, request: pb.DraftDecisionRequest, _context: _Context
    ) -> pb.DraftDecisionResponse:
        """Draft a decision, or write a waiting draft anew."""
        looker = self._looker()
        new = uuid7(looker.now, os.urandom(10))
        draft_id = check_uuid7(request.draft_id, "draft_id") if request.draft_id else new

        def work(connection: Connection) -> bytes:
            DECISIONS.require_writable(connection, draft_id, looker.caller, looker.reader)
            order = check_order(connection, request.order, looker.rulebooks, draft_id, looker.now)
            draft = StoredDecision(
                draft_id=draft_id,
                instruction=order.instruction_id,
                content=order.SerializeToString(),
                author=looker.caller.account_id,
                drafted_at=looker.now,
            )
            DECISIONS.keep(connection, draft)
            return pb.DraftDecisionResponse(draft=to_draft(connection, draft, looker)).SerializeToString()

        key = request_key(looker.caller, "DraftDecision", request)
        return pb.DraftDecisionResponse.FromString(await self._journal.write_once(key, work))

    async def ListDecisionDrafts(
        self, request: pb.ListDecisionDraftsRequest, _context: _Context
    ) -> pb.ListDecisionDraftsResponse:
        """Return a page of drafts."""
        return await self._journal.read(partial(read_drafts, request=request, looker=self._looker()))

    async def GetDecisionDraft(
        self, request: pb.GetDecisionDraftRequest, _context: _Context
    ) -> pb.GetDecisionDraftResponse:
        """Return one draft."""
        query = partial(read_draft, draft_id=request.draft_id, looker=self._looker())
        return pb.GetDecisionDraftResponse(draft=await self._journal.read(query))

    async def ApproveDecision(
        self, request: pb.ApproveDecisionRequest, _context: _Context
    ) -> pb.ApproveDecisionResponse:
        """Approve a draft and issue it."""
        self._gate.require_open()
        caller = current_caller()
        key = request_key(caller, "ApproveDecision", request)
        person = await self._journal.read(partial(person_of, caller=caller))
        reader = Reader.of(caller, self._journal)
        draft = await self._journal.read(partial(DECISIONS.get, draft_id=request.draft_id, reader=reader))
        work = IssueDecision(self._seat, key, person, draft, request.opinion.strip(), request.seen)
        return pb.ApproveDecisionResponse.FromString(await self._journal.submit(work))

    async def DiscardDecisionDraft(
        self, request: pb.DiscardDecisionDraftRequest, _context: _Context
    ) -> pb.DiscardDecisionDraftResponse:
        """Discard a draft."""
        looker = self._looker()

        def work(connection: Connection) -> bytes:
            draft = DECISIONS.discard(connection, request.draft_id, looker.caller, looker.reader, looker.now)
            message = to_draft(connection, draft, looker)
            return pb.DiscardDecisionDraftResponse(draft=message).SerializeToString()

        key = request_key(looker.caller, "DiscardDecisionDraft", request)
        return pb.DiscardDecisionDraftResponse.FromString(await self._journal.write_once(key, work))

    async def RejectDecision(
        self, request: pb.RejectDecisionRequest, _context: _Context
    ) -> pb.RejectDecisionResponse:
        """Do not approve a draft."""
        looker = self._looker()

        def work(connection: Connection) -> bytes:
            draft = DECISIONS.reject(
                connection, request.draft_id, looker.caller, looker.reader, request.opinion, looker.now
            )
            return pb.RejectDecisionResponse(draft=to_draft(connection, draft, looker)).SerializeToString()

        key = request_key(looker.caller, "RejectDecision", request)
        return pb.RejectDecisionResponse.FromString(await self._journal.write_once(key, work))

    async def GetHandoverRecord(
        self, request: pb.GetHandoverRecordRequest, _context: _Context
    ) -> pb.GetHandoverRecordResponse:
        """Return register, money and proof of arrival, and whether a decision may be drafted."""
        query = partial(read_handover, wanted=request.instruction_id, looker=self._looker())
        return await self._journal.read(query)
