"""Restricting who reads matters that have ended, on the hub's desk."""

from xiezhi.v1 import restriction_service_pb2 as pb
from xiezhi.v1.restriction_service_pb2_grpc import RestrictionServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.records.restriction import Restriction, RestrictionOrder, RestrictionPage


class Restrictions:
    """`RestrictionService`. Raises as the steps in `ladder` do."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = RestrictionServiceStub(calls.channel)

    async def order(self, order: RestrictionOrder, *, request_id: str = "") -> Restriction:
        """Restrict the reading of a matter to leaders, or lift it; for a leader of the hub's court."""
        request = pb.OrderRestrictionRequest(
            request_id=request_id or new_request_id(), order=order.to_proto()
        )
        answer = await self._calls.unary(self._stub.OrderRestriction, request)
        return Restriction.from_proto(answer.restriction)

    async def page(
        self, *, lifted_too: bool = False, page_size: int = 0, page_token: str = ""
    ) -> RestrictionPage:
        """One page of restricted matters by number, newest first; `Client.pages` goes on from there."""
        request = pb.ListRestrictionsRequest(
            lifted_too=lifted_too, page_size=page_size, page_token=page_token
        )
        return RestrictionPage.from_proto(await self._calls.unary(self._stub.ListRestrictions, request))
