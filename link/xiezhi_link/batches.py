"""Lists of messages cut into frames, and messages with their sizes."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

from xiezhi.v1.link_service_pb2 import FeedItem
from xiezhi_link.settings import FRAME_ROOM_BYTES

T = TypeVar("T")

# Tag and length before each message of a repeated field.
_FRAMING_BYTES = 6


class SizedItem(NamedTuple):
    """A feed item with its size in bytes: a message counts its size anew each time that it is asked."""

    item: FeedItem
    size: int


def frames_of(
    messages: Iterable[T], size_of: Callable[[T], int], room: int = FRAME_ROOM_BYTES
) -> Iterator[list[T]]:
    """Yield the messages in order, in lists of at most *room* bytes; a larger message stands alone."""
    frame: list[T] = []
    filled = 0
    for message in messages:
        size = size_of(message) + _FRAMING_BYTES
        if frame and filled + size > room:
            yield frame
            frame, filled = [], 0
        frame.append(message)
        filled += size
    if frame:
        yield frame
