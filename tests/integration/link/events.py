"""Events as nodes sign them, with headers that can be read and signatures that nobody checks here."""

import uuid
from hashlib import sha256

from xiezhi.v1.event_pb2 import Body, BodyPart, PushProof
from xiezhi.v1.link_service_pb2 import LANE_NORMAL, StoredEvent
from xiezhi_domain.events.header import Base, Header, Seen, decode_header, encode_header

A = "苏0508"
B = "苏0582"
ORIGIN = "hub.test/log"


def event(
    court: str,
    to: str,
    position: int,
    *,
    lane: int = LANE_NORMAL,
    instruction: str | None = None,
    size: int = 100,
) -> StoredEvent:
    """The event at *position* of *court*'s journal; *size* bytes of body."""
    header = Header(
        id=_uuid(f"{court}/{position}"),
        instruction=instruction or _uuid(f"instruction/{court}/{position}"),
        kind="Issued",
        sender=court,
        to=to,
        base=Base(),
        seen=Seen(ORIGIN),
        at=1_760_000_000_000 + position,
        key="01" + "0" * 30,
        body=sha256(b"body").hexdigest(),
        facts={"lane": lane},
        hub=ORIGIN,
        rulebook=sha256(b"rulebook").hexdigest(),
    )
    push = PushProof(court=court, first_position=position, count=1, index=0)
    body = Body(parts=[BodyPart(name="prose", content=b"x" * size)])
    return StoredEvent(
        header=encode_header(header), push=push.SerializeToString(), body=body.SerializeToString()
    )


def read(record: StoredEvent) -> Header:
    return decode_header(record.header)


def position_of(record: StoredEvent) -> int:
    push = PushProof.FromString(record.push)
    return push.first_position + push.index


def matter(name: str) -> str:
    """An instruction id."""
    return _uuid(f"instruction/{name}")


def _uuid(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))
