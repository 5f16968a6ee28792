"""What this node has vouched for and what enough witnesses have, in its database."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, select

from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.note import Note
from xiezhi_journal import tables
from xiezhi_journal.bulk import insert_rows, upsert_rows
from xiezhi_journal.ledger import Ledger
from xiezhi_node.seat import last_seen, store_checkpoint


class What(StrEnum):
    """The rows of `vouched`."""

    COSIGNED = "COSIGNED"
    WITNESSED = "WITNESSED"


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored checkpoint with its note as it was received."""

    checkpoint: Checkpoint
    note: bytes


def kept_of(note: bytes) -> Kept:
    """Return a note that was checked before it was stored; its key may have been followed by another since."""
    return Kept(Checkpoint.parse(Note.parse(note).text), note)


def read_vouched(connection: Connection, what: What) -> Kept | None:
    """Return the checkpoint that this node cosigned last, or the largest that k of n have."""
    note = connection.scalar(select(tables.vouched.c.note).where(tables.vouched.c.what == what))
    return kept_of(note) if note else None


def witnessed_size(connection: Connection) -> int:
    """Return how many entries of the log lie under a checkpoint that enough pinned witnesses cosigned."""
    query = select(tables.vouched.c.size).where(tables.vouched.c.what == What.WITNESSED)
    return connection.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class Known:
    """What a checkpoint has to extend: what was cosigned last, and the newest stored one that is not larger."""

    cosigned: Kept | None
    stored: Kept | None

    @property
    def both(self) -> list[Kept]:
        """Those that there are."""
        return [each for each in (self.cosigned, self.stored) if each is not None]

    def is_beyond(self, checkpoint: Checkpoint) -> bool:
        """Return whether a larger one was cosigned: a witness never goes back."""
        return self.cosigned is not None and self.cosigned.checkpoint.size > checkpoint.size


def read_known(connection: Connection, size: int) -> Known:
    """Return what a checkpoint of *size* has to extend, read together."""
    table = tables.checkpoint
    query = select(table.c.note).where(table.c.size <= size).order_by(table.c.size.desc()).limit(1)
    stored = connection.scalar(query)
    return Known(read_vouched(connection, What.COSIGNED), kept_of(stored) if stored else None)


@dataclass(frozen=True, slots=True)
class KeepCheckpoint:
    """Work for the writer: store a checked checkpoint, and vouch for it if nothing else was vouched for meanwhile.

    Returns whether the node may cosign it, after the commit: the row that says so is durable by then.
    """

    origin: str
    offered: Kept
    cosigned: Kept | None
    witnessed: bool

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing beforehand."""

    def run(self, ledger: Ledger) -> bool:
        """Compare with what is vouched for now, and set it."""
        now = read_vouched(ledger.connection, What.COSIGNED)
        if (now and now.checkpoint) != (self.cosigned and self.cosigned.checkpoint):
            return False
        self._store(ledger)
        if self.witnessed and self.offered.checkpoint.size >= witnessed_size(ledger.connection):
            self._vouch(ledger, What.WITNESSED)
        self._vouch(ledger, What.COSIGNED)
        return True

    def _store(self, ledger: Ledger) -> None:
        size, root, note = self.offered.checkpoint.size, self.offered.checkpoint.root, self.offered.note
        if size > last_seen(ledger, self.origin).size:
            store_checkpoint(ledger, self.origin, size, root, note)
            return
        table = tables.checkpoint
        added = any(row[0] == size for row in ledger.rows.get(table.name, []))
        if not added and not ledger.connection.scalar(select(table.c.size).where(table.c.size == size)):
            # Sizes that every court was asked to cosign are kept by every court, to be compared.
            insert_rows(ledger.connection, table, [(size, root, ledger.now, note)])

    def _vouch(self, ledger: Ledger, what: What) -> None:
        checkpoint = self.offered.checkpoint
        row = (what, checkpoint.size, checkpoint.root, self.offered.note, ledger.now)
        upsert_rows(ledger.connection, tables.vouched, [row])
