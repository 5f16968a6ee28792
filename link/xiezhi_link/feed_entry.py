"""An item of a feed before it is a message.

Messages are filled inside the frame that carries them: one that is made by itself is copied into its frame, asked for
its size and read field by field, which is more than a third of what it costs to send it.
"""

from typing import Final

import msgspec

from xiezhi.v1.link_service_pb2 import FeedItem

_FRAMING_BYTES: Final = 96
"""Most that an item has beside the bytes of its event: hash, numbers, tags and lengths."""


class FeedEntry(msgspec.Struct, frozen=True, gc=False):
    """What a lane has at `feed_seq`: a logged event in the bytes in which it is stored.

    `header_hash` is the hex SHA-256 of `header`; `body` is empty where the event has none.
    """

    lane: int
    feed_seq: int
    item_hash: bytes
    log_index: int
    header: bytes
    push: bytes
    body: bytes
    ruling: bytes
    header_hash: str

    @property
    def size(self) -> int:
        """Bytes that the message takes, at most."""
        return len(self.header) + len(self.push) + len(self.body) + len(self.ruling) + _FRAMING_BYTES

    def fill(self, item: FeedItem) -> None:
        """Write the entry into an empty message."""
        item.lane = self.lane  # type: ignore[assignment]  # lanes are numbered alike in feed and contract
        item.feed_seq, item.item_hash = self.feed_seq, self.item_hash
        record = item.record
        record.header, record.push, record.body = self.header, self.push, self.body
        record.ruling, record.log_index = self.ruling, self.log_index
