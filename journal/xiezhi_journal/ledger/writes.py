"""Writing the head row, signing own events, and storing events by set."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TypeGuard

from sqlalchemy import Connection, select

from xiezhi_domain.evidence.push import MAX_COUNT, sign_push
from xiezhi_journal import tables
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.ledger.state import Head, NewEvent
from xiezhi_journal.proofs import encode_push

# Built once: building a query costs SQLAlchemy ten times as much as running it.
_HEAD = select(tables.head).where(tables.head.c.id == 1).with_for_update()
_MOVE_HEAD = tables.head.update().where(tables.head.c.id == 1)


def lock_head(connection: Connection) -> Head:
    """Return the head row, made if there is none, locked until the transaction ends."""
    row = connection.execute(_HEAD).one_or_none()
    if row is not None:
        return Head(*row[1:])
    head = Head()
    insert_rows(connection, tables.head, [(1, 0, 0, 0, 0, head.log_frontier, 0, 0)])
    return head


def move_head(connection: Connection, head: Head) -> None:
    """Write the head row."""
    connection.execute(_MOVE_HEAD, asdict(head))


def sign_own(events: Sequence[NewEvent], court: str, key: SigningKey | None) -> None:
    """Sign own events and give each its proof (protocol §2)."""
    for push in _pushes(events):
        assert key is not None, "only a program with a signing key acts for its court"
        first = push[0].journal_position
        proofs = sign_push(court, key.key_id, first, [new.data for new in push], key.sign)
        for new, proof in zip(push, proofs, strict=True):
            new.push = encode_push(proof)


def write_events(connection: Connection, added: Sequence[NewEvent]) -> None:
    """Store events and their bodies."""
    insert_rows(
        connection,
        tables.event,
        [
            (
                new.position,
                new.header.id,
                new.header.instruction,
                new.header.kind,
                new.header.sender,
                new.data,
                new.push,
                new.journal_position,
            )
            for new in added
        ],
    )
    insert_rows(connection, tables.body, [(new.position, new.body) for new in added if new.body])
    insert_rows(connection, tables.naming, [row for new in added for row in _named(new)])


def _named(new: NewEvent) -> Iterator[tuple[int, str]]:
    """Give the rows of `naming` of an event; it may be refused yet for facts of another shape."""
    named = new.header.facts.get("links", [])
    if isinstance(named, list):
        yield from ((new.position, each) for each in dict.fromkeys(filter(_is_text, named)))


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)


def _pushes(events: Sequence[NewEvent]) -> Iterator[Sequence[NewEvent]]:
    """Yield the events that one signature covers: their journal positions follow one another (protocol §2).

    They do not where a restored node took an own event back between two new ones.
    """
    start = 0
    for end, event in enumerate(events):
        if end - start == MAX_COUNT or event.journal_position != events[start].journal_position + end - start:
            yield events[start:end]
            start = end
    if events:
        yield events[start:]
