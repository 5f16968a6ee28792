"""Feeds: for each court and lane the gapless, chained list of log entries that it has to get (protocol §4)."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from xiezhi_domain.events.feed import FIRST, feed_item_hash
from xiezhi_journal import tables
from xiezhi_journal.ledger import Ledger

_CACHE = "feed_heads"


def append_to_feed(ledger: Ledger, court: str, lane: int, log_index: int, leaf: bytes) -> None:
    """Append the entry at *log_index* to the feed of *court*, in the transaction that ruled."""
    heads = _heads(ledger)
    key = (court, lane)
    before = heads.get(key)
    seq, previous = before or (0, FIRST)
    item_hash = feed_item_hash(previous, seq + 1, log_index, leaf)
    heads[key] = (seq + 1, item_hash)
    ledger.on_undo(lambda: heads.__setitem__(key, (seq, previous)))
    ledger.add_row(tables.feed.name, (court, lane, seq + 1, log_index, item_hash))


def _heads(ledger: Ledger) -> dict[tuple[str, int], tuple[int, bytes]]:
    heads: dict[tuple[str, int], tuple[int, bytes]] | None = ledger.cache.extras.get(_CACHE)
    if heads is None:
        heads = ledger.cache.extras[_CACHE] = _read_heads(ledger.connection)
    return heads


def _read_heads(connection: Connection) -> dict[tuple[str, int], tuple[int, bytes]]:
    feed = tables.feed
    last = (
        select(feed.c.court, feed.c.lane, func.max(feed.c.feed_seq).label("feed_seq"))
        .group_by(feed.c.court, feed.c.lane)
        .subquery()
    )
    query = select(feed).join(
        last,
        (feed.c.court == last.c.court) & (feed.c.lane == last.c.lane) & (feed.c.feed_seq == last.c.feed_seq),
    )
    return {(row.court, row.lane): (row.feed_seq, row.item_hash) for row in connection.execute(query)}


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
