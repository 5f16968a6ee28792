"""A case source as a program: one listener over TLS, one token, the drain."""

import asyncio
import hmac
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry

from xiezhi.v1 import case_source_pb2, case_source_pb2_grpc
from xiezhi_adapters.records import CaseRecords
from xiezhi_adapters.service import CaseSourceService
from xiezhi_adapters.serving import run_listener
from xiezhi_domain.terms import Role
from xiezhi_wire.accounting import Accounting
from xiezhi_wire.ca import CertificateAuthority
from xiezhi_wire.caller import Caller
from xiezhi_wire.certificates import create_key, server_request
from xiezhi_wire.credentials import bearer
from xiezhi_wire.interceptors import ChainParts, standard_chain
from xiezhi_wire.limits import RateLimiter
from xiezhi_wire.listener import Listener, ListenerSettings, Service
from xiezhi_wire.logs import configure_logs
from xiezhi_wire.policy import MethodPolicy
from xiezhi_wire.startup import StartupError
from xiezhi_wire.streams import LiveStreams
from xiezhi_wire.tls import ServerMaterial

CERTIFICATE_DAYS: Final = 5 * 365
SHORTEST_TOKEN: Final = 24
_CALLS_PER_SECOND: Final = 200.0
_CALLS_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """Where the source is served, with which certificate and token; `announce` is a file that tells the address."""

    address: str
    certificates: Path
    token_file: Path
    announce: Path | None = None


def serve(records: CaseRecords, settings: SourceSettings) -> int:
    """Run until a signal; returns the exit code.

    :raises StartupError: it cannot start; says why.
    """
    configure_logs()
    authority = settings.certificates / "ca.pem"
    make = partial(_listener, records, settings)
    return asyncio.run(run_listener(make, authority, settings.announce))


def make_certificate(folder: Path, names: tuple[str, ...], now: int) -> Path:
    """Make authority, key and certificate in *folder* and return the authority's file, which the node trusts.

    :raises FileExistsError: there is one already.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lifetime = timedelta(days=CERTIFICATE_DAYS)
    authority = CertificateAuthority.create(folder, "case source", now, lifetime)
    key = create_key(folder / "key.pem")
    issued = authority.issue_server(server_request(key), names, now, lifetime)
    (folder / "chain.pem").write_bytes(issued.chain_pem)
    return folder / "ca.pem"


class _OneToken:
    """The node's token, as `bearer` asks for it."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    def knows(self, token: str) -> bool:
        """Return whether it is the node's token: looking it up costs nothing."""
        return hmac.compare_digest(token.encode(), self._token)

    async def lookup(self, token: str) -> Caller | None:
        """Return the node for its token."""
        if self.knows(token):
            return Caller("node", "node", "", frozenset({Role.INTEGRATION}), token_id="node")  # noqa: S106  names the token, is none
        return None


def _listener(records: CaseRecords, settings: SourceSettings, streams: LiveStreams) -> Listener:
    policy = resources.files("xiezhi_adapters").joinpath("policy.toml").read_text(encoding="utf-8")
    loop = asyncio.get_running_loop()
    chain = standard_chain(
        ChainParts(
            accounting=Accounting(CollectorRegistry()),
            authenticators=[bearer(_OneToken(_token(settings.token_file)))],
            policy=MethodPolicy.load(policy),
            limiter=RateLimiter(_CALLS_PER_SECOND, _CALLS_AT_ONCE, lambda: int(loop.time() * 1_000)),
            streams=streams,
        )
    )
    service = Service(
        case_source_pb2.DESCRIPTOR.services_by_name["CaseSource"],
        case_source_pb2_grpc.add_CaseSourceServicer_to_server,
        CaseSourceService(records),
    )
    material = ServerMaterial(settings.certificates / "chain.pem", settings.certificates / "key.pem")
    return Listener(
        ListenerSettings("cases", settings.address, material, require_client=False), [service], [chain]
    )


def _token(path: Path) -> str:
    try:
        token = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise StartupError(f"令牌文件 {path} 无法读取：{error.strerror}") from error
    if len(token) < SHORTEST_TOKEN:
        raise StartupError(f"令牌文件 {path} 中的令牌过短，至少 {SHORTEST_TOKEN} 个字符")
    return token
