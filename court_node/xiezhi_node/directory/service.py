"""`DirectoryService` on a node's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection, select

from xiezhi.v1 import court_pb2, key_pb2
from xiezhi.v1 import directory_service_pb2 as pb
from xiezhi.v1.directory_service_pb2_grpc import DirectoryServiceServicer
from xiezhi_desk.terms import COURT_LEVELS
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.keyring import CourtKey, Purpose
from xiezhi_domain.terms import CourtLevel
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.keyrings import read_keyring
from xiezhi_node.seat import Seat

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"

_PURPOSES: Final = {
    Purpose.EVENT: key_pb2.KEY_PURPOSE_EVENT,
    Purpose.COSIGN: key_pb2.KEY_PURPOSE_COSIGN,
}
_VALID: Final = -1


class DirectoryService(DirectoryServiceServicer):
    """Serves courts, keys and rulebooks as this node holds them from the hub."""

    def __init__(self, journal: Journal, seat: Seat) -> None:
        self._journal = journal
        self._seat = seat

    async def ListCourts(self, request: pb.ListCourtsRequest, _context: _Context) -> pb.ListCourtsResponse:
        """Return the courts as the hub told them last."""
        courts = await self._journal.read(partial(_courts, joined_only=request.joined_only))
        return pb.ListCourtsResponse(courts=courts)

    async def ListKeys(self, request: pb.ListKeysRequest, _context: _Context) -> pb.ListKeysResponse:
        """Return the keys of a court, or all, in the order of the hub's log, as this node has checked them."""
        keyring = await self._journal.read(read_keyring)
        keys = keyring.of_court(request.court) if request.court else keyring.keys.values()
        return pb.ListKeysResponse(keys=[_key(key) for key in keys])

    async def GetRulebook(self, request: pb.GetRulebookRequest, _context: _Context) -> pb.GetRulebookResponse:
        """Return a rulebook, the one in force for new matters of this court where none is named."""
        rulebook = self._journal.rulebooks.get(request.hash or self._seat.rulebook.hash)
        if rulebook is None:
            raise NotFound(Reason.RULEBOOK_UNKNOWN)
        return pb.GetRulebookResponse(hash=rulebook.hash, content=rulebook.content)


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


def _key(key: CourtKey) -> key_pb2.CourtKey:
    return key_pb2.CourtKey(
        court=key.court,
        key_id=key.key_id,
        purpose=_PURPOSES[key.purpose],
        public_key=key.public_key,
        added_at_index=key.added_index,
        ended_at_index=_VALID if key.ended_index is None else key.ended_index,
    )
