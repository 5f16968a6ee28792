"""The hub's certificate authority: X.509 (RFC 5280) for TLS alone; event keys are log entries (protocol §6).

Serial numbers are random. Whoever issues keeps ``Issued.serial`` and ``Issued.sha256``, in the lower-case
hexadecimal text that ``peer.PeerCertificate`` has them in: a certificate that nobody kept was not handed out.

An authority is followed by another one whose certificate it vouches for (`CertificateAuthority.vouch`): the
signature of its key over ``xiezhi/authority/v1``, a line feed and the DER of the other's certificate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from xiezhi_domain.court_time import to_datetime, to_ms
from xiezhi_wire.certificates import (
    common_name,
    court_in,
    court_uri,
    create_key,
    is_p256,
    load_key,
    serial_text,
)

# A certificate that begins now is refused by a court whose clock is a little behind.
_BACKDATE = timedelta(minutes=5)
_VOUCHED = b"xiezhi/authority/v1\n"


class RequestRefused(ValueError):  # noqa: N818  # the name says what happened to the signing request
    """The authority does not sign this request; the message says why."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A new certificate: its chain (leaf, then authority), serial number, end of validity (Unix ms).

    `sha256` is that of the certificate, `authority` that of the certificate which it comes from; both hexadecimal.
    """

    chain_pem: bytes
    serial: str
    not_after_ms: int
    sha256: str
    authority: str


class CertificateAuthority:
    """Signs the certificates of listeners and nodes with the key in its directory: ``ca.key``, ``ca.pem``."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self._key = key
        self._certificate = certificate

    @classmethod
    def create(cls, directory: Path, name: str, now_ms: int, lifetime: timedelta) -> Self:
        """A new authority, stored in ``directory``.

        Raises:
            FileExistsError: the directory already holds an authority; it is never overwritten.

        """
        key = load_key(create_key(directory / "ca.key"))
        certificate = _self_signed(key, name, now_ms, lifetime)
        (directory / "ca.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        return cls(key, certificate)

    @classmethod
    def load(cls, directory: Path) -> Self:
        """The authority stored in ``directory``.

        Raises:
            OSError: a file is missing or unreadable.
            ValueError: a file does not hold what its name says.

        """
        key = load_key((directory / "ca.key").read_bytes())
        return cls(key, x509.load_pem_x509_certificate((directory / "ca.pem").read_bytes()))

    @property
    def certificate_pem(self) -> bytes:
        """The authority's own certificate, what the other side has to trust."""
        return self._certificate.public_bytes(Encoding.PEM)

    @property
    def sha256(self) -> str:
        """SHA-256 over the authority's certificate (DER), hexadecimal; what names it."""
        return _digest(self._certificate)

    def vouch(self, successor: "CertificateAuthority") -> bytes:
        """The signature with which this authority says that *successor* follows it."""
        return self._key.sign(_vouched(successor.certificate_pem), ec.ECDSA(hashes.SHA256()))

    def issue_server(
        self, request_der: bytes, names: Sequence[str], now_ms: int, lifetime: timedelta
    ) -> Issued:
        """A listener's certificate for the DNS names and IP addresses in ``names``.

        Raises:
            RequestRefused: the request is broken, or its key is not P-256, or ``names`` is empty.

        """
        if not names:
            raise RequestRefused("a server certificate needs at least one name or address")
        request = _checked_request(request_der)
        leaf = _Leaf(names[0], [_general_name(name) for name in names], ExtendedKeyUsageOID.SERVER_AUTH)
        return self._issue(request, leaf, now_ms, lifetime)

    def issue_node(self, request_der: bytes, court: str, now_ms: int, lifetime: timedelta) -> Issued:
        """The client certificate of ``court``'s node.

        Raises:
            RequestRefused: the request is broken, its key is not P-256, or it names another court.

        """
        request = _checked_request(request_der)
        if court_in(request.extensions) != court:
            raise RequestRefused("the signing request does not name the court that asks")
        names = [x509.UniformResourceIdentifier(court_uri(court))]
        return self._issue(request, _Leaf(court, names, ExtendedKeyUsageOID.CLIENT_AUTH), now_ms, lifetime)

    def _issue(
        self,
        request: x509.CertificateSigningRequest,
        leaf: "_Leaf",
        now_ms: int,
        lifetime: timedelta,
    ) -> Issued:
        # Nothing but the key is taken from the request: names and usages are the authority's to say.
        now = to_datetime(now_ms)
        not_after = min(now + lifetime, self._certificate.not_valid_after_utc).replace(microsecond=0)
        serial = x509.random_serial_number()
        certificate = (
            _builder(leaf.common_name, self._certificate.subject, request.public_key(), serial)
            .not_valid_before(now - _BACKDATE)
            .not_valid_after(not_after)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(authority=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([leaf.usage]), critical=False)
            .add_extension(x509.SubjectAlternativeName(leaf.names), critical=False)
            .add_extension(_authority_identifier(self._key), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        chain = certificate.public_bytes(Encoding.PEM) + self.certificate_pem
        return Issued(chain, serial_text(serial), to_ms(not_after), _digest(certificate), self.sha256)


def is_vouched_for(successor_pem: bytes, signature: bytes, by_pem: bytes) -> bool:
    """Whether the authority *by_pem* has said with *signature* that *successor_pem* follows it.

    Raises:
        ValueError: one of the two is no certificate.

    """
    key = x509.load_pem_x509_certificate(by_pem).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(signature, _vouched(successor_pem), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _vouched(successor_pem: bytes) -> bytes:
    return _VOUCHED + x509.load_pem_x509_certificate(successor_pem).public_bytes(Encoding.DER)


def _digest(certificate: x509.Certificate) -> str:
    return sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


@dataclass(frozen=True, slots=True)
class _Leaf:
    common_name: str
    names: Sequence[x509.GeneralName]
    usage: x509.ObjectIdentifier


def _checked_request(request_der: bytes) -> x509.CertificateSigningRequest:
    try:
        request = x509.load_der_x509_csr(request_der)
        valid = request.is_signature_valid
    except (ValueError, TypeError) as error:
        raise RequestRefused("not a certificate signing request (PKCS #10, DER)") from error
    if not is_p256(request.public_key()):
        raise RequestRefused("the key of the signing request must be ECDSA P-256")
    if not valid:
        raise RequestRefused("the signature of the signing request is wrong")
    return request


def _self_signed(
    key: ec.EllipticCurvePrivateKey, name: str, now_ms: int, lifetime: timedelta
) -> x509.Certificate:
    now = to_datetime(now_ms)
    return (
        _builder(name, common_name(name), key.public_key(), x509.random_serial_number())
        .not_valid_before(now - _BACKDATE)
        .not_valid_after(now + lifetime)
        # Path length 0: the authority signs leaves only.
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def _builder(
    name: str, issuer: x509.Name, key: CertificatePublicKeyTypes, serial: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(common_name(name))
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(serial)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _authority_identifier(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
