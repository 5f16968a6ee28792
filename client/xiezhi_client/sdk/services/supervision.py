"""What the intermediate court sees; on the hub's desk."""

from collections.abc import AsyncIterator, Awaitable

from xiezhi.v1 import related_case_service_pb2
from xiezhi.v1 import supervision_service_pb2 as pb
from xiezhi.v1.instruction_pb2 import InstructionState as StateEnum
from xiezhi.v1.related_case_service_pb2_grpc import RelatedCaseServiceStub
from xiezhi.v1.supervision_service_pb2_grpc import SupervisionServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.kinds import Name
from xiezhi_client.sdk.records.dossier import RelatedCaseQuery
from xiezhi_client.sdk.records.event import EventRecord
from xiezhi_client.sdk.records.instruction import InstructionSummary
from xiezhi_client.sdk.records.supervision import MatterPage, Overview
from xiezhi_client.sdk.records.view import ListFilter
from xiezhi_client.sdk.rows import Rows

_STATE = Name(StateEnum.DESCRIPTOR)


class Supervision:
    """`SupervisionService`, and the record of questions for related cases."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = SupervisionServiceStub(calls.channel)
        self._related = RelatedCaseServiceStub(calls.channel)

    async def overview(self) -> Overview:
        """Counts by court and state, with what is open and overdue now."""
        return Overview.from_proto(await self._calls.unary(self._stub.GetOverview, pb.GetOverviewRequest()))

    def overdue(self, court: str = "", *, page_size: int = 0) -> Rows[InstructionSummary]:
        """Matters past their limit, longest first, of one receiving court or all."""

        def ask(token: str) -> Awaitable[pb.ListOverdueResponse]:
            request = pb.ListOverdueRequest(court=court, page_size=page_size, page_token=token)
            return self._calls.unary(self._stub.ListOverdue, request)

        return Rows(ask, lambda page: map(InstructionSummary.from_proto, page.instructions))

    async def page(self, wanted: ListFilter, *, page_size: int = 0, page_token: str = "") -> MatterPage:
        """Give one page of the matters between the hub's courts that are *wanted*, newest first, without names.

        What only a court's own list knows (box, person, one's own) narrows nothing here.
        Raise `InvalidInput` for a token of another list.
        """
        request = _wanted(wanted)
        request.page_size, request.page_token = page_size, page_token
        answer = await self._calls.unary(self._stub.ListMatters, request)
        return MatterPage.from_proto(answer)

    async def export(self, wanted: ListFilter, purpose: str) -> tuple[InstructionSummary, ...]:
        """Give all matters between the hub's courts that are *wanted*, without names, to be taken out; say why.

        Recorded, with what they were narrowed to and how many. Raise `InvalidInput`; `Overloaded` for more than 10,000.
        """
        request = pb.ExportMattersRequest(filter=_wanted(wanted), purpose=purpose)
        found: list[InstructionSummary] = []
        async for part in self._calls.stream(self._stub.ExportMatters, request):
            found += map(InstructionSummary.from_proto, part.instructions)
        return tuple(found)

    async def history(
        self, instruction_id: str, *, with_bodies: bool = False, purpose: str = ""
    ) -> tuple[EventRecord, ...]:
        """One matter's events as the hub holds them, by id or number, in the order of the log."""
        request = pb.GetSupervisedHistoryRequest(
            instruction_id=instruction_id, with_bodies=with_bodies, purpose=purpose
        )
        answer = await self._calls.unary(self._stub.GetSupervisedHistory, request)
        return tuple(map(EventRecord.from_proto, answer.records))

    async def related_case_queries(
        self, court: str = "", *, page_size: int = 0
    ) -> AsyncIterator[RelatedCaseQuery]:
        """Who asked for related cases, when, for which case, newest first; of one court or all."""
        request = related_case_service_pb2.ListRelatedCaseQueriesRequest(court=court, page_size=page_size)
        while True:
            page = await self._calls.unary(self._related.ListRelatedCaseQueries, request)
            for query in page.queries:
                yield RelatedCaseQuery.from_proto(query)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token


def _wanted(chosen: ListFilter) -> pb.ListMattersRequest:
    return pb.ListMattersRequest(
        states=[_STATE.to_proto(state) for state in chosen.states],
        kinds=chosen.kinds,
        court=chosen.other_court,
        number=chosen.text,
        case_number=chosen.case_number,
        due_from=chosen.due_from,
        due_until=chosen.due_until,
        open_only=chosen.open_only,
        overdue_only=chosen.overdue_only,
    )
