"""What was pushed on this stream and has no answer yet."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from time import monotonic
from typing import Final, NamedTuple

from xiezhi.v1.link_service_pb2 import StoredEvent

_FRAMING_BYTES: Final = 24
"""Most that an event that has no ruling takes in a frame beside its bytes: tags and lengths."""


class Outgoing(NamedTuple):
    """An own event on its way: position in the own journal, instruction id, SHA-256 of its header, size in bytes."""

    position: int
    instruction: str
    record: StoredEvent
    digest: bytes
    size: int

    @classmethod
    def of(cls, position: int, instruction: str, record: StoredEvent) -> "Outgoing":
        """Return the event with what is needed to follow it."""
        header = record.header
        # Not the message's own size, for which it would be encoded.
        size = len(header) + len(record.push) + len(record.body) + _FRAMING_BYTES
        return cls(position, instruction, record, sha256(header).digest(), size)


class UnderWay:
    """Counts the bytes that the hub has not answered. An answer is a feed item, stored, or a rejection."""

    def __init__(self) -> None:
        self._pushed: dict[bytes, tuple[Outgoing, float]] = {}
        """By digest: what was pushed, and when."""
        self._answered: set[bytes] | None = None
        self._bytes = 0

    @property
    def size(self) -> int:
        """Bytes pushed and not answered."""
        return self._bytes

    @property
    def oldest_s(self) -> float:
        """Seconds for which the oldest push has waited for its answer; 0 if there is none."""
        # A dict keeps the order of the pushes.
        oldest = next(iter(self._pushed.values()), None)
        return 0.0 if oldest is None else monotonic() - oldest[1]

    @contextmanager
    def reading(self) -> Iterator[None]:
        """While pending events are read and pushed: one that is answered meanwhile is not wanted any more."""
        self._answered = set()
        try:
            yield
        finally:
            self._answered = None

    def wants(self, outgoing: Outgoing) -> bool:
        """Whether an event that was read as pending has to be pushed; inside `reading`."""
        return outgoing.digest not in self._pushed and outgoing.digest not in (self._answered or ())

    def add(self, outgoing: Outgoing) -> None:
        """Count an event that is pushed now."""
        self._pushed[outgoing.digest] = (outgoing, monotonic())
        self._bytes += outgoing.size

    def answered(self, digest: bytes) -> Outgoing | None:
        """Return the event that has its answer now; None if it was not pushed on this stream."""
        if self._answered is not None:
            self._answered.add(digest)
        pushed = self._pushed.pop(digest, None)
        if pushed is None:
            return None
        outgoing, _ = pushed
        self._bytes -= outgoing.size
        return outgoing

    def all_answered(self, headers: Iterable[bytes]) -> None:
        """Count feed items, those of other courts included, as answers."""
        if self._pushed or self._answered is not None:
            for header in headers:
                self.answered(sha256(header).digest())
