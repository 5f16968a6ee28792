"""Signing keys: in files, or in the hands of a signer, such as a security module, that a file names (ADR 0015)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

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
from xiezhi_journal.signer import HeldKey

IN_FILE: Final = "file"
"""What is said in place of a signer's socket for a key that lies in a file of its own."""

_NAMES_A_KEY: Final = b"{"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs: its id (32 hex digits), its public bytes, and the act of signing.

    Nobody who signs knows more of a key than this. A signer that cannot be reached raises `SignerAway`.
    """

    key_id: str
    public_key: bytes
    sign: Callable[[bytes], bytes]

    @classmethod
    def generate(cls, path: Path, signer: Path | None = None) -> Self:
        """Make a new Ed25519 key, keep it in *path* (PKCS#8 PEM, readable by the owner alone) and return it.

        The *signer* that listens at that socket makes and keeps it, where one is given; *path* then names it.

        :raises FileExistsError: there is a key already; it is never overwritten.
        :raises SignerAway: the signer makes none.
        """
        if signer is not None:
            if path.exists():
                # Before the signer has a key that nobody names.
                raise FileExistsError(path)
            held = HeldKey.make(signer)
            create_file(path, held.format())
            return cls._held(held)
        private = Ed25519PrivateKey.generate()
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        create_file(path, pem)
        return cls._of(private)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the key that is kept in *path*, or that it names; no signer is asked yet.

        :raises FormatError: the file holds no Ed25519 key.
        :raises FileNotFoundError: there is no such file.
        """
        data = path.read_bytes()
        if data.startswith(_NAMES_A_KEY):
            return cls._held(HeldKey.parse(data))
        try:
            private = load_pem_private_key(data, password=None)
        except Exception as error:  # Its own for some faults, OpenSSL's for others.
            raise FormatError(f"{path.name} 不是私钥文件") from error
        if not isinstance(private, Ed25519PrivateKey):
            raise FormatError(f"{path.name} 不是 Ed25519 私钥")
        return cls._of(private)

    @classmethod
    def _of(cls, private: Ed25519PrivateKey) -> Self:
        public = private.public_key().public_bytes_raw()
        return cls(KeyId.of(public).format(), public, private.sign)

    @classmethod
    def _held(cls, held: HeldKey) -> Self:
        return cls(KeyId.of(held.public_key).format(), held.public_key, held.sign)


def signer_of(path: Path) -> Path | None:
    """Return the socket of the signer that holds the key at *path*; None where the file itself does.

    :raises FormatError, OSError: the file is no good.
    """
    data = path.read_bytes()
    return HeldKey.parse(data).place if data.startswith(_NAMES_A_KEY) else None


def try_signer(path: Path) -> Path | None:
    """Return `signer_of`, once that signer has signed something that means nothing.

    :raises SignerAway: it does not.
    :raises FormatError, OSError: the file is no good.
    """
    data = path.read_bytes()
    if not data.startswith(_NAMES_A_KEY):
        return None
    held = HeldKey.parse(data)
    held.try_out()
    return held.place


def next_key(path: Path) -> Path:
    """Return where the key lies that is to follow the one at *path*."""
    return path.with_name(f"{path.stem}-next.pem")


def make_next_key(path: Path, holder: str = "") -> SigningKey:
    """Make the key that is to follow the one at *path*, and lay it beside that one when it is whole.

    *holder* says who keeps it: `IN_FILE`, or the socket of a signer; empty: who keeps the one before.

    :raises SignerAway: the signer makes none.
    """
    signer = signer_of(path) if not holder else None if holder == IN_FILE else Path(holder).absolute()
    new = path.with_name(f"{path.stem}-new.pem")
    # What a try that was cut off has left; nobody was told of it.
    new.unlink(missing_ok=True)
    key = SigningKey.generate(new, signer)
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
