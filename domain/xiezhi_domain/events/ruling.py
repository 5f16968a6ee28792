"""The hub's ruling on an event, and the log entry that holds both (ADR 0001)."""

from dataclasses import dataclass
from typing import Final

from xiezhi_domain.errors import FormatError, Reason
from xiezhi_domain.events.canonical_json import (
    JsonObject,
    decode_canonical,
    encode_canonical,
    exact_fields,
)
from xiezhi_domain.evidence.merkle import leaf_hash

VERSION = 1
ENTRY_VERSION = b"\x01"
MAX_ENTRY_BYTES = 4_096
_LENGTH_BYTES = 2


@dataclass(frozen=True, slots=True)
class Ruling:
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
    value: JsonObject = {
        "v": VERSION,
        "accepted": ruling.accepted,
        "seq": ruling.seq,
        "prev": ruling.prev,
        "at": ruling.at,
    }
    if not ruling.accepted:
        value["reason"] = ruling.reason
        if ruling.winner:
            value["winner"] = ruling.winner
    return encode_canonical(value)


def decode_ruling(data: bytes) -> Ruling:
    """Return the ruling that *data* spells.

    :raises FormatError: not canonical, a field missing or of the wrong type.
    """
    value = decode_canonical(data, "裁定")
    refused = _WON_OVER if "winner" in value else _REFUSED
    fields = exact_fields(value, _ACCEPTED if value.get("accepted") is True else refused, "裁定")
    if fields["v"] != VERSION:
        raise FormatError("不支持的裁定版本")
    if fields.get("winner") == "":
        raise FormatError("裁定写明的胜出事件为空")
    return Ruling(
        fields["accepted"],
        fields["seq"],
        fields["prev"],
        fields["at"],
        fields.get("reason", ""),
        fields.get("winner", ""),
    )


_ACCEPTED: Final = {"v": int, "accepted": bool, "seq": int, "prev": str, "at": int}
_REFUSED: Final = {**_ACCEPTED, "reason": str}
_WON_OVER: Final = {**_REFUSED, "winner": str}


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
