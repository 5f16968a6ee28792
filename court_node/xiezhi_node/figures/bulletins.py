"""`BulletinService` on a node's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

from collections.abc import AsyncIterator
from typing import Any, TypeAlias

import grpc

from xiezhi.v1 import bulletin_service_pb2 as pb
from xiezhi.v1.bulletin_service_pb2_grpc import BulletinServiceServicer, BulletinServiceStub
from xiezhi_desk.statistics.bulletin_paper import bulletin_paper
from xiezhi_desk.statistics.bulletin_press import BulletinPress, pieces_of
from xiezhi_domain.indicators import Edition
from xiezhi_link.hub_channel import HubChannel
from xiezhi_node.hub_calls import CALL_TIMEOUT_S, from_hub
from xiezhi_node.seat import Seat

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class BulletinService(BulletinServiceServicer):
    """Passes on to the hub what the court's people ask; the hub shows the court what it may see."""

    def __init__(self, hub: HubChannel, seat: Seat, edition: Edition, press: BulletinPress) -> None:
        self._hub = hub
        self._seat = seat
        self._edition = edition
        self._press = press

    async def ListBulletins(
        self, request: pb.ListBulletinsRequest, _context: _Context
    ) -> pb.ListBulletinsResponse:
        """Return a page of bulletins."""
        return await from_hub(self._stub.ListBulletins(request, timeout=CALL_TIMEOUT_S))

    async def GetBulletin(self, request: pb.GetBulletinRequest, _context: _Context) -> pb.GetBulletinResponse:
        """Return a bulletin."""
        return await from_hub(self._stub.GetBulletin(request, timeout=CALL_TIMEOUT_S))

    async def ExportBulletin(
        self, request: pb.ExportBulletinRequest, _context: _Context
    ) -> AsyncIterator[pb.ExportBulletinResponse]:
        """Give a bulletin as a file in pieces, made here."""
        self._press.require_format(request.format)
        asked = pb.GetBulletinRequest(bulletin_id=request.bulletin_id)
        found = await from_hub(self._stub.GetBulletin(asked, timeout=CALL_TIMEOUT_S))
        courts = self._seat.courts
        fonts = self._press.font_directory
        paper = bulletin_paper(found, self._edition, lambda code: courts.get(code).name, fonts)
        for piece in pieces_of(*await self._press.print(paper, request.format)):
            yield piece

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
