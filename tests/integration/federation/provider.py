"""The program of `provider_program.py` as a test sees it."""

import datetime as dt
import json
import re
import ssl
import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.integration.federation.real_provider import CLIENT, FINISH, PEOPLE, SECRET


class RunningProvider:
    """A provider in a process of its own; to be started before gRPC runs in this one."""

    def __init__(self, directory: Path) -> None:
        self.certificate, key = directory / "provider.pem", directory / "provider.key"
        _make_certificate(self.certificate, key)
        program = "tests.integration.federation.provider_program"
        self._process = subprocess.Popen(
            [sys.executable, "-m", program, self.certificate, key, directory],
            cwd=Path(__file__).parents[3],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.issuer: str = self._answer()["issuer"]

    def does(self, **order: Any) -> dict[str, Any]:
        """Have its answers spoiled so from now on (`Spoiler`); without an order it does what it does."""
        print(json.dumps(order), file=self._process.stdin, flush=True)
        return self._answer()

    async def visit(self, address: str, person: str = "person-1", password: str = "") -> httpx.Response:
        """Show it who one is, by its form, where a browser was sent to; gives what it answers."""
        trust = ssl.create_default_context(cafile=self.certificate)
        async with httpx.AsyncClient(verify=trust, trust_env=False) as browser:
            form = (await browser.get(address)).text
            action, token = (re.search(f'{name}="([^"]+)"', form)[1] for name in ("action", "value"))
            filled = {"username": person, "password": password or PEOPLE[person], "token": token}
            return await browser.post(urljoin(self.issuer, action), data=filled)

    def settings(self, directory: Path, **more: Any) -> Path:
        """A file of settings for it."""
        secret = directory / "client.secret"
        secret.write_text(SECRET + "\n")
        secret.chmod(0o600)
        values = {
            "issuer": self.issuer,
            "client_id": CLIENT,
            "client_secret_file": str(secret),
            "redirect_address": FINISH,
            "authority": str(self.certificate),
            **more,
        }
        file = directory / "federation.toml"
        # JSON of plain strings, numbers, truth values and lists is TOML.
        file.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items()))
        return file

    def close(self) -> None:
        self._process.communicate(timeout=60)

    def _answer(self) -> dict[str, Any]:
        return json.loads(self._process.stdout.readline())


def _make_certificate(certificate: Path, key_file: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "identity provider of a test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
