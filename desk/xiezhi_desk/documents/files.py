"""The storage in files of one directory.

    <root>/documents/ab/<64 hex digits>      published
    <root>/partial/<upload id>               on the way
    <root>/deletions.lock                    held shared by backups, alone by whoever deletes

Names are made of hashes and UUIDs alone; what people call a document is never part of a path.
"""

import errno
import fcntl
import hashlib
import os
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

from xiezhi_desk.documents.document import SHA256_BYTES
from xiezhi_domain.errors import LimitExceeded, Reason, Unavailable
from xiezhi_journal.durable_files import sync_directory

ResultT = TypeVar("ResultT")

_MIB: Final = 1024 * 1024
RESERVE_BYTES: Final = 512 * _MIB
_BUSY_RETRY_MS: Final = 2_000
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def free_bytes(directory: Path) -> int:
    """Return how many bytes the disk under *directory* can still take."""
    return shutil.disk_usage(directory).free


class FileStorage:
    """A `DocumentStorage` under *root*, which leaves *reserve* bytes of the disk to the journal."""

    def __init__(
        self, root: Path, *, reserve: int = RESERVE_BYTES, free: Callable[[Path], int] = free_bytes
    ) -> None:
        self._root = root
        self._reserve = reserve
        self._free = free
        self._documents = root / "documents"
        self._partials = root / "partial"
        self._lock_file = root / "deletions.lock"
        for directory in (self._partials, self._documents):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock_file.touch(mode=0o600)
        for directory in (self._documents, self._root):
            sync_directory(directory)

    def check_room(self, size: int) -> None:
        """See `DocumentStorage`."""
        if self._free(self._root) - size < self._reserve:
            raise Unavailable(Reason.DISK_FULL)

    def received(self, upload_id: str) -> int:
        """See `DocumentStorage`."""
        try:
            return self._partial_path(upload_id).stat().st_size
        except FileNotFoundError:
            return 0

    def partial(self, upload_id: str) -> "FilePart":
        """See `DocumentStorage`."""
        return FilePart(self._partial_path(upload_id), self._path)

    def discard(self, upload_id: str) -> None:
        """See `DocumentStorage`."""
        self._partial_path(upload_id).unlink(missing_ok=True)

    def has(self, sha256: bytes) -> bool:
        """See `DocumentStorage`."""
        return self._path(sha256).is_file()

    def read(self, sha256: bytes, offset: int, length: int) -> bytes:
        """See `DocumentStorage`."""
        try:
            with self._path(sha256).open("rb") as file:
                file.seek(offset)
                return file.read(length)
        except FileNotFoundError:
            raise Unavailable(Reason.DOCUMENT_MISSING) from None

    def path(self, sha256: bytes) -> Path:
        """See `DocumentStorage`."""
        if not self.has(sha256):
            raise Unavailable(Reason.DOCUMENT_MISSING)
        return self._path(sha256)

    def delete(self, sha256: bytes) -> None:
        """See `DocumentStorage`."""
        self._path(sha256).unlink(missing_ok=True)

    def published_before(self, moment: int) -> Iterator[bytes]:
        """See `DocumentStorage`."""
        for path in self._documents.glob("??/*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime_ns // 1_000_000 < moment:
                    yield bytes.fromhex(path.name)

    @contextmanager
    def hold_deletions(self) -> Iterator[None]:
        """See `DocumentStorage`."""
        with self._lock_file.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            yield

    @contextmanager
    def deleting(self) -> Iterator[bool]:
        """See `DocumentStorage`."""
        with self._lock_file.open("rb") as file:
            yield _try_lock(file)

    def _path(self, sha256: bytes) -> Path:
        if len(sha256) != SHA256_BYTES:
            raise ValueError("a document's hash has 32 bytes")
        name = sha256.hex()
        return self._documents / name[:2] / name

    def _partial_path(self, upload_id: str) -> Path:
        return self._partials / str(uuid.UUID(upload_id))


class FilePart:
    """A `PartialFile` at *path*; *published* tells where the document of a hash lies.

    Its lock is for the thread that is still writing when the caller has already given up and closes.
    """

    def __init__(self, path: Path, published: Callable[[bytes], Path]) -> None:
        self._path = path
        self._published = published
        self._lock = threading.Lock()
        self._file: FileIO | None = None
        self._closed = False
        self._hash = hashlib.sha256()
        self._size = 0

    @property
    def size(self) -> int:
        """See `PartialFile`."""
        return self._size

    def open(self) -> None:
        """See `PartialFile`."""
        with self._lock:
            if self._closed:
                raise ValueError("opened after it was closed")
            self._file = _locked(self._path)
            while chunk := self._file.read(_MIB):
                self._count(chunk)

    def write(self, data: bytes) -> None:
        """See `PartialFile`."""
        view = memoryview(data)
        with self._lock, _disk():
            while view:
                written = self._held().write(view)
                self._count(view[:written])
                view = view[written:]

    def sha256(self) -> bytes:
        """See `PartialFile`."""
        return self._hash.digest()

    def look(self, examine: Callable[[BinaryIO], ResultT]) -> ResultT:
        """See `PartialFile`."""
        with self._lock, self._path.open("rb") as file:
            return examine(file)

    def path(self) -> Path:
        """See `PartialFile`."""
        return self._path

    def publish(self) -> None:
        """See `PartialFile`."""
        target = self._published(self.sha256())
        with self._lock, _disk():
            os.fsync(self._held().fileno())
            _make_directory(target.parent)
            # Over an earlier copy, if there is one: the bytes are the same, or the copy was damaged.
            self._path.rename(target)
            sync_directory(target.parent)

    def discard(self) -> None:
        """See `PartialFile`."""
        with self._lock:
            self._held().truncate(0)
            self._held().seek(0)
            self._hash = hashlib.sha256()
            self._size = 0

    def close(self) -> None:
        """See `PartialFile`."""
        with self._lock:
            self._closed = True
            if self._file is not None:
                self._file.close()
                self._file = None

    def _held(self) -> FileIO:
        if self._file is None:
            raise ValueError("not open")
        return self._file

    def _count(self, data: bytes | memoryview) -> None:
        self._hash.update(data)
        self._size += len(data)


def _locked(path: Path) -> FileIO:
    """Open a partial file for its one writer, behind what it holds."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    file = FileIO(descriptor, "r+b")
    # Between opening and locking, the writer before us may have published it: then it must not be touched.
    if _try_lock(file) and _is_still(path, descriptor):
        return file
    file.close()
    raise LimitExceeded(Reason.RATE_LIMITED, "该文书正在上传，请稍后再试", retry_after_ms=_BUSY_RETRY_MS)


def _try_lock(file: FileIO | BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _make_directory(directory: Path) -> None:
    """Make a directory that outlives a power cut, also where another thread has just made it and not synced it yet."""
    directory.mkdir(mode=0o700, exist_ok=True)
    sync_directory(directory.parent)


@contextmanager
def _disk() -> Iterator[None]:
    """Tell what the disk refuses in words for those who wait."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise Unavailable(Reason.DISK_FULL) from error
