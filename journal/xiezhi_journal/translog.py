"""The hub's transparency log: entries appended with each ruling, hashes as rows, a checkpoint for each commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, CursorResult, bindparam, select, update

from xiezhi_domain.events.ruling import encode_entry
from xiezhi_domain.evidence import tiles
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.merkle import CompactRange
from xiezhi_domain.evidence.note import ED25519, Note, VerifierKey, sign
from xiezhi_journal import tables
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.ledger import Ledger

# Built once: they are asked with every frame of the link, or several times for each proof.
_NEWEST = select(tables.checkpoint.c.note).order_by(tables.checkpoint.c.size.desc()).limit(1)
_LEAVES = (
    select(tables.ruling.c.leaf)
    .where(tables.ruling.c.log_index >= bindparam("first"), tables.ruling.c.log_index < bindparam("end"))
    .order_by(tables.ruling.c.log_index)
)
_HASHES = (
    select(tables.log_hash.c.hash)
    .where(
        tables.log_hash.c.level == bindparam("level"),
        tables.log_hash.c.number >= bindparam("first"),
        tables.log_hash.c.number < bindparam("end"),
    )
    .order_by(tables.log_hash.c.number)
)
_AT_SIZE = select(tables.checkpoint.c.note).where(tables.checkpoint.c.size == bindparam("size"))


@dataclass(frozen=True, slots=True)
class LogSigner:
    """The key that signs checkpoints, under the origin that nodes have pinned.

    While another key follows, `next_key`, both sign. `former` are the keys before, `changes` the notes by which each
    follows the one before it.
    """

    origin: str
    key: SigningKey
    next_key: SigningKey | None = None
    former: tuple[VerifierKey, ...] = ()
    changes: tuple[bytes, ...] = ()

    @property
    def verifier_key(self) -> VerifierKey:
        """The key that readers pin."""
        return self._verifier(self.key)

    @property
    def verifier_keys(self) -> tuple[VerifierKey, ...]:
        """The keys that sign now."""
        return tuple(self._verifier(key) for key in (self.key, self.next_key) if key is not None)

    @property
    def every_key(self) -> tuple[VerifierKey, ...]:
        """The keys that sign now or have signed, under which old checkpoints are read."""
        return (*(key for key in self.former if key.name == self.origin), *self.verifier_keys)

    def sign(self, size: int, root: bytes) -> bytes:
        """Return the signed note of the checkpoint of *size*."""
        text = Checkpoint(self.origin, size, root).format()
        return self.sign_text(text)

    def sign_text(self, text: str) -> bytes:
        """Return the signed note of a text."""
        keys = [key for key in (self.key, self.next_key) if key is not None]
        signatures = [sign(text, self.origin, self._verifier(key).key_id, key.sign) for key in keys]
        return Note(text, tuple(signatures)).format()

    def _verifier(self, key: SigningKey) -> VerifierKey:
        return VerifierKey(self.origin, ED25519, key.public_key)


def extend_log(ledger: Ledger, signer: LogSigner) -> None:
    """Append the rulings of this transaction to the tree and sign the checkpoint after them."""
    rulings = ledger.rows.get(tables.ruling.name, [])
    if not rulings:
        return
    leaf_column = list(tables.ruling.columns.keys()).index("leaf")
    growing = tiles.TileRows(CompactRange.decode(ledger.head.log_frontier))
    for row in growing.append_many(ruling[leaf_column] for ruling in rulings):
        ledger.add_row(tables.log_hash.name, (row.level, row.index, row.hash))
    size, root = growing.frontier.size, growing.frontier.root()
    ledger.move_head(log_frontier=growing.frontier.encode())
    ledger.add_row(tables.checkpoint.name, (size, root, ledger.head.ruled_at, signer.sign(size, root)))


def sign_newest_anew(connection: Connection, signer: LogSigner) -> None:
    """Sign the newest checkpoint by the keys that sign now, if one of them has not.

    Nothing may be ruled on for long after the log's key was exchanged, and who has followed believes the new key alone.
    """
    table = tables.checkpoint
    newest = connection.execute(select(table).order_by(table.c.size.desc()).limit(1)).one_or_none()
    if newest is None:
        return
    signed = {line.key_id for line in Note.parse(newest.note).signatures}
    if not signed.issuperset(key.key_id for key in signer.verifier_keys):
        note = signer.sign(newest.size, newest.root)
        connection.execute(update(table).where(table.c.size == newest.size).values(note=note))


@dataclass(frozen=True, slots=True)
class LogHashes:
    """The rows of the log as proofs read them (`xiezhi_domain.evidence.tiles.HashSource`)."""

    connection: Connection

    def read(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Return *count* hashes of *level* from number *first* on."""
        where = {"first": first, "end": first + count}
        if level == 0:
            return _column(self.connection.execute(_LEAVES, where))
        return _column(self.connection.execute(_HASHES, {**where, "level": level}))


def _column(rows: CursorResult[Any]) -> list[bytes]:
    return [value for (value,) in rows.all()]


def newest_checkpoint(connection: Connection) -> bytes:
    """Return the newest signed checkpoint; empty if nothing was ever ruled on."""
    return connection.scalar(_NEWEST) or b""


def checkpoint_at(connection: Connection, size: int) -> bytes:
    """Return the signed checkpoint of *size*; empty if none was signed at that size."""
    return connection.scalar(_AT_SIZE, {"size": size}) or b""


def inclusion_proof(connection: Connection, index: int, size: int) -> tuple[bytes, ...]:
    """Return the path of entry *index* in the tree of *size* (RFC 6962 §2.1.1)."""
    return tiles.inclusion_proof(LogHashes(connection), index, size)


def inclusion_proofs(connection: Connection, indexes: Sequence[int], size: int) -> list[tuple[bytes, ...]]:
    """Return the paths of several entries in the tree of *size*, in the order asked."""
    return tiles.inclusion_proofs(LogHashes(connection), indexes, size)


def consistency_proof(connection: Connection, first: int, second: int) -> list[bytes]:
    """Return the proof that the tree of size *second* extends that of size *first* (RFC 6962 §2.1.2)."""
    return tiles.consistency_proof(LogHashes(connection), first, second)


def log_entries(connection: Connection, first: int, count: int) -> list[bytes]:
    """Return the log's entries from index *first* on, *count* of them or as many as there are (ADR 0001)."""
    index = tables.ruling.c.log_index
    query = (
        select(tables.event.c.header, tables.ruling.c.ruling)
        .join(tables.event, tables.event.c.position == tables.ruling.c.position)
        .where(index >= first, index < first + count)
        .order_by(index)
    )
    return [encode_entry(row.header, row.ruling) for row in connection.execute(query)]
