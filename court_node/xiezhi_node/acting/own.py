"""Storing an own event: in the journal, in the outbox, on top of the matter's view, before the watchers."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.events.header import Base, Header
from xiezhi_domain.events.ids import uuid7
from xiezhi_domain.ladder import Footing, Standing, decide
from xiezhi_domain.ladder.explain import as_error
from xiezhi_domain.rulebook import Rulebook
from xiezhi_journal import tables
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.matter import Labels, Matter, PendingEvent
from xiezhi_node.acting.compose import PartContent, compose_body
from xiezhi_node.seat import Seat, last_seen


@dataclass(frozen=True, slots=True)
class OwnEvent:
    """What an own event is going to say. `base` None builds on the head of the view."""

    kind: str
    to: str
    facts: JsonObject
    parts: Sequence[PartContent]
    base: Base | None = None
    rulebook: str = ""


def add_own_event(
    ledger: Ledger, seat: Seat, matter: Matter, event: OwnEvent, labels: Labels | None = None
) -> Matter:
    """Decide on *event* as the hub would, store it as pending, and return the matter after it.

    :raises Unavailable: RECOVERING; the node was restored from an older copy and has not caught up.
    :raises DomainError: the ladder does not allow it now.
    """
    seat.catching_up.check()
    rulebook = rulebook_of(ledger, matter, event)
    header, body = _header(ledger, seat, matter, event)
    stands = footing(ledger, matter, header.base)
    refusal = decide(matter.view, header, stands, rulebook, seat.hub_court, seat.calendar)
    if refusal is not None:
        raise as_error(refusal, matter.state)
    known = ledger.append_own(header, body)
    journal_position = ledger.own_position(header.id)
    ledger.add_row(
        tables.pending.name, (journal_position, known.position, header.id, header.instruction, False)
    )
    ledger.tell_change(known.position)
    after = matter.add_pending(PendingEvent(journal_position, known.position, header, known.hash), rulebook)
    if labels is not None:
        after = replace(after, labels=labels)
    ledger.save(after)
    return after


def rulebook_of(ledger: Ledger, matter: Matter, event: OwnEvent) -> Rulebook:
    """Return the rulebook that the matter pins, or that its first event is going to pin.

    :raises NotFound: RULEBOOK_UNKNOWN.
    """
    pinned = matter.view.rulebook if matter.view else event.rulebook
    rulebook = ledger.rulebooks.get(pinned)
    if rulebook is None:
        raise NotFound(Reason.RULEBOOK_UNKNOWN, metadata={"rulebook": pinned})
    return rulebook


def footing(ledger: Ledger, matter: Matter, base: Base) -> Footing:
    """Return where *base* stands in the matter's view, pending events included."""
    for index, pending in enumerate(matter.pending):
        if (pending.header.id, pending.hash) == (base.id, base.hash) and pending is not matter.pending[-1]:
            accepted = matter.accepted.head.seq if matter.accepted else 0
            return Footing(Standing.BEHIND, accepted + index + 1)
    return ledger.footing(matter.view, base)


def base_of(ledger: Ledger, matter: Matter, event_id: str) -> Base | None:
    """Return the base that the user named by the last event seen; None, for the head, if none was named.

    :raises NotFound: BASE_UNKNOWN, no such event.
    """
    if not event_id or event_id == matter.last_event:
        return None
    known = ledger.known(event_id)
    if known is None:
        raise NotFound(Reason.BASE_UNKNOWN)
    return Base(known.id, known.ruling.seq if known.ruling else 0, known.hash)


def _header(ledger: Ledger, seat: Seat, matter: Matter, event: OwnEvent) -> tuple[Header, bytes]:
    assert ledger.key is not None, "a node that acts has joined and has a signing key"
    body, commitment = compose_body(event.parts)
    base = event.base or _head(matter)
    header = Header(
        id=uuid7(ledger.now, os.urandom(10)),
        instruction=matter.id,
        kind=event.kind,
        sender=seat.court,
        to=event.to,
        base=base,
        seen=last_seen(ledger, seat.origin),
        at=ledger.now,
        key=ledger.key.key_id,
        body=commitment,
        facts=event.facts,
        hub=seat.origin if event.rulebook else "",
        rulebook=event.rulebook,
    )
    return header, body


def _head(matter: Matter) -> Base:
    if matter.view is None:
        return Base()
    head = matter.view.head
    return Base(head.id, head.seq, head.hash)
