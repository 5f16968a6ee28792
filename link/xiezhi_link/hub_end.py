"""The hub's end of the link: the service, with one stream for each court."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import grpc
import structlog

from xiezhi.v1.link_service_pb2 import ConnectRequest, ConnectResponse, DirectoryUpdate
from xiezhi.v1.link_service_pb2_grpc import LinkServiceServicer
from xiezhi_domain.errors import DomainError, Reason, Unavailable
from xiezhi_link.frame_writer import FrameWriter
from xiezhi_link.greeting import Greeting, greet
from xiezhi_link.hub_session import HubSession
from xiezhi_link.ports import HubPort, WitnessPort
from xiezhi_link.settings import HubEndSettings
from xiezhi_wire.caller import current_node
from xiezhi_wire.peer import PeerCertificate

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SeenStream:
    """The last stream of a court: what both sides said first, the certificate that was shown, how far it got.

    `acknowledged` has the number of the last item that the node has stored, by lane; it goes on with the stream.
    """

    greeting: Greeting
    certificate: PeerCertificate
    acknowledged: Mapping[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class _Open:
    session: HubSession
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class LinkServicer(LinkServiceServicer):
    """Serves `LinkService` on the link listener.

    Who calls is settled by the chain of `xiezhi_wire.interceptors`, which also registers each stream with
    `xiezhi_wire.streams.LiveStreams`: who keeps certificates closes it there (`LiveStreams.close_where`).
    """

    def __init__(
        self, hub: HubPort, witnesses: WitnessPort | None = None, settings: HubEndSettings | None = None
    ) -> None:
        self._hub = hub
        self._witnesses = witnesses
        self._settings = settings or HubEndSettings()
        self._open: dict[str, _Open] = {}
        self._seen: dict[str, SeenStream] = {}

    @property
    def seen(self) -> Mapping[str, SeenStream]:
        """The last stream of each court whose node has connected since the program has started."""
        return MappingProxyType(self._seen)

    @property
    def connected(self) -> frozenset[str]:
        """The courts whose nodes are connected now."""
        return frozenset(self._open)

    def announce(self, update: DirectoryUpdate, court: str = "") -> None:
        """Tell the connected nodes, or that of one *court*, what is another now; from the event loop's thread."""
        for each, stream in self._open.items():
            if court in ("", each):
                stream.session.announce(update)

    # Named by the contract. gRPC takes a coroutine that writes by itself as well as an async generator.
    async def Connect(  # type: ignore[override]  # noqa: N802
        self,
        request_iterator: AsyncIterator[ConnectRequest],
        context: grpc.aio.ServicerContext[Any, Any],
    ) -> None:
        """Serve one stream.

        :raises DomainError: what ends it; `LINK_REPLACED` when the same court connects again.
        """
        try:
            await self._hold(current_node().court, request_iterator, FrameWriter(context.write))
        except (grpc.aio.InternalError, grpc.aio.UsageError) as error:
            # How gRPC says that there is no stream any more to read from or write to.
            raise Unavailable(Reason.STOPPING) from error

    async def _hold(
        self, court: str, requests: AsyncIterator[ConnectRequest], send: FrameWriter[ConnectResponse]
    ) -> None:
        greeting = await greet(court, self._hub, self._settings, requests)
        with self._hub.commits.subscribe() as wake:
            session = HubSession(court, greeting, self._hub, self._witnesses, self._settings, send, wake)
            await self._serve(court, session, greeting, requests)

    async def _serve(
        self,
        court: str,
        session: HubSession,
        greeting: Greeting,
        requests: AsyncIterator[ConnectRequest],
    ) -> None:
        previous, own = self._open.get(court), _Open(session)
        self._open[court] = own
        self._seen[court] = SeenStream(greeting, current_node(), session.acknowledged)
        try:
            if previous is not None:
                previous.session.replace()
                # One stream at a time: the rulings that it waits for come first.
                await previous.ended.wait()
            _log.info("link_opened", court=court, version=greeting.hello.program_version)
            await session.serve(requests)
        finally:
            own.ended.set()
            if self._open.get(court) is own:
                del self._open[court]
            _log.info("link_closed", court=court)
            with suppress(DomainError):
                await self._hub.left(court)
