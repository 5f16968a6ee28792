"""Lists of messages cut into frames, and what each message of a frame takes."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from google.protobuf.message import Message

from xiezhi_link.settings import FRAME_ROOM_BYTES

T = TypeVar("T")

# Tag and length before each message of a repeated field.
_FRAMING_BYTES = 6


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


def share_of(frame: Message, count: int) -> int:
    """Return the bytes that each of the *count* messages of a frame that was read takes in the mean.

    A message is encoded to be asked for its size: once for all that came together, whose sum is what windows count.
    """
    return -(-frame.ByteSize() // count) if count else 0
