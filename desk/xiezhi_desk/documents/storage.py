"""Where the bytes of documents lie.

The interface is small so that a shared directory or an object store can stand behind it. All of it blocks: callers
run it on threads. What a storage promises:

- bytes are published under their hash only whole and checked, and stay there until they are deleted;
- when `publish` has returned they outlive a loss of power;
- a partial file outlives its writer, and has one writer at a time.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar

ResultT = TypeVar("ResultT")


class PartialFile(Protocol):
    """The part of a document that is here, held by one writer until it is closed."""

    @property
    def size(self) -> int:
        """The number of bytes that are here."""

    def open(self) -> None:
        """Take hold of it; what an earlier writer left is read and hashed.

        :raises LimitExceeded: RATE_LIMITED; another writer holds it.
        """

    def write(self, data: bytes) -> None:
        """Add bytes.

        :raises Unavailable: DISK_FULL; what fitted stays.
        """

    def sha256(self) -> bytes:
        """Return the hash of the bytes that are here."""

    def look(self, examine: Callable[[BinaryIO], ResultT]) -> ResultT:
        """Return what *examine* finds in the bytes that are here."""

    def path(self) -> Path:
        """Return where the bytes lie on this machine, for a helper process to read."""

    def publish(self) -> None:
        """Make this the document of its hash, for good.

        :raises Unavailable: DISK_FULL.
        """

    def discard(self) -> None:
        """Throw the bytes away; the next writer begins anew."""

    def close(self) -> None:
        """Let go of it. Closing again, or before `open`, does no harm."""


class DocumentStorage(Protocol):
    """Documents by hash, and partial files by upload id (a UUID)."""

    def check_room(self, size: int) -> None:
        """Refuse what would fill the disk.

        :raises Unavailable: DISK_FULL.
        """

    def received(self, upload_id: str) -> int:
        """Return how many bytes of a partial file are here; 0 if there is none."""

    def partial(self, upload_id: str) -> PartialFile:
        """Return a partial file, to be opened."""

    def discard(self, upload_id: str) -> None:
        """Throw a partial file away, if there is one."""

    def has(self, sha256: bytes) -> bool:
        """Return whether the document is here."""

    def read(self, sha256: bytes, offset: int, length: int) -> bytes:
        """Return up to *length* bytes from *offset* on; none behind the end.

        :raises Unavailable: DOCUMENT_MISSING; the document is not here.
        """

    def path(self, sha256: bytes) -> Path:
        """Return where a document lies on this machine, for a helper process to read.

        :raises Unavailable: DOCUMENT_MISSING; the document is not here.
        """

    def delete(self, sha256: bytes) -> None:
        """Delete a document, if it is here."""

    def published_before(self, moment: int) -> Iterator[bytes]:
        """Return the hashes of the documents published before *moment* (ms since 1970)."""

    def hold_deletions(self) -> AbstractContextManager[None]:
        """Let nobody delete documents inside the block, in no process: for backups. Ends with the process."""

    def deleting(self) -> AbstractContextManager[bool]:
        """Give whether documents may be deleted inside the block: not while anybody holds deletions."""
