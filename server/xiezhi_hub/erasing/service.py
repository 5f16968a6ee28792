"""`ErasureService`: orders to erase, on the hub's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

import os
from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import erasure_service_pb2 as pb
from xiezhi.v1.erasure_service_pb2_grpc import ErasureServiceServicer
from xiezhi_desk.requests import request_key
from xiezhi_domain.events.ids import uuid7
from xiezhi_hub.confidentiality import current_reader
from xiezhi_hub.erasing.drafts import ERASURES, StoredErasure, check_order
from xiezhi_hub.erasing.order import OrderErasure
from xiezhi_hub.erasing.reading import draft_message, drafts_response, erasure_page
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Page
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class ErasureService(ErasureServiceServicer):
    """Serves orders to erase. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat, gate: Gate) -> None:
        self._journal = journal
        self._seat = seat
        self._gate = gate

    async def DraftErasure(
        self, request: pb.DraftErasureRequest, _context: _Context
    ) -> pb.DraftErasureResponse:
        """Draft an order."""
        caller, now = current_caller(), self._journal.clock()
        draft_id = uuid7(now, os.urandom(10))

        def work(connection: Connection) -> bytes:
            order = check_order(connection, request.order)
            draft = StoredErasure(
                draft_id=draft_id,
                instruction=order.instruction_id,
                content=order.SerializeToString(deterministic=True),
                author=caller.account_id,
                drafted_at=now,
            )
            ERASURES.keep(connection, draft)
            return pb.DraftErasureResponse(draft=draft_message(connection, draft)).SerializeToString()

        key = request_key(caller, "DraftErasure", request)
        return pb.DraftErasureResponse.FromString(await self._journal.write_once(key, work))

    async def ListErasureDrafts(
        self, request: pb.ListErasureDraftsRequest, _context: _Context
    ) -> pb.ListErasureDraftsResponse:
        """Return the first drafts."""
        limit = Page.of(request.page_size, "").size
        reader = current_reader(self._journal)
        query = partial(drafts_response, reader=reader, waiting_only=request.waiting_only, limit=limit)
        return await self._journal.read(query)

    async def ApproveErasure(
        self, request: pb.ApproveErasureRequest, _context: _Context
    ) -> pb.ApproveErasureResponse:
        """Approve a draft and give the order."""
        self._gate.require_open()
        caller = current_caller()
        key = request_key(caller, "ApproveErasure", request)
        work = OrderErasure(self._seat, key, caller, request.draft_id, request.seen, request.opinion.strip())
        return pb.ApproveErasureResponse.FromString(await self._journal.submit(work))

    async def RejectErasure(
        self, request: pb.RejectErasureRequest, _context: _Context
    ) -> pb.RejectErasureResponse:
        """Do not approve a draft."""
        caller, now, reader = current_caller(), self._journal.clock(), current_reader(self._journal)

        def work(connection: Connection) -> bytes:
            draft = ERASURES.reject(connection, request.draft_id, caller, reader, request.opinion, now)
            return pb.RejectErasureResponse(draft=draft_message(connection, draft)).SerializeToString()

        key = request_key(caller, "RejectErasure", request)
        return pb.RejectErasureResponse.FromString(await self._journal.write_once(key, work))

    async def DiscardErasureDraft(
        self, request: pb.DiscardErasureDraftRequest, _context: _Context
    ) -> pb.DiscardErasureDraftResponse:
        """Discard a draft."""
        caller, now, reader = current_caller(), self._journal.clock(), current_reader(self._journal)

        def work(connection: Connection) -> bytes:
            draft = ERASURES.discard(connection, request.draft_id, caller, reader, now)
            return pb.DiscardErasureDraftResponse(draft=draft_message(connection, draft)).SerializeToString()

        key = request_key(caller, "DiscardErasureDraft", request)
        return pb.DiscardErasureDraftResponse.FromString(await self._journal.write_once(key, work))

    async def ListErasures(
        self, request: pb.ListErasuresRequest, _context: _Context
    ) -> pb.ListErasuresResponse:
        """Return a page of orders and who has answered them."""
        page = Page.of(request.page_size, request.page_token)
        query = partial(erasure_page, hub_court=self._seat.court, page=page, open_only=request.open_only)
        return await self._journal.read(query)
