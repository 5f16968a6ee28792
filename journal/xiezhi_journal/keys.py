"""Signing keys in files. The interface is narrow so that a security module can stand behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.keys import KeyId
from xiezhi_journal.durable_files import create_file, move_file


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs: its id (32 hex digits), its public bytes, and the act of signing."""

    key_id: str
    public_key: bytes
    sign: Callable[[bytes], bytes]

    @classmethod
    def generate(cls, path: Path) -> Self:
        """Make a new Ed25519 key, keep it in *path* (PKCS#8 PEM, readable by the owner alone) and return it.

        :raises FileExistsError: there is a key already; it is never overwritten.
        """
        private = Ed25519PrivateKey.generate()
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        create_file(path, pem)
        return cls._of(private)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the key kept in *path*.

        :raises FormatError: the file holds no Ed25519 key.
        :raises FileNotFoundError: there is no such file.
        """
        try:
            private = load_pem_private_key(path.read_bytes(), password=None)
        except Exception as error:  # Its own for some faults, OpenSSL's for others.
            raise FormatError(f"{path.name} 不是私钥文件") from error
        if not isinstance(private, Ed25519PrivateKey):
            raise FormatError(f"{path.name} 不是 Ed25519 私钥")
        return cls._of(private)

    @classmethod
    def _of(cls, private: Ed25519PrivateKey) -> Self:
        public = private.public_key().public_bytes_raw()
        return cls(KeyId.of(public).format(), public, private.sign)


def next_key(path: Path) -> Path:
    """Return where the key lies that is to follow the one at *path*."""
    return path.with_name(f"{path.stem}-next.pem")


def make_next_key(path: Path) -> SigningKey:
    """Make the key that is to follow the one at *path*, and lay it beside that one when it is whole."""
    new = path.with_name(f"{path.stem}-new.pem")
    # What a try that was cut off has left; nobody was told of it.
    new.unlink(missing_ok=True)
    key = SigningKey.generate(new)
    move_file(new, next_key(path))
    return key


@lru_cache(maxsize=4096)
def verify_signature(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether *signature* is the key's Ed25519 signature (RFC 8032) of *message*.

    One signature stands under many events that come in several batches, so the last answers are kept.
    """
    try:
        _public(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=1024)
def _public(public_key: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public_key)
