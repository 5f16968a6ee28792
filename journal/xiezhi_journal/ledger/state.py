"""What a ledger is made of: the head row, events new and known, answered requests, the cache between transactions."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import msgspec

from xiezhi_domain.events.header import Header
from xiezhi_domain.events.ruling import Ruling
from xiezhi_journal.matter import Matter


@dataclass(slots=True)
class Head:
    """The row that the writer locks: how far everything has come. The ledger alone moves it."""

    position: int = 0
    journal_position: int = 0
    change: int = 0
    log_size: int = 0
    log_frontier: bytes = bytes(8)
    ruled_at: int = 0
    commits: int = 0

    def copy(self) -> "Head":
        """Return another one at the same place."""
        return Head(
            self.position,
            self.journal_position,
            self.change,
            self.log_size,
            self.log_frontier,
            self.ruled_at,
            self.commits,
        )


@dataclass(frozen=True, slots=True)
class RequestKey:
    """What makes a request the same request (protocol §12); `content_hash` is its SHA-256."""

    principal: str
    method: str
    request_id: str
    content_hash: bytes

    @property
    def key(self) -> tuple[str, str, str]:
        """The primary key."""
        return (self.principal, self.method, self.request_id)


class KnownEvent(msgspec.Struct, frozen=True, gc=False):
    """An event that is stored, and how it was ruled on; `ruling` is None while pending."""

    id: str
    instruction: str
    position: int
    hash: str
    ruling: Ruling | None
    log_index: int
    leaf: bytes


class NewEvent(msgspec.Struct, gc=False):
    """An event that this transaction stores; `push` is empty until an own one is signed."""

    header: Header
    data: bytes
    hash: str
    body: bytes
    push: bytes
    journal_position: int
    position: int


@dataclass(slots=True)
class Cache:
    """What committed transactions left behind, valid for `head`."""

    head: Head | None = None
    matters: "OrderedDict[str, Matter]" = field(default_factory=OrderedDict)
    extras: dict[str, Any] = field(default_factory=dict)

    def clear(self) -> None:
        """Forget everything."""
        self.head = None
        self.matters.clear()
        self.extras.clear()
