"""The header of an event: signed by the acting court, never erased, without personal data (ADR 0001)."""

import hashlib
from dataclasses import dataclass, field

from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.canonical_json import JsonObject, decode_canonical, encode_canonical

VERSION = 1
MAX_HEADER_BYTES = 3_500
"""Leaves room for the ruling in a log entry of 4,096 bytes."""


@dataclass(frozen=True, slots=True)
class Base:
    """The event that another one builds on, as its user saw it; all empty for a first event."""

    id: str = ""
    seq: int = 0
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """The last checkpoint that the acting court had stored: the event's not-before (protocol §5)."""

    origin: str
    size: int = 0
    root: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """What a court signs about an instruction. `at` is ms since 1970; `body` is the commitment in hex."""

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
    facts: JsonObject = field(default_factory=dict)
    hub: str = ""
    rulebook: str = ""


def header_hash(data: bytes) -> str:
    """Return the hex SHA-256 of header bytes, by which later events name their base."""
    return hashlib.sha256(data).hexdigest()


def encode_header(header: Header) -> bytes:
    """Return the bytes to sign.

    :raises FormatError: over the size that fits a log entry.
    """
    base, seen = header.base, header.seen
    value: JsonObject = {
        "v": VERSION,
        "id": header.id,
        "instruction": header.instruction,
        "kind": header.kind,
        "from": header.sender,
        "to": header.to,
        "base": {"id": base.id, "seq": base.seq, "hash": base.hash},
        "seen": {"origin": seen.origin, "size": seen.size, "root": seen.root},
        "at": header.at,
        "key": header.key,
        "body": header.body,
        "facts": header.facts,
    }
    if header.hub:
        value["hub"] = header.hub
        value["rulebook"] = header.rulebook
    data = encode_canonical(value)
    if len(data) > MAX_HEADER_BYTES:
        raise FormatError(f"事件头超过 {MAX_HEADER_BYTES} 字节，请减少办理项")
    return data


def decode_header(data: bytes) -> Header:
    """Return the header that *data* spells.

    :raises FormatError: too long, not canonical, a field missing, superfluous or of the wrong type.
    """
    if len(data) > MAX_HEADER_BYTES:
        raise FormatError(f"事件头超过 {MAX_HEADER_BYTES} 字节")
    value = decode_canonical(data, "事件头")
    reader = _Reader(value)
    if reader.integer("v") != VERSION:
        raise FormatError("不支持的事件头版本")
    base, seen = reader.object("base"), reader.object("seen")
    issued = "hub" in value
    header = Header(
        id=reader.text("id"),
        instruction=reader.text("instruction"),
        kind=reader.text("kind"),
        sender=reader.text("from"),
        to=reader.text("to"),
        base=Base(base.text("id"), base.integer("seq"), base.text("hash")),
        seen=Seen(seen.text("origin"), seen.integer("size"), seen.text("root")),
        at=reader.integer("at"),
        key=reader.text("key"),
        body=reader.text("body"),
        facts=reader.object("facts").value,
        hub=reader.text("hub") if issued else "",
        rulebook=reader.text("rulebook") if issued else "",
    )
    expected = len(_FIELDS) + (2 if issued else 0)
    if len(value) != expected or len(base.value) != len(_BASE) or len(seen.value) != len(_SEEN):
        raise FormatError("事件头含有未知字段")
    return header


_FIELDS = ("v", "id", "instruction", "kind", "from", "to", "base", "seen", "at", "key", "body", "facts")
_BASE = ("id", "seq", "hash")
_SEEN = ("origin", "size", "root")
_SAFE_INTEGER = 1 << 53


class _Reader:
    """Typed access to a decoded object."""

    __slots__ = ("value",)

    def __init__(self, value: JsonObject) -> None:
        self.value = value

    def text(self, name: str) -> str:
        found = self.value.get(name)
        if type(found) is not str:
            raise FormatError(f"事件头缺少文本字段 {name}")
        return found

    def integer(self, name: str) -> int:
        found = self.value.get(name)
        if type(found) is not int or not -_SAFE_INTEGER < found < _SAFE_INTEGER:
            raise FormatError(f"事件头缺少整数字段 {name}")
        return found

    def object(self, name: str) -> "_Reader":
        found = self.value.get(name)
        if type(found) is not dict:
            raise FormatError(f"事件头缺少对象字段 {name}")
        return _Reader(found)
