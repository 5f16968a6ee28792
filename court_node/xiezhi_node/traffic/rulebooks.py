"""Fetching rulebooks by hash before the events that pin them are taken (protocol §10)."""

from collections.abc import Iterable

import grpc
import structlog

from xiezhi.v1 import directory_service_pb2
from xiezhi.v1.directory_service_pb2_grpc import DirectoryServiceStub
from xiezhi_domain.errors import DomainError, FormatError, NotFound, Reason
from xiezhi_domain.rulebook import load_rulebook
from xiezhi_journal.journal import Journal
from xiezhi_link.hub_channel import HubChannel
from xiezhi_node.pins import store_rulebook

CALL_TIMEOUT_S = 30.0
_log = structlog.get_logger(__name__)


class RulebookSource:
    """The hub's rulebooks. What was fetched is kept and used by the journal from then on."""

    def __init__(self, hub: HubChannel, journal: Journal) -> None:
        self._hub = hub
        self._journal = journal

    async def fetch_missing(self, hashes: Iterable[str]) -> bool:
        """Fetch those of the rulebooks that headers pin that are not here; returns whether one came.

        An empty hash is none.

        What cannot be had or read is logged; the events that pin it are quarantined.

        :raises grpc.RpcError: the hub does not answer.
        """
        arrived = False
        for hash_ in set(hashes) - {""} - self._journal.rulebooks.keys():
            try:
                await self._fetch(hash_)
                arrived = True
            except DomainError as error:
                # The event is taken all the same and waits in quarantine for a version that reads the rulebook.
                _log.error("rulebook_not_read", rulebook=hash_, reason=error.reason)
        return arrived

    async def _fetch(self, hash_: str) -> None:
        stub = DirectoryServiceStub(self._hub.channel)
        request = directory_service_pb2.GetRulebookRequest(hash=hash_)
        try:
            answer = await stub.GetRulebook(request, timeout=CALL_TIMEOUT_S)
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.NOT_FOUND:
                raise NotFound(Reason.RULEBOOK_UNKNOWN) from error
            raise
        rulebook = load_rulebook(answer.content)
        if rulebook.hash != hash_:
            raise FormatError("平台给出的规则库与哈希不符")
        await self._journal.write(lambda connection: store_rulebook(connection, rulebook))
        self._journal.rulebooks[hash_] = rulebook
