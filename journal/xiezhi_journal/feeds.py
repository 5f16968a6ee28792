"""Feeds: for each court and lane the gapless, chained list of log entries that it has to get (protocol §4)."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from xiezhi_domain.events.feed import FIRST, feed_item_hash
from xiezhi_journal import tables
from xiezhi_journal.ledger import Ledger

_CACHE = "feed_heads"


def append_to_feed(ledger: Ledger, court: str, lane: int, log_index: int, leaf: bytes) -> None:
    """Append the entry at *log_index* to the feed of *court*, in the transaction that ruled."""
    heads: dict[tuple[str, int], tuple[int, bytes]] = ledger.cache.extras.setdefault(_CACHE, {})
    key = (court, lane)
    seq, previous = heads.get(key) or feed_head(ledger.connection, court, lane)
    item_hash = feed_item_hash(previous, seq + 1, log_index, leaf)
    heads[key] = (seq + 1, item_hash)
    ledger.on_undo(lambda: heads.__setitem__(key, (seq, previous)))
    ledger.add_row(tables.feed.name, (court, lane, seq + 1, log_index, item_hash))


def append_history(ledger: Ledger, court: str, lane: int, instruction: str) -> None:
    """Append the matter's accepted entries that the feed of *court* lacks, in order: it has become a party.

    A court that was a party before has its part of the history already (protocol §4).
    """
    entries = {row.log_index: row.leaf for row in ledger.connection.execute(_entries(), {"of": instruction})}
    entries |= ledger.accepted_entries(instruction)
    had = {row[3] for row in ledger.rows.get(tables.feed.name, ()) if row[:2] == (court, lane)}
    values = {"of": instruction, "court": court, "lane": lane}
    had.update(ledger.connection.scalars(_fed(), values))
    for log_index in sorted(entries.keys() - had):
        append_to_feed(ledger, court, lane, log_index, entries[log_index])


@cache
def _entries() -> Select[Any]:
    event, ruling = tables.event, tables.ruling
    return (
        select(ruling.c.log_index, ruling.c.leaf)
        .join(event, event.c.position == ruling.c.position)
        .where(event.c.instruction == bindparam("of"), ruling.c.accepted)
    )


@cache
def _fed() -> Select[Any]:
    event, ruling, feed = tables.event, tables.ruling, tables.feed
    return (
        select(feed.c.log_index)
        .join(ruling, ruling.c.log_index == feed.c.log_index)
        .join(event, event.c.position == ruling.c.position)
        .where(
            event.c.instruction == bindparam("of"),
            feed.c.court == bindparam("court"),
            feed.c.lane == bindparam("lane"),
        )
    )


def feed_head(connection: Connection, court: str, lane: int) -> tuple[int, bytes]:
    """Return number and hash of the last item of a lane, as stored; 0 and `FIRST` for an empty lane."""
    row = connection.execute(_head(), {"court": court, "lane": lane}).one_or_none()
    return (row.feed_seq, row.item_hash) if row else (0, FIRST)


@cache
def _head() -> Select[Any]:
    feed = tables.feed
    return (
        select(feed.c.feed_seq, feed.c.item_hash)
        .where(feed.c.court == bindparam("court"), feed.c.lane == bindparam("lane"))
        .order_by(feed.c.feed_seq.desc())
        .limit(1)
    )


def read_feed(connection: Connection, court: str, lane: int, after: int, limit: int) -> list[Any]:
    """Return up to *limit* items of a lane after item *after*, oldest first.

    Rows have feed_seq, log_index, item_hash and, of the event, position, event_id, header, push, body, ruling,
    court and journal_position; body is None where the event has none.
    """
    values = {"court": court, "lane": lane, "after": after, "limit": limit}
    return list(connection.execute(_feed_after(), values))


@cache
def _feed_after() -> Select[Any]:
    # Built once: building a query costs SQLAlchemy ten times as much as running it.
    feed, ruling, event, body = tables.feed, tables.ruling, tables.event, tables.body
    return (
        select(
            feed.c.feed_seq,
            feed.c.log_index,
            feed.c.item_hash,
            event.c.position,
            event.c.event_id,
            event.c.court,
            event.c.journal_position,
            event.c.header,
            event.c.push,
            body.c.content.label("body"),
            ruling.c.ruling,
        )
        .join(ruling, ruling.c.log_index == feed.c.log_index)
        .join(event, event.c.position == ruling.c.position)
        .join(body, body.c.position == event.c.position, isouter=True)
        .where(
            feed.c.court == bindparam("court"),
            feed.c.lane == bindparam("lane"),
            feed.c.feed_seq > bindparam("after"),
        )
        .order_by(feed.c.feed_seq)
        .limit(bindparam("limit"))
    )


def feed_item(connection: Connection, court: str, lane: int, feed_seq: int) -> bytes | None:
    """Return the hash of one item, or None if the feed does not go so far."""
    feed = tables.feed
    return connection.scalar(
        select(feed.c.item_hash).where(
            feed.c.court == court, feed.c.lane == lane, feed.c.feed_seq == feed_seq
        )
    )


def entries_of_items(
    connection: Connection, court: str, lane: int, feed_seqs: Sequence[int]
) -> dict[int, int]:
    """Return the log indexes of items of a lane by their number; those that the feed does not have are left out."""
    feed = tables.feed
    query = select(feed.c.feed_seq, feed.c.log_index).where(
        feed.c.court == court, feed.c.lane == lane, feed.c.feed_seq.in_(feed_seqs)
    )
    return {row.feed_seq: row.log_index for row in connection.execute(query)}
