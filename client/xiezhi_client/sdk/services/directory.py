"""Courts, keys, rulebooks."""

from xiezhi.v1 import directory_service_pb2 as pb
from xiezhi.v1.directory_service_pb2_grpc import DirectoryServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.records.court import Court, CourtKey
from xiezhi_client.sdk.records.evidence import Rulebook


class Directory:
    """`DirectoryService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = DirectoryServiceStub(calls.channel)

    async def courts(self, *, joined_only: bool = False) -> tuple[Court, ...]:
        """Courts of the tree by code."""
        request = pb.ListCourtsRequest(joined_only=joined_only)
        answer = await self._calls.unary(self._stub.ListCourts, request)
        return tuple(map(Court.from_proto, answer.courts))

    async def keys(self, court: str = "") -> tuple[CourtKey, ...]:
        """Keys of a court, or of all, by log index."""
        answer = await self._calls.unary(self._stub.ListKeys, pb.ListKeysRequest(court=court))
        return tuple(map(CourtKey.from_proto, answer.keys))

    async def rulebook(self, sha256: str = "") -> Rulebook:
        """Give the rulebook of a hash (hex), or the one in force. Raise `NotFound`."""
        request = pb.GetRulebookRequest(hash=sha256)
        return Rulebook.from_proto(await self._calls.unary(self._stub.GetRulebook, request))
