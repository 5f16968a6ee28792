"""The simulator as a program: over mTLS, for the nodes that its authority has given a certificate."""

import asyncio
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib import resources
from pathlib import Path

from prometheus_client import CollectorRegistry

from xiezhi.v1 import registry_connector_pb2, registry_connector_pb2_grpc
from xiezhi_adapters.program import CERTIFICATE_DAYS, make_certificate
from xiezhi_adapters.registry_sim.behaviour import Behaviour
from xiezhi_adapters.registry_sim.register import Register
from xiezhi_adapters.registry_sim.service import SimulatedRegistry
from xiezhi_adapters.registry_sim.world import shipped_world
from xiezhi_adapters.serving import run_listener
from xiezhi_wire.accounting import Accounting
from xiezhi_wire.ca import CertificateAuthority
from xiezhi_wire.certificates import create_key, node_request
from xiezhi_wire.credentials import node_certificate
from xiezhi_wire.interceptors import ChainParts, standard_chain
from xiezhi_wire.limits import RateLimiter
from xiezhi_wire.listener import Listener, ListenerSettings, Service
from xiezhi_wire.logs import configure_logs
from xiezhi_wire.policy import MethodPolicy
from xiezhi_wire.streams import LiveStreams
from xiezhi_wire.tls import ServerMaterial

_CALLS_PER_SECOND = 200.0
_CALLS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class SimulatorSettings:
    """Where it is served, with which certificates, how it behaves, where it keeps what it did (None: nowhere)."""

    address: str
    certificates: Path
    behaviour: Behaviour
    state: Path | None = None
    announce: Path | None = None


def serve(settings: SimulatorSettings) -> int:
    """Run until a signal; returns the exit code.

    :raises StartupError: it cannot start; says why.
    """
    configure_logs()
    authority = settings.certificates / "ca.pem"
    return asyncio.run(run_listener(partial(simulator_listener, settings), authority, settings.announce))


def make_certificates(folder: Path, names: tuple[str, ...], court: str, now: int) -> Path:
    """Make authority, the simulator's certificate, and one for the node of *court* in `node/`; returns that folder.

    :raises FileExistsError: there are some already.
    """
    make_certificate(folder, names, now)
    node = folder / "node"
    node.mkdir(mode=0o700)
    request = node_request(create_key(node / "key.pem"), court)
    authority = CertificateAuthority.load(folder)
    issued = authority.issue_node(request, court, now, timedelta(days=CERTIFICATE_DAYS))
    (node / "chain.pem").write_bytes(issued.chain_pem)
    return node


def _now() -> int:
    return time.time_ns() // 1_000_000


def simulator_listener(settings: SimulatorSettings, streams: LiveStreams) -> Listener:
    """Return the listener of a simulator; nothing runs yet.

    :raises StartupError: its certificates are not in order.
    """
    world = shipped_world()
    registry = SimulatedRegistry(world, Register(world, settings.state), settings.behaviour)
    policy = (
        resources.files("xiezhi_adapters.registry_sim").joinpath("policy.toml").read_text(encoding="utf-8")
    )
    chain = standard_chain(
        ChainParts(
            accounting=Accounting(CollectorRegistry()),
            authenticators=[node_certificate(_now, lambda _serial: False)],
            policy=MethodPolicy.load(policy),
            limiter=RateLimiter(_CALLS_PER_SECOND, _CALLS_AT_ONCE, _now),
            streams=streams,
        )
    )
    service = Service(
        registry_connector_pb2.DESCRIPTOR.services_by_name["RegistryConnector"],
        registry_connector_pb2_grpc.add_RegistryConnectorServicer_to_server,
        registry,
    )
    folder = settings.certificates
    material = ServerMaterial(folder / "chain.pem", folder / "key.pem", folder / "ca.pem")
    return Listener(
        ListenerSettings("registry", settings.address, material, require_client=True), [service], [chain]
    )
