"""The header of an event: signed by the acting court, never erased, without personal data (ADR 0001)."""

import hashlib
from dataclasses import dataclass, field

from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.canonical_json import JsonObject, ObjectReader, decode_canonical, encode_canonical
from xiezhi_domain.terms import EventKind

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
    reader = ObjectReader(decode_canonical(data, "事件头"), "事件头")
    if reader.integer("v") != VERSION:
        raise FormatError("不支持的事件头版本")
    base, seen = reader.object("base"), reader.object("seen")
    issued = reader.text("kind") == EventKind.ISSUED
    fields = _FIELDS | _ISSUED_FIELDS if issued else _FIELDS
    if reader.value.keys() != fields or base.value.keys() != _BASE or seen.value.keys() != _SEEN:
        raise FormatError("事件头的字段有缺少或多余")
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
    if issued and not (header.hub and header.rulebook):
        raise FormatError("委托事件没有写明枢纽或规则库")
    return header


_FIELDS = frozenset(
    {"v", "id", "instruction", "kind", "from", "to", "base", "seen", "at", "key", "body", "facts"}
)
_ISSUED_FIELDS = frozenset({"hub", "rulebook"})
_BASE = frozenset({"id", "seq", "hash"})
_SEEN = frozenset({"origin", "size", "root"})
