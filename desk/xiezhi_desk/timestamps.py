"""Milliseconds since 1970 as the contract's timestamps."""

from google.protobuf.timestamp_pb2 import Timestamp


def to_timestamp(ms: int) -> Timestamp:
    """Return the timestamp of a moment in ms since 1970."""
    timestamp = Timestamp()
    timestamp.FromMilliseconds(ms)
    return timestamp
