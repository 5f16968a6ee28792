"""`DirectoryService`: courts, keys and rulebooks, for nodes and for the hub's people."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, TypeAlias

import grpc

from xiezhi.v1 import directory_service_pb2 as pb
from xiezhi.v1.directory_service_pb2_grpc import DirectoryServiceServicer
from xiezhi_desk.directory import key_message, list_courts
from xiezhi_hub.directory.rulebooks import rulebook_content
from xiezhi_journal.journal import Journal
from xiezhi_journal.keyrings import read_keyring

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class DirectoryService(DirectoryServiceServicer):
    """Serves the directory in the journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def ListCourts(self, request: pb.ListCourtsRequest, _context: _Context) -> pb.ListCourtsResponse:
        """Return the courts."""
        courts = await self._journal.read(partial(list_courts, joined_only=request.joined_only))
        return pb.ListCourtsResponse(courts=courts)

    async def ListKeys(self, request: pb.ListKeysRequest, _context: _Context) -> pb.ListKeysResponse:
        """Return the keys of a court, or all, in the order of the log."""
        keyring = await self._journal.read(read_keyring)
        keys = keyring.of_court(request.court) if request.court else keyring.keys.values()
        return pb.ListKeysResponse(keys=[key_message(key) for key in keys])

    async def GetRulebook(self, request: pb.GetRulebookRequest, _context: _Context) -> pb.GetRulebookResponse:
        """Return a rulebook."""
        hash_, content = await self._journal.read(partial(rulebook_content, hash_=request.hash))
        return pb.GetRulebookResponse(hash=hash_, content=content)
