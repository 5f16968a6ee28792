"""`DirectoryService` on a node's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, TypeAlias

import grpc

from xiezhi.v1 import directory_service_pb2 as pb
from xiezhi.v1.directory_service_pb2_grpc import DirectoryServiceServicer
from xiezhi_desk.directory import key_message, list_courts
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_journal.journal import Journal
from xiezhi_journal.keyrings import read_keyring
from xiezhi_node.seat import Seat

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class DirectoryService(DirectoryServiceServicer):
    """Serves courts, keys and rulebooks as this node holds them from the hub."""

    def __init__(self, journal: Journal, seat: Seat) -> None:
        self._journal = journal
        self._seat = seat

    async def ListCourts(self, request: pb.ListCourtsRequest, _context: _Context) -> pb.ListCourtsResponse:
        """Return the courts as the hub told them last."""
        courts = await self._journal.read(partial(list_courts, joined_only=request.joined_only))
        return pb.ListCourtsResponse(courts=courts)

    async def ListKeys(self, request: pb.ListKeysRequest, _context: _Context) -> pb.ListKeysResponse:
        """Return the keys of a court, or all, in the order of the hub's log, as this node has checked them."""
        keyring = await self._journal.read(read_keyring)
        keys = keyring.of_court(request.court) if request.court else keyring.keys.values()
        return pb.ListKeysResponse(keys=[key_message(key) for key in keys])

    async def GetRulebook(self, request: pb.GetRulebookRequest, _context: _Context) -> pb.GetRulebookResponse:
        """Return a rulebook, the one in force for new matters of this court where none is named."""
        rulebook = self._journal.rulebooks.get(request.hash or self._seat.rulebook.hash)
        if rulebook is None:
            raise NotFound(Reason.RULEBOOK_UNKNOWN)
        return pb.GetRulebookResponse(hash=rulebook.hash, content=rulebook.content)
