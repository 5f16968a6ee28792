"""The first events of a court: its own keys, in its own stream (protocol §6, ADR 0001)."""

import os
from dataclasses import dataclass

from sqlalchemy import select

from xiezhi_domain.events.header import Base, Header, Seen
from xiezhi_domain.events.ids import stream_id, uuid7
from xiezhi_domain.evidence.canonical import format_base64
from xiezhi_domain.keyring import Purpose
from xiezhi_domain.terms import EventKind
from xiezhi_journal import tables
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.ledger import Ledger
from xiezhi_node.acting.compose import compose_body


@dataclass(frozen=True, slots=True)
class AddFirstKeys:
    """Work for the writer: `KeyAdded` for the event key and the cosigning key, both signed by the event key.

    Repeating it adds nothing, so that a join that was cut off can be done again with the same events.
    """

    court: str
    hub_court: str
    seen: Seen
    event_key: SigningKey
    cosign_key: SigningKey

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing."""

    def run(self, ledger: Ledger) -> None:
        """Store both, pending."""
        stream = stream_id(self.court)
        if ledger.connection.scalar(
            select(tables.event.c.position).where(tables.event.c.instruction == stream)
        ):
            return
        base = Base()
        for purpose, key in ((Purpose.EVENT, self.event_key), (Purpose.COSIGN, self.cosign_key)):
            body, commitment = compose_body(())
            header = Header(
                id=uuid7(ledger.now, os.urandom(10)),
                instruction=stream,
                kind=EventKind.KEY_ADDED,
                sender=self.court,
                to=self.hub_court,
                base=base,
                seen=self.seen,
                at=ledger.now,
                key=self.event_key.key_id,
                body=commitment,
                facts={"purpose": purpose, "key": key.key_id, "public": format_base64(key.public_key)},
            )
            known = ledger.append_own(header, body)
            row = (ledger.own_position(header.id), known.position, header.id, stream, False)
            ledger.add_row(tables.pending.name, row)
            base = Base(known.id, base.seq + 1, known.hash)
