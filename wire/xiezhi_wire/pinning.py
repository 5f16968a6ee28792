"""Fetching the hub's authority before anything of the hub is trusted (protocol §13, join listener).

gRPC cannot connect without an authority to check against, and a joining court holds only its fingerprint. So
one bare TLS handshake fetches the chain that the hub shows; the certificate whose fingerprint is in the join
token is the authority, and from then on gRPC checks everything against it. Nothing is sent on the unchecked
connection.
"""

import socket
import ssl
import sys
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

_HANDSHAKE_SECONDS = 10


class AuthorityNotShown(ConnectionError):  # noqa: N818  # the name says what the other side failed to do
    """The chain shown holds no certificate with the pinned fingerprint: this is not the hub of the token."""


def fetch_authority(address: str, fingerprint: bytes) -> bytes:
    """The hub's authority as PEM, fetched from ``address`` (host:port) and recognised by its fingerprint.

    Blocks; call it in a thread.

    Raises:
        AuthorityNotShown: whoever answers shows another authority.
        OSError: nobody answers, or the handshake fails.

    """
    host, _, port = address.rpartition(":")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # the fingerprint takes the place of a check
    context.set_alpn_protocols(["h2"])
    plain = socket.create_connection((host.strip("[]"), int(port)), _HANDSHAKE_SECONDS)
    with plain, context.wrap_socket(plain) as connection:
        chain = _chain(connection)
    for certificate in chain:
        if sha256(certificate).digest() == fingerprint:
            return ssl.DER_cert_to_PEM_cert(certificate).encode()
    raise AuthorityNotShown(f"{address} does not show the authority that the join token names")


def _chain(connection: ssl.SSLSocket) -> Iterable[bytes]:
    """The certificates that the server showed, as DER."""
    if sys.version_info >= (3, 13):
        return connection.get_unverified_chain()
    # Public since Python 3.13; before, it is on the inner object and gives certificates that print as PEM.
    inner: Any = connection._sslobj  # type: ignore[attr-defined]  # noqa: SLF001
    return [ssl.PEM_cert_to_DER_cert(shown.public_bytes()) for shown in inner.get_unverified_chain()]
