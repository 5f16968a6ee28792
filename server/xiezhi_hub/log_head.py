"""The head of the log in memory: what every commit leaves, and what the link asks for all the time."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from xiezhi_domain.evidence.merkle import EMPTY_ROOT
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.tables import checkpoint as table

_NEWEST = select(table.c.size, table.c.root, table.c.note).order_by(table.c.size.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class SignedHead:
    """Size and root of the log, and the signed note that says so; the note is empty before the first entry."""

    size: int = 0
    root: bytes = EMPTY_ROOT
    note: bytes = b""


def read_head(connection: Connection) -> SignedHead:
    """Return the newest signed head."""
    row: Any = connection.execute(_NEWEST).one_or_none()
    return SignedHead(row.size, row.root, row.note) if row else SignedHead()


def head_of(ledger: Ledger) -> SignedHead | None:
    """Return the head that a committed transaction left, or None if it ruled on nothing."""
    rows = ledger.rows.get(table.name, [])
    if not rows:
        return None
    size, root, _, note = rows[-1]
    return SignedHead(size, root, note)
