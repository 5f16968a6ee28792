"""An authority of the demo and the electronic seals of its courts, made anew for every run. They prove nothing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

LIFE = timedelta(days=3_650)
NAME = "演示签章机构"


class SealAuthority:
    """Makes seals; `trust_file` is what a court trusts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700)
        self._key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(NAME, self._key)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self._certificate = builder.sign(self._key, hashes.SHA256())
        self.trust_file = folder / "authority.pem"
        self.trust_file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def seal(self, court: str) -> Path:
        """Make the seal of a court; returns its key file."""
        key = ec.generate_private_key(ec.SECP256R1())
        usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
        builder = _builder(f"{court} 演示印章", key).add_extension(usage, critical=True)
        file = self._folder / f"{court}.p12"
        file.touch(mode=0o600)
        file.write_bytes(
            pkcs12.serialize_key_and_certificates(
                court.encode(),
                key,
                builder.sign(self._key, hashes.SHA256()),
                [self._certificate],
                serialization.NoEncryption(),
            )
        )
        return file


def _builder(name: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(NAME))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIFE)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
