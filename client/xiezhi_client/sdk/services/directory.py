"""Courts, keys, rulebooks."""

from collections.abc import Sequence
from datetime import date

from xiezhi.v1 import directory_service_pb2 as pb
from xiezhi.v1.directory_service_pb2_grpc import DirectoryServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.records.court import Court, CourtKey
from xiezhi_client.sdk.records.deadline import YearCalendar
from xiezhi_client.sdk.records.evidence import Rulebook
from xiezhi_client.sdk.records.rulebook import PublishedRulebook, RulebookChange, RulebookDocument


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

    async def rulebook(self, sha256: str = "", *, known: str = "") -> Rulebook:
        """Give the rulebook of a hash (hex), or the one in force; without content where its hash is *known*.

        Raise `NotFound`.
        """
        request = pb.GetRulebookRequest(hash=sha256, known=known)
        return Rulebook.from_proto(await self._calls.unary(self._stub.GetRulebook, request))

    async def rulebooks(self) -> tuple[PublishedRulebook, ...]:
        """What the hub has published, the last first."""
        answer = await self._calls.unary(self._stub.ListRulebooks, pb.ListRulebooksRequest())
        return tuple(map(PublishedRulebook.from_proto, answer.rulebooks))

    async def calendar(self, year: int = 0) -> YearCalendar:
        """Give the working calendar of a year, the present one for 0. Raise `InvalidInput`."""
        request = pb.GetCalendarRequest(year=year)
        return YearCalendar.from_proto(await self._calls.unary(self._stub.GetCalendar, request))

    async def publish_rulebook(
        self,
        documents: Sequence[RulebookDocument],
        valid_from: date,
        *,
        version: str = "",
        seen: str = "",
        dry_run: bool = False,
        request_id: str = "",
    ) -> RulebookChange:
        """Publish what *documents* change, at the hub; with *dry_run* only tell it.

        *seen* is `newest` of what was told: if another was published since, raise `Conflict`. Raise `InvalidInput`,
        with file and line where a document is wrong.
        """
        request = pb.PublishRulebookRequest(
            request_id=request_id or new_request_id(),
            documents=[each.to_proto() for each in documents],
            valid_from=valid_from.isoformat(),
            version=version,
            dry_run=dry_run,
            seen=seen,
        )
        return RulebookChange.from_proto(await self._calls.unary(self._stub.PublishRulebook, request))
