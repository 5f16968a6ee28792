"""The hub's certificate authority, and the one that is to follow it (docs/operating.md «Certificates and keys»).

An exchange has an overlap. It begins with a second authority beside the first, which vouches for it: certificates of
both are let in, nodes learn to trust both, and get new certificates from the second. It ends when the second takes
the place of the first, whose key is deleted. Every step replaces whole files and may be repeated after a crash.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from xiezhi.v1.enrolment_service_pb2 import TrustedAuthority
from xiezhi_journal.durable_files import replace_file, sync_directory, sync_file
from xiezhi_wire.ca import CertificateAuthority
from xiezhi_wire.startup import StartupError


@dataclass(frozen=True, slots=True)
class Authorities:
    """The authorities in *directory*, read from their files each time: a command exchanges them under a running hub."""

    directory: Path

    @property
    def trust_file(self) -> Path:
        """The certificates of the authorities that listeners let in."""
        return self.directory / "trust.pem"

    @property
    def current(self) -> CertificateAuthority:
        """The authority of the listeners, whose fingerprint join tokens hold."""
        return CertificateAuthority.load(self.directory)

    @property
    def successor(self) -> CertificateAuthority | None:
        """The authority that is to follow; None where no exchange is under way."""
        return CertificateAuthority.load(self._next) if self._vouched.exists() else None

    @property
    def issuing(self) -> CertificateAuthority:
        """The authority that new certificates of nodes come from."""
        return self.successor or self.current

    def trusted(self) -> list[TrustedAuthority]:
        """Return whom nodes shall trust, each with the signature of the one before it."""
        trusted, successor = [TrustedAuthority(certificate=self.current.certificate_pem)], self.successor
        if successor is not None:
            vouched = self._vouched.read_bytes()
            trusted.append(TrustedAuthority(certificate=successor.certificate_pem, vouched_for=vouched))
        return trusted

    def trusted_pem(self) -> bytes:
        """Return the certificates of those whom nodes shall trust, one after another."""
        return b"".join(each.certificate for each in self.trusted())

    def write_trust(self) -> None:
        """Let in the certificates of who is trusted now; running listeners follow the file."""
        content = self.trusted_pem()
        if not self.trust_file.exists() or self.trust_file.read_bytes() != content:
            replace_file(self.trust_file, content)

    def begin(self, name: str, now_ms: int, lifetime: timedelta) -> CertificateAuthority:
        """Make the authority that is to follow, called *name*; from now on nodes get certificates from it.

        :raises StartupError: an exchange is under way.
        """
        if self.successor is not None:
            raise StartupError("证书签发机构正在更换，请先以 xiezhi-hub authority finish 完成")
        self._next.mkdir(mode=0o700, exist_ok=True)
        # What a try that was cut off has left; nobody was told of it.
        for path in self._pair:
            path.unlink(missing_ok=True)
        successor = CertificateAuthority.create(self._next, name, now_ms, lifetime)
        for path in (self._next, *self._pair):
            sync_file(path)
        replace_file(self._vouched, self.current.vouch(successor))
        self.write_trust()
        return successor

    def take_over(self) -> None:
        """Put the successor in the place of the current authority, whose key is gone then."""
        for path in self._pair:
            replace_file(self.directory / path.name, path.read_bytes())
        replace_file(self.trust_file, self.current.certificate_pem)
        # Without the voucher nothing is under way, and what is left beside it counts for nothing.
        self._vouched.unlink()
        sync_directory(self._next)
        for path in self._pair:
            path.unlink()
        self._next.rmdir()

    @property
    def _next(self) -> Path:
        return self.directory / "next"

    @property
    def _pair(self) -> tuple[Path, Path]:
        """Key and certificate of the one that is to follow."""
        return self._next / "ca.key", self._next / "ca.pem"

    @property
    def _vouched(self) -> Path:
        return self._next / "vouched.sig"
