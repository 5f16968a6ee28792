"""What both ends of a connection do with certificates: keys, signing requests, names, fingerprints.

A court is named in its certificate by one URI, ``xiezhi://court/<percent-encoded court code>``. Every key is
ECDSA P-256, which is what keeps TLS 1.2 out (``tls13.py``).
"""

import os
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, unquote

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

_COURT_URI = "xiezhi://court/"


def create_key(path: Path) -> bytes:
    """A new P-256 private key as PEM, stored at ``path`` for its owner alone (0600).

    Raises:
        FileExistsError: there is a key already; it is never overwritten.

    """
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    return pem


def node_request(key_pem: bytes, court: str) -> bytes:
    """A node's certificate signing request (PKCS #10, DER) that names its court."""
    alternative = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(court_uri(court))])
    builder = x509.CertificateSigningRequestBuilder().subject_name(common_name(court))
    request = builder.add_extension(alternative, critical=False).sign(load_key(key_pem), hashes.SHA256())
    return request.public_bytes(Encoding.DER)


def server_request(key_pem: bytes) -> bytes:
    """A listener's certificate signing request (PKCS #10, DER); the authority decides on the names."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return builder.sign(load_key(key_pem), hashes.SHA256()).public_bytes(Encoding.DER)


def fingerprint(certificate_pem: bytes) -> bytes:
    """SHA-256 over the DER form of the first certificate in the PEM: 32 bytes, what a join token pins."""
    return sha256(x509.load_pem_x509_certificate(certificate_pem).public_bytes(Encoding.DER)).digest()


def serial_text(serial: int) -> str:
    """A serial number as the text that tables and logs hold."""
    return f"{serial:x}"


def court_uri(court: str) -> str:
    """The URI that names ``court`` in a certificate."""
    return _COURT_URI + quote(court, safe="")


def court_in(extensions: x509.Extensions) -> str | None:
    """The court code that a certificate or request names; None unless it names exactly one, in our form."""
    try:
        names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return None
    uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    if len(uris) != 1 or not uris[0].startswith(_COURT_URI):
        return None
    try:
        court = unquote(uris[0].removeprefix(_COURT_URI), errors="strict")
    except UnicodeDecodeError:
        return None
    # Only the one spelling that court_uri writes counts.
    return court if court and court_uri(court) == uris[0] else None


def common_name(name: str) -> x509.Name:
    """A distinguished name of nothing but a common name."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def load_key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    """The private key in ``pem``.

    Raises:
        ValueError: not an unencrypted PEM key, or not ECDSA P-256.

    """
    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError as error:
        raise ValueError("the key is encrypted") from error
    except UnsupportedAlgorithm as error:
        raise ValueError("the key must be ECDSA P-256") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not is_p256(key.public_key()):
        raise ValueError("the key must be ECDSA P-256")
    return key


def is_p256(key: object) -> bool:
    """Whether a public key is ECDSA P-256, the one kind we use."""
    return isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == ec.SECP256R1.name
