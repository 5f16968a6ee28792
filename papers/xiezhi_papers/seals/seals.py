"""What is asked of a seal, and what is said of it."""

from dataclasses import dataclass
from typing import Final

from xiezhi_domain.terms import SealState

PDF: Final = "application/pdf"


@dataclass(frozen=True, slots=True)
class SealCheck:
    """A document to check: its path and media type, the file with the authorities trusted (PEM), and the time."""

    path: str
    media_type: str
    trust_file: str
    now_ms: int


@dataclass(frozen=True, slots=True)
class CheckedSeal:
    """One seal: what the check has shown, who sealed as the certificate says, and when as the seal claims (ms)."""

    state: SealState
    signer: str
    claimed_at: int


@dataclass(frozen=True, slots=True)
class CheckedSeals:
    """The document as a whole, which is as good as its worst seal, and its seals, oldest first."""

    state: SealState
    seals: tuple[CheckedSeal, ...]


@dataclass(frozen=True, slots=True)
class SealJob:
    """A PDF to be sealed, what for, and the files of key and passphrase; no passphrase file, no passphrase."""

    pdf: bytes
    reason: str
    key_file: str
    passphrase_file: str
