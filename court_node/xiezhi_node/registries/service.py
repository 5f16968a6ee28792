"""`QueryService`: registries at a click."""

# Methods are named by the contract.
# ruff: noqa: N802

from collections.abc import AsyncIterator
from functools import partial
from typing import Any, Final, TypeAlias

import grpc

from xiezhi.v1 import instruction_pb2
from xiezhi.v1 import query_service_pb2 as pb
from xiezhi.v1.query_service_pb2_grpc import QueryServiceServicer
from xiezhi_desk.access import Access, check_purpose, record_access
from xiezhi_desk.once import act_once
from xiezhi_desk.requests import request_key
from xiezhi_desk.terms import CONTROL_ACTIONS
from xiezhi_domain.errors import InvalidInput
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Page
from xiezhi_link.signal import Signal
from xiezhi_node.confidentiality import find_visible, may_unmask
from xiezhi_node.instructions.actions import Acting
from xiezhi_node.registries import hit_store, store
from xiezhi_node.registries.acts import Wish
from xiezhi_node.registries.desk import RegistryDesk
from xiezhi_node.registries.masking import mask_query
from xiezhi_node.registries.reporting import prepare_report
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller, current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
FROM_NOW: Final = -1
LOOK_EVERY_S: Final = 2.0


class QueryService(QueryServiceServicer):
    """Serves queries, acts and hits. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat, desk: RegistryDesk, commits: Signal) -> None:
        self._journal = journal
        self._seat = seat
        self._desk = desk
        self._commits = commits

    async def ListCategories(
        self, request: pb.ListCategoriesRequest, _context: _Context
    ) -> pb.ListCategoriesResponse:
        """Return the categories and who serves them."""
        settings, now = self._desk.settings, self._journal.clock()
        region = request.region or settings.region
        told = pb.ListCategoriesResponse()
        for category in settings.categories.values():
            name = settings.connector_for(category.code, region)
            resting = bool(name) and self._desk.connectors[name].circuit.is_resting(now)
            told.categories.add(
                code=category.code,
                name=category.name,
                confirmed=category.confirmed,
                connector=name,
                resting=resting,
            )
        return told

    async def RunQuery(
        self, request: pb.RunQueryRequest, _context: _Context
    ) -> AsyncIterator[pb.RunQueryResponse]:
        """Ask, and tell what is answered as it comes."""
        caller = current_caller()
        key = request_key(caller, "RunQuery", request)
        query_id = await self._desk.queries.make(caller, key, request)
        async for told in self._desk.queries.follow(query_id):
            yield told

    async def ListQueries(self, request: pb.ListQueriesRequest, _context: _Context) -> pb.ListQueriesResponse:
        """Return the queries of a matter."""
        caller, page = current_caller(), Page.of(request.page_size, request.page_token)
        await self._require_visible(caller, request.instruction_id)
        listed = await self._journal.read(
            partial(store.list_queries, instruction=request.instruction_id, page=page)
        )
        for query in listed.queries:
            store.name_answers(query, self._desk.settings.categories)
        return listed

    async def GetQuery(self, request: pb.GetQueryRequest, _context: _Context) -> pb.GetQueryResponse:
        """Return a query with its answers, after the look is on record."""
        caller, purpose = current_caller(), check_purpose(request.purpose)
        query = await self._desk.queries.read(request.query_id)
        await self._require_visible(caller, query.instruction_id)
        works = await self._journal.read(partial(may_unmask, caller=caller, instruction=query.instruction_id))
        await self._record(caller, "GetQuery", query.instruction_id, purpose, unmasked=works)
        if not works:
            mask_query(query)
        return pb.GetQueryResponse(query=query)

    async def ReportAnswers(
        self, request: pb.ReportAnswersRequest, _context: _Context
    ) -> pb.ReportAnswersResponse:
        """Report answers as findings of their item."""
        caller = current_caller()
        key = request_key(caller, "ReportAnswers", request)
        query = await self._desk.queries.read(request.query_id)
        acting = Acting(
            self._seat, self._journal.rulebooks, caller, key, query.instruction_id, self._journal.clock()
        )
        prepare = partial(prepare_report, acting=acting, query=query, categories=list(request.categories))
        answer = await act_once(self._journal, key, prepare)
        return pb.ReportAnswersResponse(receipt=instruction_pb2.ActionReceipt.FromString(answer))

    async def ControlItem(self, request: pb.ControlItemRequest, _context: _Context) -> pb.ControlItemResponse:
        """Let a registry act."""
        caller = current_caller()
        request_key(caller, "ControlItem", request)
        action = CONTROL_ACTIONS.from_proto(request.action, "action") if request.action else None
        wish = Wish(caller, request.instruction_id, request.item_number, action, request.region)
        return await self._desk.acts.act(wish)

    async def WatchHits(
        self, request: pb.WatchHitsRequest, _context: _Context
    ) -> AsyncIterator[pb.WatchHitsResponse]:
        """Tell of persons seen, for ever."""
        caller = current_caller()
        if request.after < FROM_NOW:
            raise InvalidInput.in_field("after", "起始位置应为 -1、0 或最后收到的位置")
        if request.instruction_id:
            await self._require_visible(caller, request.instruction_id)
        await self._record(caller, "WatchHits", request.instruction_id, "", unmasked=True)
        with self._commits.subscribe() as wake:
            after = request.after
            if after == FROM_NOW:
                after = await self._journal.read(hit_store.newest)
            while True:
                hits = partial(
                    hit_store.hits_after, caller=caller, after=after, instruction=request.instruction_id
                )
                for hit in await self._journal.read(hits):
                    after = hit.cursor
                    yield hit
                await wake.wait(LOOK_EVERY_S)

    async def _require_visible(self, caller: Caller, instruction: str) -> None:
        rulebook = self._seat.rulebook
        await self._journal.read(
            partial(find_visible, caller=caller, rulebook=rulebook, instruction=instruction)
        )

    async def _record(
        self, caller: Caller, method: str, instruction: str, purpose: str, *, unmasked: bool
    ) -> None:
        looked = Access(self._journal.clock(), caller.account_id, method, instruction, purpose, unmasked)
        await self._journal.write(partial(record_access, access=looked))
