"""Saved views of lists; on every desk, each account's own."""

from xiezhi.v1 import view_service_pb2 as pb
from xiezhi.v1.view_service_pb2_grpc import ViewServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.records.view import SavedView


class Views:
    """`ViewService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = ViewServiceStub(calls.channel)

    async def list(self) -> tuple[SavedView, ...]:
        """Give the caller's views of all lists, in the order in which they were made."""
        answer = await self._calls.unary(self._stub.ListViews, pb.ListViewsRequest())
        return tuple(map(SavedView.from_proto, answer.views))

    async def put(self, view: SavedView, *, request_id: str = "") -> SavedView:
        """Keep a view, or replace the one with its id.

        Raise `InvalidInput` (name), `NotFound`, `Overloaded` (the list has too many).
        """
        request = pb.PutViewRequest(request_id=request_id or new_request_id(), view=view.to_proto())
        return SavedView.from_proto((await self._calls.unary(self._stub.PutView, request)).view)

    async def delete(self, view_id: str) -> None:
        """Delete a view; one that is not there is none."""
        await self._calls.unary(self._stub.DeleteView, pb.DeleteViewRequest(view_id=view_id))
