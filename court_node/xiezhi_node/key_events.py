"""Key events of a court: its own keys, in its own stream (protocol §6, ADR 0001)."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from xiezhi.v1 import event_pb2
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.events.header import Base, Header, Seen, decode_header
from xiezhi_domain.events.ids import stream_id, uuid7
from xiezhi_domain.events.kinds import KEY_EVENTS
from xiezhi_domain.evidence.canonical import format_base64
from xiezhi_domain.keyring import CourtKey, Purpose
from xiezhi_domain.terms import EventKind
from xiezhi_journal import tables
from xiezhi_journal.keyrings import last_step, read_keyring
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.reading import event_record, history
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
            event = OwnKeyEvent(EventKind.KEY_ADDED, self.event_key.key_id, key_facts(purpose, key))
            base = append_key_event(ledger, Stream(self.court, self.hub_court, self.seen), event, base)


@dataclass(frozen=True, slots=True)
class ReplaceKeys:
    """Work for the writer: `KeyReplaced` for a new event key, and `KeyAdded` for a new cosigning key (protocol §6).

    `replaces` are the event keys that end with it, `approved_by` is the superior whose join token vouches for it.
    Repeating it with the same keys adds nothing.
    """

    stream: "Stream"
    event_key: SigningKey
    cosign_key: SigningKey
    replaces: Sequence[str]
    approved_by: str

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing."""

    def run(self, ledger: Ledger) -> None:
        """Store both, pending. The first builds on nothing: with a token, the head need not be known."""
        rows = history(ledger.connection, stream_id(self.stream.court))
        if any(decode_header(row.header).key == self.event_key.key_id for row in rows):
            return
        event, cosign = key_facts(Purpose.EVENT, self.event_key), key_facts(Purpose.COSIGN, self.cosign_key)
        event |= {"approved_by": self.approved_by, "replaces": [*self.replaces]}
        signer, base = self.event_key.key_id, Base()
        for kind, facts in ((EventKind.KEY_REPLACED, event), (EventKind.KEY_ADDED, cosign)):
            base = append_key_event(ledger, self.stream, OwnKeyEvent(kind, signer, facts), base)


def joining_events(connection: Connection, court: str) -> list[event_pb2.EventRecord]:
    """Return the two events with which the court joins: the last event key that signs itself, and what follows it.

    They may have been ruled on: a court joins anew with what it joined with before.
    """
    rows = sorted(history(connection, stream_id(court), bodies=True), key=lambda row: row.journal_position)
    # The hub's own keys in its court's stream are none of this node's.
    hubs = read_keyring(connection).of_hub()
    own = [row for row in rows if row.kind in KEY_EVENTS and decode_header(row.header).key not in hubs]
    first = max(index for index, row in enumerate(own) if _signs_itself(decode_header(row.header)))
    return [event_record(replace(row, ruling=None)) for row in own[first : first + 2]]


def _signs_itself(header: Header) -> bool:
    return header.key == header.facts.get("key")


@dataclass(frozen=True, slots=True)
class Stream:
    """The court's own stream: whose it is, the court that it is for, the last checkpoint seen."""

    court: str
    hub_court: str
    seen: Seen


@dataclass(frozen=True, slots=True)
class OwnKeyEvent:
    """A key event of this court: its kind, the id of the key that signs it, and what it says."""

    kind: EventKind
    signer: str
    facts: JsonObject


def key_facts(purpose: Purpose, key: SigningKey | CourtKey) -> JsonObject:
    """Return what a key event says of *key*."""
    return {"purpose": str(purpose), "key": key.key_id, "public": format_base64(key.public_key)}


def head_of_stream(ledger: Ledger, court: str) -> Base:
    """Return what the next event of the court's own stream builds on."""
    step = last_step(ledger.connection, stream_id(court))
    return Base(step.id, step.seq, step.hash)


def append_key_event(ledger: Ledger, stream: Stream, event: OwnKeyEvent, base: Base) -> Base:
    """Store *event* on *base*, pending; returns what the next one builds on."""
    instruction = stream_id(stream.court)
    body, commitment = compose_body(())
    header = Header(
        id=uuid7(ledger.now, os.urandom(10)),
        instruction=instruction,
        kind=event.kind,
        sender=stream.court,
        to=stream.hub_court,
        base=base,
        seen=stream.seen,
        at=ledger.now,
        key=event.signer,
        body=commitment,
        facts=event.facts,
    )
    known = ledger.append_own(header, body)
    row = (ledger.own_position(header.id), known.position, header.id, instruction, False)
    ledger.add_row(tables.pending.name, row)
    return Base(known.id, base.seq + 1, known.hash)
