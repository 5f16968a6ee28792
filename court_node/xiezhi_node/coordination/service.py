"""`CoordinationService`: what this court asks of its superior."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection, and_

from xiezhi.v1 import coordination_service_pb2 as pb
from xiezhi.v1 import order_pb2
from xiezhi.v1.coordination_service_pb2_grpc import CoordinationServiceServicer
from xiezhi.v1.instruction_pb2 import ActionReceipt
from xiezhi_desk.access import Access, record_access
from xiezhi_desk.orders import request_of
from xiezhi_desk.requests import request_key
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.events.ids import check_uuid7
from xiezhi_domain.orders.form import REQUESTS
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Filters, Page, history, list_instructions, read_summary
from xiezhi_node.acting.issue import Issue
from xiezhi_node.confidentiality import find_visible, visible
from xiezhi_node.coordination.checks import to_order
from xiezhi_node.instructions.looking import resolve
from xiezhi_node.instructions.summaries import to_summary
from xiezhi_node.people import person_of
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class CoordinationService(CoordinationServiceServicer):
    """Serves requests of this court from the journal. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat) -> None:
        self._journal = journal
        self._seat = seat

    async def FileRequest(self, request: pb.FileRequestRequest, _context: _Context) -> pb.FileRequestResponse:
        """Report up."""
        caller = current_caller()
        key = request_key(caller, "FileRequest", request)
        instruction = check_uuid7(request.instruction_id, "instruction_id")

        def work(connection: Connection) -> Issue:
            order = to_order(connection, request.request, instruction, self._seat)
            return Issue(self._seat, key, person_of(connection, caller), instruction, order, from_draft=False)

        receipt = await self._journal.submit(await self._journal.read(work))
        return pb.FileRequestResponse(receipt=ActionReceipt.FromString(receipt))

    async def ListOwnRequests(
        self, request: pb.ListOwnRequestsRequest, _context: _Context
    ) -> pb.ListOwnRequestsResponse:
        """Return a page of requests."""
        caller, now, row = current_caller(), self._journal.clock(), tables.instruction.c
        query = partial(
            list_instructions,
            filters=Filters(open_only=request.open_only),
            page=Page.of(request.page_size, request.page_token),
            also=and_(
                row.kind.in_(sorted(REQUESTS)),
                row.sender == self._seat.court,
                visible(caller, self._seat.rulebook),
            ),
        )
        page = await self._journal.read(query)
        rows = [to_summary(each, self._seat, now) for each in page.rows]
        return pb.ListOwnRequestsResponse(requests=rows, next_page_token=page.next_token)

    async def GetOwnRequest(
        self, request: pb.GetOwnRequestRequest, _context: _Context
    ) -> pb.GetOwnRequestResponse:
        """Return one request, after the look is on record."""
        caller, now = current_caller(), self._journal.clock()

        def query(connection: Connection) -> order_pb2.FiledRequest:
            instruction = resolve(connection, caller, self._seat, request.instruction_id)
            find_visible(connection, caller, self._seat.rulebook, instruction)
            row = read_summary(connection, instruction)
            if row is None or row.kind not in REQUESTS:
                raise NotFound(Reason.UNKNOWN_INSTRUCTION, "找不到该报请，请核对编号")
            return request_of(to_summary(row, self._seat, now), history(connection, instruction, bodies=True))

        found = await self._journal.read(query)
        look = Access(now, caller.account_id, "GetOwnRequest", found.summary.instruction_id)
        await self._journal.write(partial(record_access, access=look))
        return pb.GetOwnRequestResponse(request=found)
