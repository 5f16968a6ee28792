"""The court behind a client certificate (protocol §13).

TLS has checked that the certificate comes from our authority. What TLS cannot know is checked here, on each
call: that it names a court, that it has not run out since the connection opened, and that it is one that was
handed out and is not revoked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

import grpc
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from xiezhi_domain.court_time import to_ms
from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_wire.certificates import court_in, serial_text


@dataclass(frozen=True, slots=True)
class PeerCertificate:
    """The node that calls: its court, and serial number, end of validity (Unix ms) and SHA-256 of its certificate."""

    court: str
    serial: str
    not_after_ms: int
    sha256: str = ""


IsRevoked = Callable[[PeerCertificate], bool]
"""Tells of a certificate that TLS has let in whether it is good no more, or never was."""


def peer_court(
    context: grpc.aio.ServicerContext[Any, Any], now_ms: int, is_revoked: IsRevoked
) -> PeerCertificate:
    """The court whose certificate the caller showed in the handshake.

    Raises:
        NotAllowed: `CERTIFICATE_INVALID`; there is none, it names no court, has run out or is revoked.

    """
    shown = next(iter(context.auth_context().get("x509_pem_cert", ())), None)
    certificate = None if shown is None else read_certificate(shown)
    if certificate is None:
        raise NotAllowed(Reason.CERTIFICATE_INVALID)
    check_certificate(certificate, now_ms, is_revoked)
    return certificate


def check_certificate(certificate: PeerCertificate, now_ms: int, is_revoked: IsRevoked) -> None:
    """Checks what changes while a connection is open.

    Raises:
        NotAllowed: `CERTIFICATE_INVALID`; the certificate has run out or is revoked.

    """
    if now_ms > certificate.not_after_ms or is_revoked(certificate):
        raise NotAllowed(Reason.CERTIFICATE_INVALID, metadata={"serial": certificate.serial})


# A long connection shows the same certificate with every call.
@lru_cache(maxsize=4096)
def read_certificate(pem: bytes) -> PeerCertificate | None:
    """What a node's certificate says; None for one that names no court."""
    certificate = x509.load_pem_x509_certificate(pem)
    court = court_in(certificate.extensions)
    if court is None:
        return None
    not_after_ms = to_ms(certificate.not_valid_after_utc)
    digest = sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
    return PeerCertificate(court, serial_text(certificate.serial_number), not_after_ms, digest)
