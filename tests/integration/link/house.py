"""A hub's link listener and nodes' ends of the link, on loopback with mTLS."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry
from tests.integration.link.memory_hub import MemoryHub, MemoryWitnesses
from tests.integration.link.memory_node import MemoryNode
from tests.integration.wire.pki import Pki, now_ms

from xiezhi.v1.link_service_pb2 import DESCRIPTOR
from xiezhi.v1.link_service_pb2_grpc import add_LinkServiceServicer_to_server
from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_link.hub_channel import HubChannel
from xiezhi_link.hub_end import LinkServicer
from xiezhi_link.node_end import LinkClient
from xiezhi_link.settings import HubEndSettings, NodeEndSettings
from xiezhi_wire.accounting import Accounting
from xiezhi_wire.caller import AnyCaller
from xiezhi_wire.credentials import node_certificate
from xiezhi_wire.interceptors import ChainParts, standard_chain
from xiezhi_wire.limits import RateLimiter
from xiezhi_wire.listener import Listener, ListenerSettings, Service
from xiezhi_wire.peer import PeerCertificate
from xiezhi_wire.policy import MethodPolicy
from xiezhi_wire.streams import LiveStreams
from xiezhi_wire.tls import ClientMaterial, ServerMaterial

QUICK = NodeEndSettings(poll_s=0.05, retry_after_s=0.05, first_pause_s=0.01, longest_pause_s=0.1)


@dataclass
class House:
    """The hub: its state stays while the listener comes and goes."""

    pki: Pki
    hub: MemoryHub
    settings: HubEndSettings
    streams: LiveStreams = field(default_factory=LiveStreams)
    revoked: set[str] = field(default_factory=set)
    port: int = 0

    def __post_init__(self) -> None:
        self.witnesses = MemoryWitnesses(self.hub)
        self.servicer = LinkServicer(self.hub, self.witnesses, self.settings)
        self._material: ServerMaterial = self.pki.server()
        self._listener: Listener | None = None

    async def start(self) -> None:
        chain = standard_chain(
            ChainParts(
                Accounting(CollectorRegistry()),
                (node_certificate(now_ms, self.is_revoked),),
                MethodPolicy.load('["xiezhi.v1.LinkService"]\nConnect = "node"'),
                RateLimiter(1_000, 1_000, now_ms),
                self.streams,
            )
        )
        service = Service(
            DESCRIPTOR.services_by_name["LinkService"], add_LinkServiceServicer_to_server, self.servicer
        )
        settings = ListenerSettings("link", f"127.0.0.1:{self.port}", self._material, require_client=True)
        self._listener = Listener(settings, [service], [chain])
        self.port = await self._listener.start()

    async def kill(self) -> None:
        """Cuts every stream, with no word to anybody."""
        assert self._listener is not None
        await self._listener.stop(0)

    def is_revoked(self, shown: PeerCertificate) -> bool:
        return shown.serial in self.revoked

    def _is_out(self, caller: AnyCaller) -> bool:
        return isinstance(caller, PeerCertificate) and self.is_revoked(caller)

    async def close_revoked(self) -> None:
        """What the hub's program runs beside its listeners."""

        while True:
            self.streams.close_where(self._is_out, NotAllowed(Reason.CERTIFICATE_INVALID))
            await asyncio.sleep(0.01)

    def channel(self, material: ClientMaterial) -> HubChannel:
        return HubChannel(f"127.0.0.1:{self.port}", material)

    @asynccontextmanager
    async def linked(
        self, node: MemoryNode, material: ClientMaterial, settings: NodeEndSettings = QUICK
    ) -> AsyncIterator[LinkClient]:
        """The node's end of the link, running."""
        client = LinkClient(node, self.channel(material), settings, lambda: 1_000)
        running = asyncio.create_task(client.run())
        try:
            yield client
        finally:
            client.stop()
            await running


async def eventually(condition: Callable[[], object]) -> None:
    """Waits for a condition; the time limit is there to end a test that fails."""
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.005)
