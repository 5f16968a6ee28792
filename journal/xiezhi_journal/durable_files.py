"""Small files that outlive a crash and a loss of power: their content is on disk, and so are their names.

What returned is on disk. So whoever keeps two copies of a key may remove one of them after the other was put in place.
"""

import os
from pathlib import Path
from typing import Final

OWNER_ONLY: Final = 0o600
READABLE: Final = 0o644


def replace_file(path: Path, content: bytes, mode: int = OWNER_ONLY) -> None:
    """Put *content* in the place of the file at *path*: there is the old one or the new, after a crash too.

    :raises OSError: it could not be written; what was there is there, or the new one and perhaps not for good.
    """
    new = path.with_name(f"{path.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        # A try that was cut off may have left the file, for others to read.
        os.fchmod(descriptor, mode)
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    move_file(new, path)


def create_file(path: Path, content: bytes) -> None:
    """Put *content* into a new file at *path*, for its owner alone.

    :raises FileExistsError: there is a file already; it is never overwritten.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    sync_directory(path.parent)


def move_file(path: Path, target: Path) -> None:
    """Put the file at *path*, whose content is on disk, in the place of *target* in the same directory."""
    path.replace(target)
    sync_directory(target.parent)


def sync_file(path: Path) -> None:
    """Bring content and name of a file to the disk that somebody else has written."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Bring the names in *directory* to the disk."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
