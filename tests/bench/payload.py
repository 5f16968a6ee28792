"""Events as the contract wants them: a header of JSON (ADR 0001), a body of 1 KiB; nothing is checked."""

import json
import os
import time
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from tests.bench.evidence import ORIGIN, leaf_hash

from xiezhi.v1.event_pb2 import Body, BodyPart

BODY_BYTES = 1024
Header = dict[str, Any]
NO_CHECKPOINT = {"origin": ORIGIN, "size": 0, "root": ""}
_RULEBOOK = sha256(b"rulebook").hexdigest()
_EMPTY_BODY = sha256(b"").hexdigest()
_encode = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), sort_keys=True, check_circular=False
).encode


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that is not signed yet."""

    event_id: str
    instruction: str
    kind: str
    header: bytes
    body: Body


def issued(court: str, to: str, key_id: str, seen: Header = NO_CHECKPOINT) -> Draft:
    """Return the first event of a new instruction."""
    instruction, salt, content = _uuid7(), os.urandom(32), os.urandom(BODY_BYTES)
    part = sha256(b"xiezhi/part/v1" + salt + b"\x00\x04case" + content).digest()
    facts = {
        "kind": "FIND", "lane": 2, "urgency": "NORMAL", "limit_days": 15, "due": _now_ms() + 1_296_000_000,
        "role": "OFFICER", "number": 1, "items": [["1", "WHEREABOUTS"]], "papers": {"RULING": 1}, "documents": 0,
    }  # fmt: skip
    base = {"id": "", "seq": 0, "hash": ""}
    header = _header("Issued", instruction, court, to, key_id, base, seen, leaf_hash(part).hex(), facts)
    header |= {"hub": ORIGIN, "rulebook": _RULEBOOK}
    body = Body(parts=[BodyPart(name="case", salt=salt, content=content)])
    return Draft(header["id"], instruction, "Issued", _encode(header).encode(), body)


def delivered(first: Header, data: bytes, key_id: str, seen: Header) -> Draft:
    """Return the receipt for an `Issued` whose header is *first*, in bytes *data*. It has no body."""
    base = {"id": first["id"], "seq": 1, "hash": sha256(data).hexdigest()}
    instruction = first["instruction"]
    header = _header(
        "Delivered", instruction, first["to"], first["from"], key_id, base, seen, _EMPTY_BODY, {}
    )
    return Draft(header["id"], instruction, "Delivered", _encode(header).encode(), Body())


def ruling(seq: int, prev: str) -> bytes:
    """Return the ruling that accepts an event."""
    return _encode({"accepted": True, "at": _now_ms(), "prev": prev, "seq": seq, "v": 1}).encode()


def entry(header: bytes, ruling_bytes: bytes) -> bytes:
    """Return the log entry of an event."""
    lengths = len(header).to_bytes(2, "big"), len(ruling_bytes).to_bytes(2, "big")
    return b"".join((b"\x01", lengths[0], header, lengths[1], ruling_bytes))


def feed_item(previous: bytes, feed_seq: int, log_index: int, leaf: bytes) -> bytes:
    """Return the hash of a feed item."""
    numbers = feed_seq.to_bytes(8, "big") + log_index.to_bytes(8, "big")
    return sha256(b"xiezhi/feed/v1" + previous + numbers + leaf).digest()


def seen_in(checkpoint: bytes) -> Header:
    """Return what a header says about the last checkpoint."""
    origin, size, root, *_ = checkpoint.decode().split("\n")
    return {"origin": origin, "size": int(size), "root": root}


def _header(
    kind: str,
    instruction: str,
    court: str,
    to: str,
    key_id: str,
    base: Header,
    seen: Header,
    body: str,
    facts: Header,
) -> Header:
    return {
        "v": 1, "id": _uuid7(), "instruction": instruction, "kind": kind, "from": court, "to": to, "base": base,
        "seen": seen, "at": _now_ms(), "key": key_id, "body": body, "facts": facts,
    }  # fmt: skip


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _uuid7() -> str:
    text = f"{_now_ms():012x}7{os.urandom(10).hex()}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-8{text[16:19]}-{text[19:31]}"
