"""Credentials of both ends of a channel, read from PEM files (protocol §13).

Server certificates are read again when their files change: a renewed certificate serves the next connection,
open connections stay as they are. A client that renews its certificate opens a new channel with new
credentials.
"""

from dataclasses import dataclass
from pathlib import Path

import grpc
import structlog
from cryptography import x509

from xiezhi_wire.certificates import load_key
from xiezhi_wire.startup import StartupError

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ServerMaterial:
    """The PEM files of a listener: certificate chain, key, and the authority of client certificates."""

    certificate: Path
    key: Path
    client_authority: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """The files to watch."""
        return tuple(path for path in (self.certificate, self.key, self.client_authority) if path is not None)


@dataclass(frozen=True, slots=True)
class ClientMaterial:
    """The PEM files of a dialling side: the authority to trust and, for mTLS, certificate chain and key."""

    authority: Path
    certificate: Path | None = None
    key: Path | None = None


def server_credentials(material: ServerMaterial, *, require_client: bool) -> grpc.ServerCredentials:
    """Credentials of one port of one listener, that follow the files.

    With ``require_client`` a connection without a certificate of ``material.client_authority`` fails in the
    handshake.

    Raises:
        StartupError: a file is missing, is not PEM, does not belong to the others, or is not ECDSA P-256.

    """
    if require_client and material.client_authority is None:
        raise StartupError("a listener that requires client certificates needs their authority")
    reloader = _Reloader(material)
    return grpc.dynamic_ssl_server_credentials(
        reloader.configuration,
        reloader.fetch,  # type: ignore[arg-type]  # the stub leaves out None, which tells gRPC "unchanged"
        require_client_authentication=require_client,
    )


def channel_credentials(material: ClientMaterial) -> grpc.ChannelCredentials:
    """Credentials for dialling a listener, with a client certificate where the material names one.

    Raises:
        StartupError: a file is missing, or a certificate and its key do not belong together.

    """
    authority = _read(material.authority)
    if material.certificate is None or material.key is None:
        return grpc.ssl_channel_credentials(authority)
    chain, key = _certificate_and_key(material.certificate, material.key)
    return grpc.ssl_channel_credentials(authority, key, chain)


class _Reloader:
    """Hands gRPC a new configuration when the files changed since it last looked."""

    def __init__(self, material: ServerMaterial) -> None:
        self._material = material
        self._seen = _signature(material)
        self.configuration = _configuration(material)

    def fetch(self) -> grpc.ServerCertificateConfiguration | None:
        """The new configuration, or None to keep the present one; gRPC asks before each handshake."""
        try:
            seen = _signature(self._material)
            if seen == self._seen:
                return None
            configuration = _configuration(self._material)
        except StartupError as problem:
            # Half a renewal (certificate replaced, key not yet) must not shut the listener.
            _log.warning("certificate_not_reloaded", problem=str(problem))
            return None
        self._seen = seen
        _log.info("certificate_reloaded", file=self._material.certificate.name)
        return configuration


def _signature(material: ServerMaterial) -> tuple[tuple[int, int, int], ...]:
    try:
        stats = [path.stat() for path in material.files]
    except OSError as error:
        raise StartupError(f"cannot read {error.filename}: {error.strerror}") from error
    return tuple((stat.st_ino, stat.st_mtime_ns, stat.st_size) for stat in stats)


def _configuration(material: ServerMaterial) -> grpc.ServerCertificateConfiguration:
    chain, key = _certificate_and_key(material.certificate, material.key)
    authority = None if material.client_authority is None else _read(material.client_authority)
    return grpc.ssl_server_certificate_configuration([(key, chain)], root_certificates=authority)


def _certificate_and_key(certificate: Path, key: Path) -> tuple[bytes, bytes]:
    """The bytes of both files, checked to be one ECDSA P-256 pair."""
    chain_pem, key_pem = _read(certificate), _read(key)
    try:
        public_key = x509.load_pem_x509_certificate(chain_pem).public_key()
        private_key = load_key(key_pem)
    except ValueError as error:
        raise StartupError(f"{certificate} and {key}: not a PEM certificate and key ({error})") from error
    # A certificate of any other kind would open TLS 1.2 (tls13.py); the key is P-256.
    if private_key.public_key() != public_key:
        raise StartupError(f"{key} is not the key of {certificate}")
    return chain_pem, key_pem


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StartupError(f"cannot read {path}: {error.strerror}") from error
