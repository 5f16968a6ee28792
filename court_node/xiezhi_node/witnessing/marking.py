"""Telling accepted and witnessed apart in what people see."""

from collections.abc import Iterable

from xiezhi.v1.event_pb2 import TimelineEntry


def mark_witnessed(entries: Iterable[TimelineEntry], size: int) -> None:
    """Mark the entries that lie under the checkpoint of *size*, the largest that enough pinned witnesses cosigned."""
    for entry in entries:
        entry.witnessed = not entry.pending and 0 <= entry.log_index < size
