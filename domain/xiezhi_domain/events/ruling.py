"""The hub's ruling on an event, and the log entry that holds both (ADR 0001)."""

from typing import Final

import msgspec

from xiezhi_domain.errors import FormatError, Reason
from xiezhi_domain.events.canonical_json import RecordReader, encode_canonical
from xiezhi_domain.evidence.merkle import leaf_hash

VERSION = 1
ENTRY_VERSION = b"\x01"
MAX_ENTRY_BYTES = 4_096
_LENGTH_BYTES = 2


class Ruling(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="v", tag=VERSION
):
    """Accepted, or refused with a reason.

    `seq` is the sequence number given (refused: that of the last accepted event judged against), `prev` the hex
    leaf hash of the instruction's last accepted entry, `at` the hub's time in ms since 1970, `winner` the id of
    the event that won over a refused one.
    """

    accepted: bool
    seq: int
    prev: str
    at: int
    reason: str = ""
    winner: str = ""


def encode_ruling(ruling: Ruling) -> bytes:
    """Return the bytes that go into the log entry."""
    return encode_canonical(ruling)


def decode_ruling(data: bytes) -> Ruling:
    """Return the ruling that *data* spells.

    :raises FormatError: not canonical, a field missing or of the wrong type.
    """
    ruling = _reader.read(data)
    if ruling.accepted and (ruling.reason or ruling.winner):
        raise FormatError("裁定有多余的未知字段 reason 或 winner")
    if not (ruling.accepted or ruling.reason):
        raise FormatError("裁定没有写明不受理的原因")
    return ruling


_reader: Final = RecordReader(Ruling, "裁定")


def refusal(reason: Reason, seq: int, prev: str, at: int, winner: str = "") -> Ruling:
    """Return the ruling that refuses an event."""
    return Ruling(False, seq, prev, at, reason.value, winner)


def encode_entry(header: bytes, ruling: bytes) -> bytes:
    """Return the log entry of an event and its ruling.

    :raises FormatError: longer than an entry may be.
    """
    entry = b"".join(
        (
            ENTRY_VERSION,
            len(header).to_bytes(_LENGTH_BYTES, "big"),
            header,
            len(ruling).to_bytes(_LENGTH_BYTES, "big"),
            ruling,
        )
    )
    if len(entry) > MAX_ENTRY_BYTES:
        raise FormatError(f"存证记录超过 {MAX_ENTRY_BYTES} 字节")
    return entry


def decode_entry(entry: bytes) -> tuple[bytes, bytes]:
    """Return header bytes and ruling bytes of a log entry.

    :raises FormatError: another version, lengths that do not add up, or too long.
    """
    if len(entry) > MAX_ENTRY_BYTES or entry[:1] != ENTRY_VERSION:
        raise FormatError("存证记录版本或长度不正确")
    header, rest = _take(entry[1:])
    ruling, rest = _take(rest)
    if rest:
        raise FormatError("存证记录末尾有多余内容")
    return header, ruling


def _take(data: bytes) -> tuple[bytes, bytes]:
    end = _LENGTH_BYTES + int.from_bytes(data[:_LENGTH_BYTES], "big")
    if len(data) < end:
        raise FormatError("存证记录不完整")
    return data[_LENGTH_BYTES:end], data[end:]


def entry_leaf(header: bytes, ruling: bytes) -> bytes:
    """Return the RFC 6962 leaf hash of the log entry of *header* and *ruling*."""
    return leaf_hash(encode_entry(header, ruling))
