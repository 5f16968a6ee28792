"""The keyring as rows, and the court's own stream that its key events form."""

from sqlalchemy import Connection, select

from xiezhi_domain.events.header import Header, header_hash
from xiezhi_domain.keyring import CourtKey, Keyring, Purpose
from xiezhi_domain.ladder import Step
from xiezhi_journal import tables
from xiezhi_journal.bulk import upsert_rows
from xiezhi_journal.ledger import Ledger

_CACHE = "keyring"
_VALID = -1
_KEYS = select(tables.court_key).order_by(tables.court_key.c.added_at_index, tables.court_key.c.key_id)


def read_keyring(connection: Connection) -> Keyring:
    """Return the keyring as stored."""
    return Keyring(
        {
            row.key_id: CourtKey(
                row.court,
                row.key_id,
                Purpose(row.purpose),
                row.public_key,
                row.added_at_index,
                None if row.ended_at_index == _VALID else row.ended_at_index,
            )
            for row in connection.execute(_KEYS)
        }
    )


def keyring_of(ledger: Ledger) -> Keyring:
    """Return the keyring as it is now in this transaction."""
    found = ledger.cache.extras.get(_CACHE)
    if found is None:
        found = ledger.cache.extras[_CACHE] = read_keyring(ledger.connection)
    assert isinstance(found, Keyring)
    return found


def apply_key_event(ledger: Ledger, header: Header, log_index: int) -> None:
    """Take an accepted key event into the keyring and its rows."""
    before = keyring_of(ledger)
    after = before.apply(header, log_index)
    ledger.cache.extras[_CACHE] = after
    ledger.on_undo(lambda: ledger.cache.extras.__setitem__(_CACHE, before))
    changed = [key for key in after.keys.values() if before.keys.get(key.key_id) != key]
    upsert_rows(ledger.connection, tables.court_key, [_row(key) for key in changed])


def _row(key: CourtKey) -> tuple[str, str, str, bytes, int, int]:
    ended = _VALID if key.ended_index is None else key.ended_index
    return (key.key_id, key.court, key.purpose, key.public_key, key.added_index, ended)


def last_step(connection: Connection, stream: str) -> Step:
    """Return the last accepted step of a court's own stream, or of any history; an empty one before the first."""
    event, ruling = tables.event, tables.ruling
    query = (
        select(event.c.event_id, event.c.header, ruling.c.seq, ruling.c.leaf)
        .join(ruling, ruling.c.position == event.c.position)
        .where(event.c.instruction == stream, ruling.c.accepted)
        .order_by(ruling.c.log_index.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return Step(row.seq, row.event_id, header_hash(row.header), row.leaf.hex()) if row else Step()
