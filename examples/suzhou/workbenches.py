"""The workbench beside a desk of the stage: a process of its own, over HTTPS with a certificate made for this run."""

import ipaddress
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from ports import free_ports

from stage import BIN, SHIFTED, Actor

LIFE = timedelta(days=365)
# Stories let months pass on the clock of the programs; a browser and its session do not notice.
SESSION_MINUTES = 1_000_000


def open_workbench(folder: Path, desk: Actor, *, serves: str, clock: Path | None = None) -> Actor:
    """Start the workbench of *desk*, `node` or `hub`, in a new folder; on the clock of the stage if it has one."""
    folder.mkdir(mode=0o700)
    (folder / "data").mkdir()
    make_certificate(folder / "certificate.pem", folder / "key.pem")
    endpoints = desk.endpoints()
    values = {
        "serves": serves,
        "server": endpoints["desk"],
        "server_authority": endpoints["ca"],
        "listen": f"127.0.0.1:{free_ports(1)[0]}",
        "certificate": str(folder / "certificate.pem"),
        "certificate_key": str(folder / "key.pem"),
        "announce": str(folder / "data" / "endpoints.json"),
        **({"idle_minutes": SESSION_MINUTES, "session_minutes": SESSION_MINUTES} if clock else {}),
    }
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    (folder / "config.toml").write_text("\n".join(lines) + "\n", "utf-8")
    program = str(BIN / "xiezhi")
    command = [program, "workbench", "serve", "--config", str(folder / "config.toml")]
    actor = Actor(folder.name, program, [*SHIFTED, str(clock), *command] if clock else command, folder)
    actor.start()
    return actor


def make_certificate(certificate: Path, key_file: Path) -> None:
    """Make a certificate for this machine that vouches for itself; browsers ask before they trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "协执演示工作台")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIFE)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.touch(mode=0o600)
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
