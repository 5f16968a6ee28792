"""The chain of a court's feed, by which a node tells «not mine» from «withheld» (ADR 0001, protocol §4)."""

import hashlib

FIRST = bytes(32)
"""What the first item of a lane takes as the item before it."""

_DOMAIN = b"xiezhi/feed/v1"


def feed_item_hash(previous: bytes, feed_seq: int, log_index: int, leaf: bytes) -> bytes:
    """Return the hash of item *feed_seq* of a lane: the entry *leaf* at *log_index*, after *previous*."""
    return hashlib.sha256(
        _DOMAIN + previous + feed_seq.to_bytes(8, "big") + log_index.to_bytes(8, "big") + leaf
    ).digest()
