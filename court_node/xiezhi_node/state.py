"""How far this node has come, for its greeting on the link."""

from sqlalchemy import Connection, select

from xiezhi.v1 import link_service_pb2
from xiezhi_journal import tables

_CURSORS = select(tables.cursor)
_JOURNAL_POSITION = select(tables.head.c.journal_position)


def read_cursors(connection: Connection) -> list[link_service_pb2.FeedCursor]:
    """Return the cursor of each lane that has brought anything."""
    return [
        link_service_pb2.FeedCursor(lane=row.lane, feed_seq=row.feed_seq, item_hash=row.item_hash)
        for row in connection.execute(_CURSORS)
    ]


def read_journal_position(connection: Connection) -> int:
    """Return the position of the last own event; 0 before the first."""
    return connection.scalar(_JOURNAL_POSITION) or 0
