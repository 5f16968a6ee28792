"""Cosignatures as rows, and checkpoints with the cosignatures that there are."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, select

from xiezhi_domain.evidence.note import MAX_SIGNATURES, Note, NoteSignature
from xiezhi_hub.log_head import SignedHead
from xiezhi_journal.bulk import upsert_rows
from xiezhi_journal.tables import checkpoint as checkpoint_table
from xiezhi_journal.tables import cosignature as table

MOST_LINES: Final = MAX_SIGNATURES - 2
"""A note has room for so many beside the log's own signatures."""

KEPT_ROUNDS: Final = 512
"""Sizes whose cosignatures are kept. A newer cosigned checkpoint proves all that an older one does."""

_LINES = select(table.c.court, table.c.line).where(table.c.size == bindparam("size")).order_by(table.c.court)


def store_line(connection: Connection, size: int, court: str, line: bytes) -> None:
    """Keep a checked cosignature line; of the oldest sizes they are let go."""
    upsert_rows(connection, table, [(size, court, line)])
    sizes = select(table.c.size).distinct().order_by(table.c.size.desc())
    oldest_kept = connection.scalar(sizes.offset(KEPT_ROUNDS - 1).limit(1))
    if oldest_kept is not None:
        connection.execute(delete(table).where(table.c.size < oldest_kept))


def read_lines(connection: Connection, size: int) -> dict[str, bytes]:
    """Return the cosignature lines of a size by court."""
    return {row.court: row.line for row in connection.execute(_LINES, {"size": size})}


def cosigned_note(note: bytes, lines: Mapping[str, bytes]) -> bytes:
    """Return the hub's *note* with cosignature *lines* after its own signature, by court."""
    if not lines:
        return note
    own = Note.parse(note)
    added = tuple(NoteSignature.parse(line.decode()) for _, line in sorted(lines.items())[:MOST_LINES])
    return Note(own.text, own.signatures + added).format()


def best_head(connection: Connection, above: int, head: SignedHead) -> SignedHead:
    """Return the checkpoint to prove an entry by: more than *above* entries, most cosignatures, newest.

    That is *head* where no such checkpoint has a cosignature yet.
    """
    most = (
        select(table.c.size)
        .where(table.c.size > above, table.c.size <= head.size)
        .group_by(table.c.size)
        .order_by(func.count().desc(), table.c.size.desc())
        .limit(1)
    )
    size = connection.scalar(most)
    row = connection.execute(
        select(checkpoint_table.c.root, checkpoint_table.c.note).where(checkpoint_table.c.size == size)
    ).one_or_none()
    if size is None or row is None:
        return head
    return SignedHead(size, row.root, cosigned_note(row.note, read_lines(connection, size)))
