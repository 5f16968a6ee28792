"""The hub's books, read from its database and checked with nothing but the evidence formats."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from sqlalchemy import Connection, create_engine, select
from tests.stage.company import eventually
from tests.stage.plugin import Stage

from xiezhi_domain.events.feed import FIRST, feed_item_hash
from xiezhi_domain.events.ruling import entry_leaf
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.merkle import root_of
from xiezhi_domain.evidence.note import VerifierKey
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_journal.keys import verify_signature
from xiezhi_journal.tables import cursor, document_of, event, feed, ruling
from xiezhi_journal.translog import newest_checkpoint


async def check_books(stage: Stage, courts: Sequence[str]) -> int:
    """Log and feeds are whole, and every node takes its feeds to their ends; the size of the log."""
    with _reading(stage.data("hub")) as connection:
        leaves = _check_log(connection, stage.endpoints[courts[0]])
        ends = _check_feeds(connection, leaves)
    for court in courts:
        own = {lane: end for (each, lane), end in ends.items() if each == court}
        await eventually(lambda: _has_taken(stage, court, own))  # noqa: B023  awaited in the round
    return len(leaves)


async def _has_taken(stage: Stage, court: str, ends: dict[int, tuple[int, bytes]]) -> bool:
    with _reading(stage.data(court)) as connection:
        rows = connection.execute(select(cursor.c.lane, cursor.c.feed_seq, cursor.c.item_hash))
        return {lane: (seq, item) for lane, seq, item in rows} == ends


def documents_at_hub(stage: Stage, matter: str) -> set[bytes]:
    """The documents of a matter that the hub can give out."""
    query = select(document_of.c.sha256).where(document_of.c.instruction == matter)
    with _reading(stage.data("hub")) as connection:
        return set(connection.scalars(query))


def _check_log(connection: Connection, pins: dict[str, str]) -> list[bytes]:
    """The root of all entries is that of the newest checkpoint, which the pinned key has signed."""
    rows = connection.execute(
        select(ruling.c.log_index, event.c.header, ruling.c.ruling)
        .join(event, event.c.position == ruling.c.position)
        .order_by(ruling.c.log_index)
    ).all()
    assert [row.log_index for row in rows] == list(range(len(rows)))
    leaves = [entry_leaf(row.header, row.ruling) for row in rows]
    log = TrustedLog(pins["origin"], (VerifierKey.parse(pins["log_vkey"]),))
    checkpoint: Checkpoint = log.open(newest_checkpoint(connection), verify_signature).checkpoint
    assert (checkpoint.size, checkpoint.root) == (len(leaves), root_of(leaves))
    return leaves


def _check_feeds(connection: Connection, leaves: list[bytes]) -> dict[tuple[str, int], tuple[int, bytes]]:
    """Every feed counts from 1 without a gap, and each item is chained to the one before; the ends by feed."""
    rows = connection.execute(select(feed).order_by(feed.c.court, feed.c.lane, feed.c.feed_seq)).all()
    ends = {}
    for key, items in groupby(rows, lambda row: (row.court, row.lane)):
        previous, count = FIRST, 0
        for item in items:
            count += 1
            assert item.feed_seq == count
            previous = feed_item_hash(previous, count, item.log_index, leaves[item.log_index])
            assert item.item_hash == previous
        ends[key] = (count, previous)
    return ends


def _reading(data: Path) -> Connection:
    # Beside a running program: a snapshot that it does not notice.
    return create_engine(f"sqlite:///file:{data / 'journal.db'}?mode=ro&uri=true").connect()
