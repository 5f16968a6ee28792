"""`RestrictionService`: who reads matters that have ended, on the hub's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, TypeAlias

import grpc

from xiezhi.v1 import restriction_service_pb2 as pb
from xiezhi.v1.restriction_service_pb2_grpc import RestrictionServiceServicer
from xiezhi_desk.requests import request_key
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.restricting.order import OrderRestriction
from xiezhi_hub.restricting.reading import restriction_page
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Page
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class RestrictionService(RestrictionServiceServicer):
    """Serves orders about who reads a matter. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat, gate: Gate) -> None:
        self._journal = journal
        self._seat = seat
        self._gate = gate

    async def OrderRestriction(
        self, request: pb.OrderRestrictionRequest, _context: _Context
    ) -> pb.OrderRestrictionResponse:
        """Give an order."""
        self._gate.require_open()
        caller = current_caller()
        key = request_key(caller, "OrderRestriction", request)
        work = OrderRestriction(self._seat, key, caller, request.order)
        return pb.OrderRestrictionResponse.FromString(await self._journal.submit(work))

    async def ListRestrictions(
        self, request: pb.ListRestrictionsRequest, _context: _Context
    ) -> pb.ListRestrictionsResponse:
        """Return a page of restricted matters."""
        page = Page.of(request.page_size, request.page_token)
        query = partial(restriction_page, page=page, lifted_too=request.lifted_too)
        return await self._journal.read(query)
