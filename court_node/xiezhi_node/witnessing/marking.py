"""Telling accepted and witnessed apart in what people see."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from xiezhi.v1.event_pb2 import TimelineEntry
from xiezhi_journal.tables import unproven
from xiezhi_node.witnessing.store import witnessed_size


def mark_witnessed(connection: Connection, entries: Sequence[TimelineEntry]) -> None:
    """Mark the entries that were proven to stand in the log, under a checkpoint that enough witnesses cosigned."""
    size = witnessed_size(connection)
    covered = [entry.log_index for entry in entries if not entry.pending and 0 <= entry.log_index < size]
    query = select(unproven.c.log_index).where(unproven.c.log_index.in_(covered))
    witnessed = set(covered) - set(connection.scalars(query)) if covered else set()
    for entry in entries:
        entry.witnessed = not entry.pending and entry.log_index in witnessed
