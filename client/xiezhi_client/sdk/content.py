"""The two ends of a transfer on this machine: what goes up, and the file that comes down.

Both are plain blocking code; `services.documents` runs it in threads.
"""

import hashlib
import io
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

_NAMELESS: Final = "document"
_LONGEST_NAME: Final = 240
"""Bytes: file systems take 255, and what is still coming has a longer name."""
_LONGEST_ENDING: Final = 16


class Content:
    """Bytes to upload, from memory or from a file that is never read as a whole."""

    def __init__(self, source: bytes | str | Path) -> None:
        """Take the bytes, or the file's path."""
        self._bytes = source if isinstance(source, bytes) else None
        self._path = None if isinstance(source, bytes) else Path(source)

    @property
    def name(self) -> str:
        """The file's name; empty for bytes."""
        return "" if self._path is None else self._path.name

    def measure(self) -> tuple[str, int]:
        """Give SHA-256 (hex) and size. Raise `OSError`."""
        with self._open() as file:
            digest = hashlib.file_digest(file, "sha256")
            return digest.hexdigest(), file.seek(0, io.SEEK_END)

    def read(self, offset: int, size: int) -> bytes:
        """Give at most `size` bytes from `offset` on. Raise `OSError`."""
        with self._open() as file:
            file.seek(offset)
            return file.read(size)

    def _open(self) -> io.BufferedIOBase:
        return io.BytesIO(self._bytes or b"") if self._path is None else self._path.open("rb")


class Incoming:
    """A document on its way into `target`, a file or a folder, kept beside it until its hash is right."""

    def __init__(self, target: str | Path, sha256: str) -> None:
        """Begin, or go on with what an earlier run left behind."""
        self._target = Path(target)
        self._sha256 = sha256.lower()
        folder = self._target if self._target.is_dir() else self._target.parent
        self._part = folder / f".{self._sha256}.part"

    @property
    def size(self) -> int:
        """How many bytes are here."""
        return self._part.stat().st_size if self._part.exists() else 0

    def append(self, data: bytes) -> None:
        """Add bytes at the end. Raise `OSError`."""
        with self._part.open("ab") as file:
            file.write(data)

    def discard(self) -> None:
        """Forget what is here."""
        self._part.unlink(missing_ok=True)

    def finish(self, name: str) -> Path | None:
        """Put the document in its place, in a folder under its `name`; None if its hash is wrong."""
        self._part.touch()
        with self._part.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != self._sha256:
                return None
        path = self._target / safe_name(name) if self._target.is_dir() else self._target
        return self._part.replace(path)


def safe_name(name: str) -> str:
    """Give a name that stays in its folder and fits in it, whatever another court has called the file."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    printable = "".join(char for char in last if char.isprintable() and char not in '<>:"|?*').strip(". ")
    return _shortened(printable) or _NAMELESS


def _shortened(name: str) -> str:
    """Cut what file systems have no room for out of the end of the stem; what the ending says of the type stays."""
    ending = PurePosixPath(name).suffix
    if len(ending.encode()) > _LONGEST_ENDING:
        ending = ""
    stem = name.removesuffix(ending).encode()[: _LONGEST_NAME - len(ending.encode())]
    return stem.decode(errors="ignore") + ending
