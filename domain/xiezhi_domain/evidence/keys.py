"""Key ids of courts' keys: which key, by which algorithm, in 16 bytes.

    key id = algorithm byte ‖ first 15 bytes of SHA-256("xiezhi/key/v1" ‖ algorithm byte ‖ public key)

written in 32 lowercase hex digits. 15 bytes are enough that nobody finds a second key for an id.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.errors import ProofError

ED25519 = 0x01
"""The one algorithm today; the byte leaves room for others (SM2)."""

_DOMAIN = b"xiezhi/key/v1"
_FINGERPRINT_BYTES = 15
_PUBLIC_KEY_BYTES = {ED25519: 32}
_HEX = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class KeyId:
    """The id of a public key: its algorithm byte and 15 bytes of hash.

    :raises FormatError: an unknown algorithm, or a fingerprint of another length.
    """

    algorithm: int
    fingerprint: bytes

    def __post_init__(self) -> None:
        _require_algorithm(self.algorithm)
        if len(self.fingerprint) != _FINGERPRINT_BYTES:
            raise FormatError("密钥标识应为 16 字节")

    @classmethod
    def of(cls, public_key: bytes, algorithm: int = ED25519) -> Self:
        """Return the id of *public_key* (Ed25519: 32 bytes, RFC 8032).

        :raises FormatError: an unknown algorithm, or a key of another length.
        """
        if len(public_key) != _require_algorithm(algorithm):
            raise FormatError(f"公钥应为 {_PUBLIC_KEY_BYTES[algorithm]} 字节")
        algorithm_byte = bytes((algorithm,))
        digest = sha256(_DOMAIN + algorithm_byte + public_key).digest()
        return cls(algorithm, digest[:_FINGERPRINT_BYTES])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the id written in *text*.

        :raises FormatError: not 32 lowercase hex digits, or an unknown algorithm.
        """
        if not _HEX.fullmatch(text):
            raise FormatError("密钥标识应为 32 位小写十六进制数")
        data = bytes.fromhex(text)
        return cls(data[0], data[1:])

    def format(self) -> str:
        """Return 32 lowercase hex digits."""
        return bytes((self.algorithm,)).hex() + self.fingerprint.hex()

    def check(self, public_key: bytes) -> None:
        """Check that this is the id of *public_key*.

        :raises FormatError: a key of another length.
        :raises ProofError: it is another key's id.
        """
        if KeyId.of(public_key, self.algorithm) != self:
            raise ProofError("密钥标识与公钥不符")


def _require_algorithm(algorithm: int) -> int:
    """Return the length of the algorithm's public keys."""
    if algorithm not in _PUBLIC_KEY_BYTES:
        raise FormatError(f"不支持 0x{algorithm:02x} 号签名算法")
    return _PUBLIC_KEY_BYTES[algorithm]
