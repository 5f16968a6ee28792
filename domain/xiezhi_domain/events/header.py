"""The header of an event: signed by the acting court, never erased, without personal data (ADR 0001)."""

import hashlib
from typing import Any, Final

import msgspec

from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.canonical_json import RecordReader, encode_canonical
from xiezhi_domain.terms import EventKind

VERSION = 1
MAX_HEADER_BYTES = 3_500
"""Leaves room for the ruling in a log entry of 4,096 bytes."""
LATEST: Final = 253_370_764_800_000
"""No claimed time is later: the year 9999 in ms since 1970, the last that calendars of programs know."""


class Base(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The event that another one builds on, as its user saw it; all empty for a first event."""

    id: str = ""
    seq: int = 0
    hash: str = ""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last checkpoint that the acting court had stored: the event's not-before (protocol §5)."""

    origin: str
    size: int = 0
    root: str = ""


class Header(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename={"sender": "from"},
    tag_field="v",
    tag=VERSION,
):
    """What a court signs about an instruction. `at` is ms since 1970; `body` is the commitment in hex.

    `facts` are never changed either: several holders may share one header. `hub` and `rulebook` stand in `Issued`
    alone.
    """

    id: str
    instruction: str
    kind: str
    sender: str
    to: str
    base: Base
    seen: Seen
    at: int
    key: str
    body: str
    facts: dict[str, Any]
    hub: str = ""
    rulebook: str = ""


def header_hash(data: bytes) -> str:
    """Return the hex SHA-256 of header bytes, by which later events name their base."""
    return hashlib.sha256(data).hexdigest()


def encode_header(header: Header) -> bytes:
    """Return the bytes to sign.

    :raises FormatError: over the size that fits a log entry.
    """
    data = encode_canonical(header)
    if len(data) > MAX_HEADER_BYTES:
        raise FormatError(f"事件头超过 {MAX_HEADER_BYTES} 字节，请减少办理项")
    return data


def decode_header(data: bytes) -> Header:
    """Return the header that *data* spells.

    :raises FormatError: too long, not canonical, a field missing, superfluous, of the wrong type or out of range.
    """
    header = _recent.get(data)
    if header is None:
        header = _decode(data)
        _recent.put(data, header)
    return header


def _decode(data: bytes) -> Header:
    if len(data) > MAX_HEADER_BYTES:
        raise FormatError(f"事件头超过 {MAX_HEADER_BYTES} 字节")
    header = _reader.read(data)
    if not (0 <= header.at <= LATEST and header.base.seq >= 0 and header.seen.size >= 0):
        raise FormatError("事件头中的时间或序号超出范围")
    if header.kind == EventKind.ISSUED:
        if not (header.hub and header.rulebook):
            raise FormatError("事件头没有写明枢纽或规则库")
    elif header.hub or header.rulebook:
        raise FormatError("事件头有多余的未知字段 hub 或 rulebook")
    return header


_reader: Final = RecordReader(Header, "事件头")


class _Recent:
    """The headers read last, by their bytes: most are read again soon, on their way back or for their matter.

    Only what was read from bytes is in it: what a program makes may hold other types than what everybody reads.
    Two generations instead of an order: the older one is dropped whole, and threads need no lock.
    """

    def __init__(self, most: int) -> None:
        self._most = most // 2
        self._young: dict[bytes, Header] = {}
        self._old: dict[bytes, Header] = {}

    def get(self, data: bytes) -> Header | None:
        return self._young.get(data) or self._old.get(data)

    def put(self, data: bytes, header: Header) -> None:
        if len(self._young) >= self._most:
            self._old, self._young = self._young, {}
        self._young[data] = header


_recent: Final = _Recent(8_192)
