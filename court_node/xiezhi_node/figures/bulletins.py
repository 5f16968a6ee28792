"""`BulletinService` on a node's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

from typing import Any, TypeAlias

import grpc

from xiezhi.v1 import bulletin_service_pb2 as pb
from xiezhi.v1.bulletin_service_pb2_grpc import BulletinServiceServicer, BulletinServiceStub
from xiezhi_link.hub_channel import HubChannel
from xiezhi_node.hub_calls import CALL_TIMEOUT_S, from_hub

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class BulletinService(BulletinServiceServicer):
    """Passes on to the hub what the court's people ask; the hub shows the court what it may see."""

    def __init__(self, hub: HubChannel) -> None:
        self._hub = hub

    async def ListBulletins(
        self, request: pb.ListBulletinsRequest, _context: _Context
    ) -> pb.ListBulletinsResponse:
        """Return a page of bulletins."""
        return await from_hub(self._stub.ListBulletins(request, timeout=CALL_TIMEOUT_S))

    async def GetBulletin(self, request: pb.GetBulletinRequest, _context: _Context) -> pb.GetBulletinResponse:
        """Return a bulletin."""
        return await from_hub(self._stub.GetBulletin(request, timeout=CALL_TIMEOUT_S))

    async def FileDataObjection(
        self, request: pb.FileDataObjectionRequest, _context: _Context
    ) -> pb.FileDataObjectionResponse:
        """File the court's objection."""
        return await from_hub(self._stub.FileDataObjection(request, timeout=CALL_TIMEOUT_S))

    async def ListDataObjections(
        self, request: pb.ListDataObjectionsRequest, _context: _Context
    ) -> pb.ListDataObjectionsResponse:
        """Return the court's objections."""
        return await from_hub(self._stub.ListDataObjections(request, timeout=CALL_TIMEOUT_S))

    @property
    def _stub(self) -> BulletinServiceStub:
        # Asked each time: a renewed certificate makes another channel.
        return BulletinServiceStub(self._hub.channel)
