"""A test authority and courts' seals under it, as PKCS #12 files. Nothing here is anybody's."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1_000)
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Authority:
    """An authority: its certificate, its key, and the file that trusts it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    trust_file: Path

    @classmethod
    def made(cls, folder: Path, name: str = "测试签章机构") -> "Authority":
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(name, name, key, NOW - 10 * YEAR, NOW + 10 * YEAR)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        certificate = builder.sign(key, hashes.SHA256())
        trust_file = folder / f"{name}.pem"
        trust_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return cls(certificate, key, trust_file)

    def seal(
        self, folder: Path, name: str, until: datetime = NOW + YEAR, passphrase: bytes | None = None
    ) -> Path:
        """The key file of a court's seal, valid from five years ago on."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        builder = _builder(name, str(issuer), key, NOW - 5 * YEAR, until)
        usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
        certificate = builder.add_extension(usage, critical=True).sign(self.key, hashes.SHA256())
        cipher = (
            serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
        )
        file = folder / f"{name}.p12"
        file.write_bytes(
            pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, [self.certificate], cipher)
        )
        return file


def _builder(
    name: str, issuer: str, key: ec.EllipticCurvePrivateKey, begins: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )
