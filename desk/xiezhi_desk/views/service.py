"""`ViewService`: what people have narrowed lists to, each for himself."""

# Methods are named by the contract.
# ruff: noqa: N802

import uuid
from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import view_service_pb2 as pb
from xiezhi.v1.view_service_pb2_grpc import ViewServiceServicer
from xiezhi_desk.requests import request_key
from xiezhi_desk.views import store
from xiezhi_domain.errors import InvalidInput, LimitExceeded, Reason
from xiezhi_journal.journal import Journal
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
LONGEST_NAME: Final = 20
MOST_VIEWS: Final = 20
"""Of one list; they stand beside each other above it."""
MOST_BYTES: Final = 4_000


class ViewService(ViewServiceServicer):
    """Serves the caller's views. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def ListViews(self, _request: pb.ListViewsRequest, _context: _Context) -> pb.ListViewsResponse:
        """Return the caller's views."""
        views = await self._journal.read(partial(store.list_views, account=current_caller().account_id))
        return pb.ListViewsResponse(views=views)

    async def PutView(self, request: pb.PutViewRequest, _context: _Context) -> pb.PutViewResponse:
        """Keep a view."""
        caller, view = current_caller(), _checked(request.view)

        def work(connection: Connection) -> bytes:
            if store.is_taken(connection, caller.account_id, view):
                raise InvalidInput.in_field("view.name", "已有同名视图，请换一个名称")
            if view.view_id:
                store.replace_view(connection, caller.account_id, view)
            else:
                if store.count_views(connection, caller.account_id, view.filter.box) >= MOST_VIEWS:
                    raise LimitExceeded(Reason.TOO_LARGE, f"每个列表最多保存 {MOST_VIEWS} 个视图，请先删除")
                view.view_id = str(uuid.uuid4())
                store.add_view(connection, caller.account_id, view)
            return pb.PutViewResponse(view=view).SerializeToString()

        answer = await self._journal.write_once(request_key(caller, "PutView", request), work)
        return pb.PutViewResponse.FromString(answer)

    async def DeleteView(self, request: pb.DeleteViewRequest, _context: _Context) -> pb.DeleteViewResponse:
        """Delete a view."""
        account = current_caller().account_id
        await self._journal.write(partial(store.delete_view, account=account, view_id=request.view_id))
        return pb.DeleteViewResponse()


def _checked(asked: pb.SavedView) -> pb.SavedView:
    """Return a view as it is kept, without a page.

    :raises InvalidInput: no name, or a long one; a filter of thousands of characters.
    """
    view = pb.SavedView()
    view.CopyFrom(asked)
    view.name = view.name.strip()
    if not 0 < len(view.name) <= LONGEST_NAME:
        raise InvalidInput.in_field("view.name", f"请填写视图名称，最长 {LONGEST_NAME} 个字")
    view.filter.ClearField("page_size")
    view.filter.ClearField("page_token")
    if view.ByteSize() > MOST_BYTES:
        raise InvalidInput.in_field("view.filter", "筛选条件过多，不能保存")
    return view
