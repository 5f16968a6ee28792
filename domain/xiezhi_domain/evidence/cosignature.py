"""Cosignatures (C2SP tlog-cosignature, Ed25519, signature type 0x04): a witness's word on a checkpoint.

A cosignature says: at this time, the largest consistent tree that I have seen of this log has this root. It
is a signature line in the checkpoint's note that holds the time (8 bytes, big-endian, seconds since 1970) and
the Ed25519 signature (64 bytes) of a header line, a time line and the checkpoint's text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.canonical import require_integer
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.note import (
    COSIGNATURE_ED25519,
    Note,
    NoteSignature,
    SignatureCheck,
    Signer,
    VerifierKey,
    signatures_of_known,
)

_TIME_BYTES = 8
_ED25519_SIGNATURE_BYTES = 64


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A verified cosignature: the witness's key, and the time it stated (seconds since 1970)."""

    witness: VerifierKey
    time: int


def cosigned_message(checkpoint: Checkpoint, time: int) -> bytes:
    """Return the bytes that a witness signs.

    :raises FormatError: *time* is negative or above 2**63 - 1.
    """
    require_integer(time, "见证时间")
    return f"cosignature/v1\ntime {time}\n{checkpoint.format()}".encode()


def cosign(checkpoint: Checkpoint, witness: VerifierKey, time: int, signer: Signer) -> NoteSignature:
    """Return the cosignature line of *witness* at *time* (seconds since 1970).

    Whoever calls has checked and stored before that this checkpoint extends every one it cosigned.

    :raises FormatError: *witness* is no cosigner's key, or *time* is out of range.
    """
    if witness.signature_type != COSIGNATURE_ED25519:
        raise FormatError(f"密钥 {witness.name} 不是见证密钥")
    raw = signer(cosigned_message(checkpoint, time))
    return NoteSignature(witness.name, witness.key_id, time.to_bytes(_TIME_BYTES, "big") + raw)


def split_timestamp(signature: bytes) -> tuple[int, bytes]:
    """Return the time (seconds since 1970) and the Ed25519 signature of a cosignature line.

    :raises FormatError: not 72 bytes, or a time above 2**63 - 1.
    """
    if len(signature) != _TIME_BYTES + _ED25519_SIGNATURE_BYTES:
        raise FormatError("见证签名应为 8 字节时间加 64 字节签名")
    time = int.from_bytes(signature[:_TIME_BYTES], "big")
    return require_integer(time, "见证时间"), signature[_TIME_BYTES:]


def open_cosignatures(
    note: Note, witnesses: Iterable[VerifierKey], verify: SignatureCheck
) -> tuple[Cosignature, ...]:
    """Return the verified cosignatures of the known *witnesses*, one for each; none if none cosigned.

    A witness that cosigned the same checkpoint more than once counts once, with its latest time.

    :raises FormatError: the note is no checkpoint, a known witness's line is malformed, or two known
        witnesses share a key (one court would count twice).
    :raises ProofError: a known witness's cosignature is false.
    """
    checkpoint = Checkpoint.parse(note.text)
    latest: dict[VerifierKey, int] = {}
    for witness, line in signatures_of_known(note, _distinct(tuple(witnesses)), COSIGNATURE_ED25519):
        time, raw = split_timestamp(line.signature)
        if not verify(witness.public_key, cosigned_message(checkpoint, time), raw):
            raise ProofError(f"{witness.name} 的见证签名不成立")
        latest[witness] = max(time, latest.get(witness, 0))
    return tuple(Cosignature(witness, time) for witness, time in latest.items())


def _distinct(witnesses: Sequence[VerifierKey]) -> Sequence[VerifierKey]:
    # The signed message does not name the cosigner, so one key under two names could be counted twice.
    if len({witness.public_key for witness in witnesses}) != len(witnesses):
        raise FormatError("有两个见证方使用同一公钥")
    return witnesses
