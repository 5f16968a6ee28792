"""Events of the hub's own court that the hub makes itself, ruled on in the transaction that stores them."""

import os

from sqlalchemy import select

from xiezhi.v1 import event_pb2
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.events.header import Base, Header, Seen, encode_header, header_hash
from xiezhi_domain.events.ids import stream_id, uuid7
from xiezhi_domain.evidence.canonical import format_base64
from xiezhi_domain.ladder import Step
from xiezhi_hub.ruling.check import CheckedEvent
from xiezhi_hub.ruling.directory import own_key_id, stream_head
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal import tables
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.proofs import body_commitment


def own_event(
    ledger: Ledger,
    seat: Seat,
    kind: str,
    instruction: str,
    to: str,
    head: Step,
    facts: JsonObject,
    body: event_pb2.Body | None = None,
    rulebook: str = "",
) -> CheckedEvent:
    """Return an event that builds on *head*; the ledger signs it with the hub's event key.

    The first event of a matter pins *rulebook*.
    """
    body = body or event_pb2.Body()
    header = Header(
        id=uuid7(ledger.now, os.urandom(10)),
        instruction=instruction,
        kind=kind,
        sender=seat.court,
        to=to,
        base=Base(head.id, head.seq, head.hash),
        seen=_last_checkpoint(ledger, seat.origin),
        at=ledger.now,
        key=own_key_id(ledger),
        body=body_commitment(body),
        facts=facts,
        hub=seat.origin if rulebook else "",
        rulebook=rulebook,
    )
    data = encode_header(header)
    return CheckedEvent(header, data, header_hash(data), body, body.SerializeToString(), b"", 0, ())


def own_directory_event(
    ledger: Ledger, seat: Seat, kind: str, facts: JsonObject, body: event_pb2.Body | None = None
) -> CheckedEvent:
    """Return an event of the hub's own stream."""
    stream = stream_id(seat.court)
    return own_event(ledger, seat, kind, stream, seat.court, stream_head(ledger, stream), facts, body)


def _last_checkpoint(ledger: Ledger, origin: str) -> Seen:
    table = tables.checkpoint
    query = select(table.c.size, table.c.root).order_by(table.c.size.desc()).limit(1)
    row = ledger.connection.execute(query).one_or_none()
    return Seen(origin, row.size, format_base64(row.root)) if row else Seen(origin)
