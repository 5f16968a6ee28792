"""What a node and its hub tell each other beside the link: the court's duties up, the channel policy down.

Repeating either is harmless, so nothing is remembered about what was told: it is told again when the program starts,
when the link opens, after each change of which either side tells, and every hour.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Final, TypeAlias

import structlog

from xiezhi.v1 import directory_service_pb2 as pb
from xiezhi.v1.directory_service_pb2_grpc import DirectoryServiceStub
from xiezhi_desk.channels import read_policy
from xiezhi_desk.roster.duty import start_of
from xiezhi_desk.roster.store import duties_between
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import DomainError
from xiezhi_journal.journal import Journal
from xiezhi_link.hub_channel import HubChannel
from xiezhi_link.signal import Signal
from xiezhi_node.acting.channel import KeepPolicy
from xiezhi_node.hub_calls import CALL_TIMEOUT_S, from_hub

AGAIN_S: Final = 3_600.0
AFTER_FAILURE_S: Final = 15.0
EXCHANGE_S: Final = 120.0
_TOLD_AHEAD: Final = timedelta(days=92)

Exchange: TypeAlias = Callable[[], Awaitable[None]]
"""Raises `DomainError` where the hub cannot be reached, or refuses."""

_log = structlog.get_logger(__name__)


class Standing:
    """Keeps hub and node informed; *changed* says that something is to be told or asked, *more* is what else is."""

    def __init__(
        self, journal: Journal, hub: HubChannel, changed: Signal, more: Iterable[Exchange] = ()
    ) -> None:
        self._journal = journal
        self._hub = hub
        self.changed = changed
        self._exchanges = (self.tell_duties, self.fetch_policy, *more)

    async def run(self) -> None:
        """Tell and ask until cancelled."""
        with self.changed.subscribe() as wake:
            while True:
                done = [await self._agreed(exchange) for exchange in self._exchanges]
                await wake.wait(AGAIN_S if all(done) else AFTER_FAILURE_S)

    async def _agreed(self, exchange: Exchange) -> bool:
        """Return whether the hub could be reached and agreed; what it refuses of one thing stops no other."""
        try:
            async with asyncio.timeout(EXCHANGE_S):
                await exchange()
        except (DomainError, TimeoutError) as error:
            _log.info("directory_exchange_failed", error=type(error).__name__)
            return False
        return True

    async def tell_duties(self) -> None:
        """Tell the hub the duties from yesterday on.

        :raises DomainError: the hub cannot be reached, or refuses.
        """
        today = to_date(self._journal.clock())
        since, until = start_of(today - timedelta(days=1)), start_of(today + _TOLD_AHEAD)
        query = partial(duties_between, court=self._journal.court, since=since, until=until)
        duties = [duty.message() for duty in await self._journal.read(query)]
        request = pb.PublishRosterRequest(since=to_timestamp(since), duties=duties)
        await from_hub(self._stub.PublishRoster(request, timeout=CALL_TIMEOUT_S))

    async def fetch_policy(self) -> None:
        """Store the channel policy in force, if it is another than the one stored last.

        :raises DomainError: the hub cannot be reached.
        """
        answer = await from_hub(
            self._stub.GetChannelPolicy(pb.GetChannelPolicyRequest(), timeout=CALL_TIMEOUT_S)
        )
        stored = await self._journal.read(read_policy)
        if answer.policy.version > stored.version:
            await self._journal.submit(KeepPolicy(answer.policy))

    @property
    def _stub(self) -> DirectoryServiceStub:
        # Asked each time: a renewed certificate makes another channel.
        return DirectoryServiceStub(self._hub.channel)
