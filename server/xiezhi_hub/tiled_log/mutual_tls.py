"""TLS of the log's HTTP listener: version 1.3, certificates of both ends, files read again when they change."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any, Final

import structlog
from uvicorn.protocols.http.h11_impl import H11Protocol

from xiezhi_hub.tiled_log.answering import PEER
from xiezhi_wire.peer import PeerCertificate, read_certificate
from xiezhi_wire.startup import StartupError
from xiezhi_wire.tls import ServerMaterial

_log = structlog.get_logger(__name__)

_LOOK_EVERY_S: Final = 5.0
_App = Callable[[MutableMapping[str, Any], Any, Any], Awaitable[None]]
_Stamp = tuple[tuple[int, int, int], ...]


def mutual_tls(material: ServerMaterial) -> ssl.SSLContext:
    """Return a context that asks every caller for a certificate of our authority.

    :raises StartupError: a file is missing, is not PEM or does not belong to the others.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    # A session that is taken up again would show a certificate that nobody has checked since.
    context.num_tickets = 0
    _load(context, material)
    return context


async def follow_files(context: ssl.SSLContext, material: ServerMaterial) -> None:
    """Serve new connections by what the files hold now; until cancelled."""
    seen = _stamp(material)
    while True:
        await asyncio.sleep(_LOOK_EVERY_S)
        try:
            stamp = _stamp(material)
            if stamp == seen:
                continue
            # Tried first on a context that serves nobody: half a renewal must not shut the listener.
            mutual_tls(material)
            _load(context, material)
        except (StartupError, OSError) as problem:
            _log.warning("certificate_not_reloaded", listener="log", problem=str(problem))
            continue
        seen = stamp
        _log.info("certificate_reloaded", listener="log")


class MutualTlsProtocol(H11Protocol):
    """HTTP on a connection whose certificate goes with each of its requests."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Look once at the certificate that the handshake has checked."""
        super().connection_made(transport)
        self.app = _with_peer(self.app, _peer(transport))


def _with_peer(app: Any, peer: PeerCertificate | None) -> _App:
    async def answer(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        await app({**scope, PEER: peer}, receive, send)

    return answer


def _peer(transport: asyncio.Transport) -> PeerCertificate | None:
    tls = transport.get_extra_info("ssl_object")
    der = None if tls is None else tls.getpeercert(binary_form=True)
    return None if der is None else read_certificate(ssl.DER_cert_to_PEM_cert(der).encode())


def _load(context: ssl.SSLContext, material: ServerMaterial) -> None:
    if material.client_authority is None:
        raise StartupError("the listener of the log needs the authority of client certificates")
    try:
        context.load_cert_chain(material.certificate, material.key)
        context.load_verify_locations(material.client_authority)
    except (OSError, ssl.SSLError) as error:
        raise StartupError(f"listener log: certificate, key or authority cannot be used ({error})") from error


def _stamp(material: ServerMaterial) -> _Stamp:
    return tuple(_file_stamp(path) for path in material.files)


def _file_stamp(path: Path) -> tuple[int, int, int]:
    stat = path.stat()
    return stat.st_ino, stat.st_mtime_ns, stat.st_size
