"""The node's end of the link: dials the hub for ever, and says how it stands."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic, time_ns

import grpc
import structlog

from xiezhi.v1.link_service_pb2_grpc import LinkServiceStub
from xiezhi_domain.errors import DomainError
from xiezhi_link.backoff import Backoff
from xiezhi_link.failures import HubLeft, explain
from xiezhi_link.hub_channel import HubChannel
from xiezhi_link.node_session import NodeSession
from xiezhi_link.ports import NodePort
from xiezhi_link.settings import NodeEndSettings
from xiezhi_wire.startup import StartupError

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LinkState:
    """How the link stands, for ``doctor`` and health. Times are Unix ms; None where not connected.

    `lag_ms`: how long the oldest pushed event has waited for its ruling. `clock_offset_ms`: how much the hub's
    clock is ahead, from the last Welcome. `last_error`: what ended the last stream, in Chinese.
    """

    connected_since_ms: int | None
    recovering: bool
    lag_ms: int | None
    clock_offset_ms: int | None
    hub_version: str
    last_error: str
    last_error_ms: int | None

    @property
    def connected(self) -> bool:
        """Whether the hub has welcomed the node on the present stream."""
        return self.connected_since_ms is not None


def _system_clock_ms() -> int:
    return time_ns() // 1_000_000


class LinkClient:
    """Keeps one stream to the hub open. Dead lines are noticed by the keepalive of `xiezhi_wire.transport`."""

    def __init__(
        self,
        node: NodePort,
        hub: HubChannel,
        settings: NodeEndSettings | None = None,
        clock_ms: Callable[[], int] = _system_clock_ms,
    ) -> None:
        self._node = node
        self._hub = hub
        self._settings = settings or NodeEndSettings()
        self._clock_ms = clock_ms
        self._backoff = Backoff(self._settings.first_pause_s, self._settings.longest_pause_s)
        self._stopping = asyncio.Event()
        self._renewing = False
        self._session: NodeSession | None = None
        self._last_welcomed: NodeSession | None = None
        self._last_error = ""
        self._last_error_ms: int | None = None

    @property
    def state(self) -> LinkState:
        """How the link stands now."""
        welcomed = self._welcomed
        known = welcomed or self._last_welcomed
        return LinkState(
            connected_since_ms=welcomed.connected_since_ms if welcomed else None,
            recovering=welcomed is not None and welcomed.recovering,
            lag_ms=welcomed.lag_ms if welcomed else None,
            clock_offset_ms=known.clock_offset_ms if known else None,
            hub_version=known.hub_version if known else "",
            last_error=self._last_error,
            last_error_ms=self._last_error_ms,
        )

    async def run(self) -> None:
        """Hold the link until `stop`; cancelled, it leaves at once, and the cursors keep what was stored."""
        try:
            while not self._stopping.is_set():
                await self._hold_one_stream()
        finally:
            await self._hub.close()

    def stop(self) -> None:
        """Let `run` end in order: what is being stored is acknowledged first."""
        self._stopping.set()
        self._leave()

    def certificate_changed(self) -> None:
        """Move the stream to a new channel that shows the renewed certificate, between two batches."""
        self._renewing = True
        self._leave()

    @property
    def _welcomed(self) -> NodeSession | None:
        session = self._session
        return session if session is not None and session.connected_since_ms is not None else None

    def _leave(self) -> None:
        if self._session is not None:
            self._session.leave()

    async def _hold_one_stream(self) -> None:
        begun = monotonic()
        if self._renewing:
            self._renewing = False
            await self._hub.renew()
        try:
            await self._serve_stream()
        except Exception as error:  # noqa: BLE001  # whatever ends a stream, the link goes on
            self._failed(error)
            if monotonic() - begun >= self._settings.settled_s:
                self._backoff.reset()
            await self._pause(self._backoff.next_s())

    async def _serve_stream(self) -> None:
        call = LinkServiceStub(self._hub.channel).Connect()
        session = self._session = NodeSession(self._node, call, self._settings, self._clock_ms)
        try:
            await session.run()
        finally:
            self._last_welcomed = self._welcomed or self._last_welcomed
            self._session = None
            # Without effect on a call that has ended.
            call.cancel()

    def _failed(self, error: Exception) -> None:
        self._last_error = explain(error)
        self._last_error_ms = self._clock_ms()
        if isinstance(error, grpc.aio.AioRpcError | DomainError | StartupError | TimeoutError | HubLeft):
            _log.warning("link_lost", error=str(error))
        else:
            _log.error("link_failed", exc_info=error)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
