"""The court behind a client certificate (protocol §13).

TLS has checked that the certificate comes from our authority. What TLS cannot know is checked here, on each
call: that it names a court, that it has not run out since the connection opened, and that it is not revoked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import grpc
from cryptography import x509

from xiezhi_domain.court_time import to_ms
from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_wire.certificates import court_in, serial_text


@dataclass(frozen=True, slots=True)
class PeerCertificate:
    """The node that calls: its court, its certificate's serial number and end of validity (Unix ms)."""

    court: str
    serial: str
    not_after_ms: int


def peer_court(
    context: grpc.aio.ServicerContext[Any, Any], now_ms: int, is_revoked: Callable[[str], bool]
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


def check_certificate(certificate: PeerCertificate, now_ms: int, is_revoked: Callable[[str], bool]) -> None:
    """Checks what changes while a connection is open.

    Raises:
        NotAllowed: `CERTIFICATE_INVALID`; the certificate has run out or is revoked.

    """
    if now_ms > certificate.not_after_ms or is_revoked(certificate.serial):
        raise NotAllowed(Reason.CERTIFICATE_INVALID, metadata={"serial": certificate.serial})


# A long connection shows the same certificate with every call.
@lru_cache(maxsize=4096)
def read_certificate(pem: bytes) -> PeerCertificate | None:
    """The court, serial number and end of a node's certificate; None for one that names no court."""
    certificate = x509.load_pem_x509_certificate(pem)
    court = court_in(certificate.extensions)
    if court is None:
        return None
    not_after_ms = to_ms(certificate.not_valid_after_utc)
    return PeerCertificate(court, serial_text(certificate.serial_number), not_after_ms)
