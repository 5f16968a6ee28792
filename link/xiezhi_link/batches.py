"""Lists of messages cut into frames."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from google.protobuf.message import Message

from xiezhi_link.settings import FRAME_ROOM_BYTES

MessageT = TypeVar("MessageT", bound=Message)

# Tag and length before each message of a repeated field.
_FRAMING_BYTES = 6


def frames_of(messages: Iterable[MessageT], room: int = FRAME_ROOM_BYTES) -> Iterator[list[MessageT]]:
    """Yield the messages in order, in lists of at most *room* bytes; a larger message stands alone."""
    frame: list[MessageT] = []
    filled = 0
    for message in messages:
        size = message.ByteSize() + _FRAMING_BYTES
        if frame and filled + size > room:
            yield frame
            frame, filled = [], 0
        frame.append(message)
        filled += size
    if frame:
        yield frame
