"""Registries at a click: queries, acts on immovables and vehicles, persons seen. On a node's desk."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence

from xiezhi.v1 import query_service_pb2 as pb
from xiezhi.v1 import registry_connector_pb2 as connector_pb
from xiezhi.v1.query_service_pb2_grpc import QueryServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.records.instruction import ActionReceipt
from xiezhi_client.sdk.records.registry import (
    HitTold,
    ItemControlled,
    QueryTold,
    RegistryCategory,
    RegistryQuery,
)
from xiezhi_client.sdk.vocabulary import ControlAction


class Queries:
    """`QueryService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = QueryServiceStub(calls.channel)

    async def categories(self, region: str = "") -> tuple[RegistryCategory, ...]:
        """Give the categories that the court can ask, and who serves them."""
        request = pb.ListCategoriesRequest(region=region)
        answer = await self._calls.unary(self._stub.ListCategories, request)
        return tuple(map(RegistryCategory.from_proto, answer.categories))

    async def run(
        self,
        instruction_id: str,
        item_number: int,
        *,
        subject_number: int = 0,
        categories: Sequence[str] = (),
        region: str = "",
        purpose: str = "",
        request_id: str = "",
    ) -> AsyncGenerator[QueryTold, None]:
        """Ask about an obligor and give first the query, then each category as it is answered.

        With the same `request_id` a broken one goes on. Recorded as a look at personal data. Raise `NotAllowed` (no
        obligor), `NotFound`, `WrongState`, `InvalidInput`.
        """
        request = pb.RunQueryRequest(
            request_id=request_id or new_request_id(),
            instruction_id=instruction_id,
            item_number=item_number,
            subject_number=subject_number,
            categories=categories,
            region=region,
            purpose=purpose,
        )
        async for told in self._calls.stream(self._stub.RunQuery, request):
            yield QueryTold.from_proto(told)

    async def list(self, instruction_id: str, *, page_size: int = 0) -> AsyncIterator[RegistryQuery]:
        """Queries of a matter, newest first, without what was answered."""
        request = pb.ListQueriesRequest(instruction_id=instruction_id, page_size=page_size)
        while True:
            page = await self._calls.unary(self._stub.ListQueries, request)
            for query in page.queries:
                yield RegistryQuery.from_proto(query)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    async def get(self, query_id: str, *, purpose: str = "") -> RegistryQuery:
        """Give a query with its answers. Recorded as a look at personal data. Raise `NotFound`."""
        request = pb.GetQueryRequest(query_id=query_id, purpose=purpose)
        return RegistryQuery.from_proto((await self._calls.unary(self._stub.GetQuery, request)).query)

    async def report(
        self, query_id: str, *, categories: Sequence[str] = (), request_id: str = ""
    ) -> ActionReceipt:
        """Report answers as findings of their item, each once. Raise `WrongState` where nothing is left."""
        request = pb.ReportAnswersRequest(
            request_id=request_id or new_request_id(), query_id=query_id, categories=categories
        )
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.ReportAnswers, request)).receipt)

    async def control(
        self,
        instruction_id: str,
        item_number: int,
        *,
        action: ControlAction = "",
        region: str = "",
        request_id: str = "",
    ) -> ItemControlled:
        """Let the registry do what an item orders (an empty `action`), or what else its order allows; once.

        Raise `WrongState` (not accepted yet, expired, no connector), `NotAllowed`, `Unavailable`.
        """
        request = pb.ControlItemRequest(
            request_id=request_id or new_request_id(),
            instruction_id=instruction_id,
            item_number=item_number,
            action=connector_pb.ControlAction.Value(f"CONTROL_ACTION_{action or 'UNSPECIFIED'}"),
            region=region,
        )
        return ItemControlled.from_proto(await self._calls.unary(self._stub.ControlItem, request))

    async def hits(self, after: int = -1, instruction_id: str = "") -> AsyncGenerator[HitTold, None]:
        """Persons seen: first those after the cursor (0: all, -1: from now on), then each as it comes; for ever."""
        request = pb.WatchHitsRequest(after=after, instruction_id=instruction_id)
        async for told in self._calls.stream(self._stub.WatchHits, request):
            yield HitTold.from_proto(told)
