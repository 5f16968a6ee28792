"""`RequestDeskService`: what lower courts ask of their common superior, on the hub's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import document_pb2, event_pb2, order_pb2
from xiezhi.v1 import request_desk_service_pb2 as pb
from xiezhi.v1.instruction_pb2 import ActionReceipt
from xiezhi.v1.request_desk_service_pb2_grpc import RequestDeskServiceServicer
from xiezhi_desk.access import require_purpose
from xiezhi_desk.documents.service import document_message
from xiezhi_desk.documents.store import list_documents
from xiezhi_desk.orders import day, request_of
from xiezhi_desk.terms import PAPER_TYPES
from xiezhi_domain.calendar import end_of_day_ms
from xiezhi_domain.errors import InvalidInput, NotFound, Reason
from xiezhi_domain.orders.form import REQUESTS
from xiezhi_domain.terms import EventKind, PaperType
from xiezhi_hub.confidentiality import current_reader
from xiezhi_hub.looking import look_into
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.ruling.rule import Seat
from xiezhi_hub.superior.acting import PartContent, SuperiorAct, SuperiorMove
from xiezhi_hub.superior.desk import SuperiorDesk, prose
from xiezhi_hub.supervision.summary import to_summary
from xiezhi_hub.urging.issue import hand_on_documents
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.reading import Filters, Page, history, is_overdue, list_instructions, read_summary

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


@dataclass(frozen=True, slots=True)
class WithPapers:
    """Work for the writer: *act*, whose documents were uploaded under the id of its request."""

    act: SuperiorAct

    def prepare(self, ledger: Ledger) -> None:
        """Ask for what the act needs."""
        self.act.prepare(ledger)

    def run(self, ledger: Ledger) -> bytes:
        """Act, and say that the matter has the documents."""
        answer = self.act.run(ledger)
        with ledger.connection.begin_nested():
            brought = self.act.request.request_id
            hand_on_documents(ledger, brought, self.act.instruction, self.act.seat.court)
        return answer


class RequestDesk(RequestDeskServiceServicer):
    """Serves requests from the journal. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat, gate: Gate) -> None:
        self._journal = journal
        self._desk = SuperiorDesk(journal, seat, gate)

    async def ListRequests(
        self, request: pb.ListRequestsRequest, _context: _Context
    ) -> pb.ListRequestsResponse:
        """Return a page of requests."""
        now = self._journal.clock()
        query = partial(
            list_instructions,
            filters=Filters(kinds=frozenset(REQUESTS), open_only=request.open_only),
            page=Page.of(request.page_size, request.page_token),
            also=current_reader(self._journal).visible(),
        )
        page = await self._journal.read(query)
        rows = [to_summary(each, late=is_overdue(each, now)) for each in page.rows]
        return pb.ListRequestsResponse(requests=rows, next_page_token=page.next_token)

    async def GetRequest(self, request: pb.GetRequestRequest, _context: _Context) -> pb.GetRequestResponse:
        """Return one request, after the look is on record."""
        purpose = require_purpose(request.purpose, "查看报请内容应填写查看事由")
        now = self._journal.clock()
        instruction = await look_into(self._journal, "GetRequest", request.instruction_id, purpose)
        query = partial(_read, instruction=instruction, now=now)
        return pb.GetRequestResponse(request=await self._journal.read(query))

    async def AcceptRequest(
        self, request: pb.AcceptRequestRequest, _context: _Context
    ) -> pb.AcceptRequestResponse:
        """Take a request on."""
        move = SuperiorMove(EventKind.REQUEST_ACCEPTED, parts=prose("text", request.text, required=False))
        return pb.AcceptRequestResponse(receipt=await self._desk.act("AcceptRequest", request, move))

    async def RecordHearing(
        self, request: pb.RecordHearingRequest, _context: _Context
    ) -> pb.RecordHearingResponse:
        """Record a hearing."""
        held = end_of_day_ms(day(request.hearing.held_on, "hearing.held_on"))
        documents = await self._documents(request.request_id, request.documents)
        counts = _counts(documents)
        if PaperType.HEARING_RECORD not in counts:
            raise InvalidInput.in_field("documents", f"请附{PaperType.HEARING_RECORD.zh}")
        parts = [("hearing", request.hearing.SerializeToString()), _part(documents)]
        move = SuperiorMove(EventKind.HEARING_HELD, {"held": held, "papers": counts}, parts)
        return pb.RecordHearingResponse(receipt=await self._act("RecordHearing", request, move))

    async def DecideRequest(
        self, request: pb.DecideRequestRequest, _context: _Context
    ) -> pb.DecideRequestResponse:
        """Decide a request."""
        documents = await self._documents(request.request_id, request.documents)
        parts = [*prose("text", request.text), _part(documents)]
        move = SuperiorMove(EventKind.REQUEST_DECIDED, {"result": request.result}, parts)
        return pb.DecideRequestResponse(receipt=await self._act("DecideRequest", request, move))

    async def _act(self, method: str, request: Any, move: SuperiorMove) -> ActionReceipt:
        return await self._desk.act(method, request, move, WithPapers)

    async def _documents(
        self, brought: str, named: Iterable[document_pb2.Document]
    ) -> list[document_pb2.Document]:
        """Return the documents *named*, as they lie here for the request."""
        stored = await self._journal.read(partial(list_documents, instruction_id=brought))
        here = {each.spec.sha256: document_message(each) for each in stored}
        for at, each in enumerate(named):
            if each.sha256 not in here:
                raise InvalidInput.in_field(f"documents[{at}]", "该文书尚未上传，请先上传")
        return [here[sha256] for sha256 in dict.fromkeys(each.sha256 for each in named)]


def _counts(documents: Iterable[document_pb2.Document]) -> dict[str, Any]:
    counts: dict[str, Any] = {}
    for each in documents:
        paper = str(PAPER_TYPES.from_proto(each.paper_type, "documents"))
        counts[paper] = counts.get(paper, 0) + 1
    return counts


def _part(documents: Iterable[document_pb2.Document]) -> PartContent:
    return ("documents", event_pb2.DocumentList(documents=documents).SerializeToString())


def _read(connection: Connection, instruction: str, now: int) -> order_pb2.FiledRequest:
    row = read_summary(connection, instruction)
    if row is None or row.kind not in REQUESTS:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION, "找不到该报请，请核对编号")
    summary = to_summary(row, late=is_overdue(row, now))
    return request_of(summary, history(connection, instruction, bodies=True))
