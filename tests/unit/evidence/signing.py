"""Real Ed25519 keys for the tests; the evidence formats themselves never import a signature library."""

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from xiezhi_domain.evidence.note import COSIGNATURE_ED25519, ED25519, VerifierKey


@dataclass(frozen=True)
class SigningKey:
    """A key pair made from one seed byte, so that signatures (Ed25519 is deterministic) can be pinned."""

    name: str
    seed: int

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes([self.seed]) * 32)

    @property
    def public(self) -> bytes:
        return self._private.public_key().public_bytes_raw()

    @property
    def log_key(self) -> VerifierKey:
        return VerifierKey(self.name, ED25519, self.public)

    @property
    def witness_key(self) -> VerifierKey:
        return VerifierKey(self.name, COSIGNATURE_ED25519, self.public)

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True
