"""`DirectoryService` on a node's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection, select

from xiezhi.v1 import court_pb2
from xiezhi.v1 import directory_service_pb2 as pb
from xiezhi.v1.directory_service_pb2_grpc import DirectoryServiceServicer, DirectoryServiceStub
from xiezhi_desk.terms import COURT_LEVELS
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.terms import CourtLevel
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_link.hub_channel import HubChannel
from xiezhi_node.hub_calls import CALL_TIMEOUT_S, from_hub
from xiezhi_node.seat import Seat

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class DirectoryService(DirectoryServiceServicer):
    """Serves courts and rulebooks as this node holds them; keys, and rulebooks that it has not, from the hub."""

    def __init__(self, journal: Journal, seat: Seat, hub: HubChannel) -> None:
        self._journal = journal
        self._seat = seat
        self._hub = hub

    async def ListCourts(self, request: pb.ListCourtsRequest, _context: _Context) -> pb.ListCourtsResponse:
        """Return the courts as the hub told them last."""
        courts = await self._journal.read(partial(_courts, joined_only=request.joined_only))
        return pb.ListCourtsResponse(courts=courts)

    async def ListKeys(self, request: pb.ListKeysRequest, _context: _Context) -> pb.ListKeysResponse:
        """Return keys."""
        return await from_hub(self._stub.ListKeys(request, timeout=CALL_TIMEOUT_S))

    async def GetRulebook(self, request: pb.GetRulebookRequest, _context: _Context) -> pb.GetRulebookResponse:
        """Return a rulebook, the one in force for new matters of this court where none is named."""
        rulebook = self._journal.rulebooks.get(request.hash or self._seat.rulebook.hash)
        if rulebook is None:
            return await from_hub(self._stub.GetRulebook(request, timeout=CALL_TIMEOUT_S))
        return pb.GetRulebookResponse(hash=rulebook.hash, content=rulebook.content)

    @property
    def _stub(self) -> DirectoryServiceStub:
        # Asked each time: a renewed certificate makes another channel.
        return DirectoryServiceStub(self._hub.channel)


def _courts(connection: Connection, *, joined_only: bool) -> list[court_pb2.Court]:
    row = tables.court.c
    query = select(tables.court).order_by(row.code)
    if joined_only:
        query = query.where(row.joined_at > 0)
    return [_court(court) for court in connection.execute(query)]


def _court(row: Any) -> court_pb2.Court:
    return court_pb2.Court(
        code=row.code,
        name=row.name,
        level=COURT_LEVELS.to_proto(CourtLevel(row.level)),
        superior=row.superior,
        joined=row.joined_at > 0,
        last_heard=to_timestamp(row.heard_at) if row.heard_at else None,
    )
