"""`OrderedService`: orders of the superior that this court has received."""

# Methods are named by the contract.
# ruff: noqa: N802

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import grpc
from google.protobuf.message import Message
from sqlalchemy import Connection, and_

from xiezhi.v1 import event_pb2, order_pb2
from xiezhi.v1 import ordered_service_pb2 as pb
from xiezhi.v1.instruction_pb2 import ActionReceipt
from xiezhi.v1.ordered_service_pb2_grpc import OrderedServiceServicer
from xiezhi_desk.access import Access, record_access
from xiezhi_desk.orders import checked_closing, checked_filing, recorded_at
from xiezhi_desk.requests import request_key
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.orders.form import ORDERS
from xiezhi_domain.terms import EventKind
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Filters, Page, list_instructions
from xiezhi_node.acting.act import MoveTaken
from xiezhi_node.acting.compose import PartContent
from xiezhi_node.confidentiality import find_visible, visible
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.instructions.actions import Acting
from xiezhi_node.instructions.checks import CLOCK_TOLERANCE_MS, check_documents
from xiezhi_node.instructions.looking import resolve
from xiezhi_node.instructions.summaries import to_summary
from xiezhi_node.ordered.reading import read_order
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
_Making: TypeAlias = Callable[[order_pb2.IssuedOrder], MoveTaken]


class OrderedService(OrderedServiceServicer):
    """Serves received orders from the journal. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat) -> None:
        self._journal = journal
        self._seat = seat

    async def ListReceivedOrders(
        self, request: pb.ListReceivedOrdersRequest, _context: _Context
    ) -> pb.ListReceivedOrdersResponse:
        """Return a page of received orders."""
        caller, now, row = current_caller(), self._journal.clock(), tables.instruction.c
        query = partial(
            list_instructions,
            filters=Filters(open_only=request.open_only),
            page=Page.of(request.page_size, request.page_token),
            also=and_(
                row.kind.in_(sorted(ORDERS)),
                row.receiver == self._seat.court,
                visible(caller, self._seat.rulebook),
            ),
        )
        page = await self._journal.read(query)
        orders = [to_summary(each, self._seat, now) for each in page.rows]
        return pb.ListReceivedOrdersResponse(orders=orders, next_page_token=page.next_token)

    async def GetReceivedOrder(
        self, request: pb.GetReceivedOrderRequest, _context: _Context
    ) -> pb.GetReceivedOrderResponse:
        """Return one order, after the look is on record."""
        caller, now = current_caller(), self._journal.clock()

        def query(connection: Connection) -> tuple[str, order_pb2.IssuedOrder]:
            instruction = resolve(connection, caller, self._seat, request.instruction_id)
            find_visible(connection, caller, self._seat.rulebook, instruction)
            return instruction, read_order(connection, self._seat, instruction, now)

        instruction, order = await self._journal.read(query)
        look = Access(now, caller.account_id, "GetReceivedOrder", instruction)
        await self._journal.write(partial(record_access, access=look))
        return pb.GetReceivedOrderResponse(order=order)

    async def Consult(self, request: pb.ConsultRequest, _context: _Context) -> pb.ConsultResponse:
        """Ask for direction, or report a difficulty."""
        facts: JsonObject = {"matter": request.matter}
        receipt = await self._said("Consult", request, EventKind.CONSULTED, facts)
        return pb.ConsultResponse(receipt=receipt)

    async def ReportOrder(self, request: pb.ReportOrderRequest, _context: _Context) -> pb.ReportOrderResponse:
        """Report the result."""
        facts: JsonObject = {"result": request.result}
        receipt = await self._said("ReportOrder", request, EventKind.ORDER_REPORTED, facts)
        return pb.ReportOrderResponse(receipt=receipt)

    async def CloseOldCase(
        self, request: pb.CloseOldCaseRequest, _context: _Context
    ) -> pb.CloseOldCaseResponse:
        """Record that the old cases were struck off."""

        def making(issued: order_pb2.IssuedOrder) -> MoveTaken:
            order, here = issued.order, issued.courts[0]
            if "OLD_COURT" not in here.parts:
                raise InvalidInput.in_field("instruction_id", "本院案件不因该决定移出，不需要登记原案销案")
            balance = checked_closing(request.closing, order, self._seat.court, here.balance_fen)
            facts: JsonObject = {"balance": balance, "closed": self._recorded_at(request, "closed_at")}
            return MoveTaken(EventKind.OLD_CASE_CLOSED, facts, _parts(request, "closing"))

        return pb.CloseOldCaseResponse(receipt=await self._act("CloseOldCase", request, making))

    async def FileNewCase(self, request: pb.FileNewCaseRequest, _context: _Context) -> pb.FileNewCaseResponse:
        """Record the new cases."""

        def making(issued: order_pb2.IssuedOrder) -> MoveTaken:
            order, here = issued.order, issued.courts[0]
            if "NEW_COURT" not in here.parts:
                raise InvalidInput.in_field(
                    "instruction_id", "本院不是该决定确定的接收案件的法院，不能登记新案立案"
                )
            old = [each.case_number for each in order.cases]
            balance = checked_filing(request.filing, old, self._seat.court, here.balance_fen)
            facts: JsonObject = {"balance": balance, "filed": self._recorded_at(request, "filed_at")}
            return MoveTaken(EventKind.NEW_CASE_FILED, facts, _parts(request, "filing"))

        return pb.FileNewCaseResponse(receipt=await self._act("FileNewCase", request, making))

    def _recorded_at(self, request: Any, field: str) -> int:
        return recorded_at(request, field, self._journal.clock(), CLOCK_TOLERANCE_MS)

    async def _said(self, method: str, request: Any, kind: EventKind, facts: JsonObject) -> ActionReceipt:
        """Take a step that says something and may bring papers."""

        def making(issued: order_pb2.IssuedOrder) -> MoveTaken:
            del issued
            text = event_pb2.Prose(text=request.text.strip()).SerializeToString()
            return MoveTaken(kind, facts, [("prose", text)], [each.sha256 for each in request.documents])

        fields = Fields()
        fields.require_text("text", request.text, "具体内容", LONGEST_TEXT)
        fields.require_none()
        return await self._act(method, request, making)

    async def _act(self, method: str, request: Any, making: _Making) -> ActionReceipt:
        """Take a step on an order; on no other matter."""
        caller, now = current_caller(), self._journal.clock()
        key = request_key(caller, method, request)

        def work(connection: Connection) -> Any:
            instruction = resolve(connection, caller, self._seat, request.instruction_id)
            acting = Acting(
                self._seat,
                self._journal.rulebooks,
                caller,
                key,
                instruction,
                now,
                request.base_event_id,
            )
            find_visible(connection, caller, self._seat.rulebook, instruction)
            fields = Fields()
            check_documents(fields, getattr(request, "documents", ()), acting.present(connection))
            fields.require_none()
            return acting.work(connection, making(read_order(connection, self._seat, instruction, now)))

        taken = await self._journal.read(work)
        return ActionReceipt.FromString(await self._journal.submit(taken))


def _parts(request: Any, name: str) -> list[PartContent]:
    """Return the part *name* of *request*, and its words where it has any."""
    content: Message = getattr(request, name)
    parts = [(name, content.SerializeToString())]
    if request.text.strip():
        parts.append(("prose", event_pb2.Prose(text=request.text.strip()).SerializeToString()))
    return parts
