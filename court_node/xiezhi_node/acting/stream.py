"""Events of this court's own stream that its node makes by itself, about no matter (ADR 0013)."""

import os

from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.events.header import Base, Header
from xiezhi_domain.events.ids import stream_id, uuid7
from xiezhi_journal import tables
from xiezhi_journal.ledger import Ledger
from xiezhi_node.acting.compose import compose_body
from xiezhi_node.seat import Seat, last_seen


def add_stream_event(ledger: Ledger, seat: Seat, kind: str, facts: JsonObject) -> str:
    """Store an event that builds on nothing, pending; returns its id.

    :raises Unavailable: RECOVERING; the node was restored from an older copy and has not caught up.
    """
    seat.catching_up.check()
    assert ledger.key is not None, "a node that acts has joined and has a signing key"
    body, commitment = compose_body(())
    header = Header(
        id=uuid7(ledger.now, os.urandom(10)),
        instruction=stream_id(seat.court),
        kind=kind,
        sender=seat.court,
        to=seat.hub_court,
        base=Base(),
        seen=last_seen(ledger, seat.origin),
        at=ledger.now,
        key=ledger.key.key_id,
        body=commitment,
        facts=facts,
    )
    known = ledger.append_own(header, body)
    row = (ledger.own_position(header.id), known.position, header.id, header.instruction, False)
    ledger.add_row(tables.pending.name, row)
    ledger.tell_change(known.position)
    return header.id
