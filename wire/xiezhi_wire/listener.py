"""One gRPC server on one address: credentials, chain, services, health and, if switched on, reflection."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import grpc
import structlog
from google.protobuf.descriptor import ServiceDescriptor
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from xiezhi_wire.startup import StartupError
from xiezhi_wire.tls import ServerMaterial, server_credentials
from xiezhi_wire.transport import SERVER_OPTIONS

_log = structlog.get_logger(__name__)

_SERVING = health_pb2.HealthCheckResponse.SERVING
_NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


@dataclass(frozen=True, slots=True)
class Service:
    """A service and what serves it; ``add`` is the generated ``add_…Servicer_to_server``."""

    descriptor: ServiceDescriptor
    add: Callable[[Any, grpc.aio.Server], None]
    servicer: Any

    @classmethod
    def of(cls, contract: ModuleType, stubs: ModuleType, servicer: object) -> "Service":
        """Return the one service of *contract*, a generated ``…_service_pb2``; *stubs* is its ``…_pb2_grpc``."""
        [(name, descriptor)] = contract.DESCRIPTOR.services_by_name.items()
        return cls(descriptor, getattr(stubs, f"add_{name}Servicer_to_server"), servicer)

    @property
    def name(self) -> str:
        """The full name, ``xiezhi.v1.FindService``."""
        return self.descriptor.full_name


@dataclass(frozen=True, slots=True)
class ListenerSettings:
    """How a listener is reached: its name in logs (``link``, ``desk``, ``join``), ``host:port``, TLS."""

    name: str
    address: str
    material: ServerMaterial
    require_client: bool
    reflection: bool = False


class Listener:
    """A server that is started once and stopped once."""

    def __init__(
        self,
        settings: ListenerSettings,
        services: Sequence[Service],
        interceptors: Sequence[grpc.aio.ServerInterceptor],
    ) -> None:
        self._settings = settings
        self._services = tuple(services)
        self._interceptors = tuple(interceptors)
        self._health = health.aio.HealthServicer()
        self._server: grpc.aio.Server | None = None
        self._port = 0

    @property
    def name(self) -> str:
        """The listener's name in logs and messages."""
        return self._settings.name

    @property
    def address(self) -> str:
        """``host:port`` as it can be dialled, once started: the port may have been chosen by the system."""
        host = self._settings.address.rpartition(":")[0]
        return f"{host}:{self._port}"

    async def start(self) -> int:
        """Binds, serves, turns health green; gives the bound port.

        Raises:
            StartupError: the address cannot be bound, or the TLS files are no good.

        """
        # Made here and not before: a grpc.aio server belongs to the loop that runs when it is made.
        server = grpc.aio.server(interceptors=self._interceptors, options=SERVER_OPTIONS)
        self._server = server
        self._add_services(server)
        port = self._port = self._bind(server)
        await server.start()
        await self.set_serving(serving=True)
        _log.info("listening", listener=self.name, address=self._settings.address, port=port)
        return port

    async def set_serving(self, *, serving: bool) -> None:
        """Turns health green or red, for the server as a whole and for each service."""
        status = _SERVING if serving else _NOT_SERVING
        for name in ("", *(service.name for service in self._services)):
            await self._health.set(name, status)

    async def announce_stop(self) -> None:
        """Turns health red for good, so that balancers and clients go elsewhere; calls are still served."""
        await self._health.enter_graceful_shutdown()

    async def stop(self, grace_s: float) -> None:
        """Takes no more calls, gives those under way ``grace_s`` seconds, then cancels them."""
        if self._server is not None:
            await self._server.stop(grace_s)

    def _add_services(self, server: grpc.aio.Server) -> None:
        for service in self._services:
            service.add(service.servicer, server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        if self._settings.reflection:
            names = [service.name for service in self._services]
            reflection.enable_server_reflection(
                (*names, health.SERVICE_NAME, reflection.SERVICE_NAME), server
            )

    def _bind(self, server: grpc.aio.Server) -> int:
        address, material = self._settings.address, self._settings.material
        # Credentials that reload are good for one port.
        credentials = server_credentials(material, require_client=self._settings.require_client)
        try:
            return server.add_secure_port(address, credentials)
        except RuntimeError as error:
            raise StartupError(
                f"listener {self.name}: cannot bind {address}: not this machine's address, or taken"
            ) from error
