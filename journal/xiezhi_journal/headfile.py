"""The head of the log in a file outside the database (protocol §8, ADR 0002 «Recovery»).

A database that was restored from a backup, or a stand-by that fell behind, is found out because this file is ahead
of it. So it must lie on another disk, or at least not in the database's directory.

The file has two slots that are written in turn, each with a checksum: a write that is torn by a crash spoils the older
of the two records, never the newest. Writing in place costs one fdatasync and needs no room on the disk.
"""

import os
import struct
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.canonical import HASH_BYTES, require_hash, require_integer
from xiezhi_journal.durable_files import replace_file

SLOT_BYTES = 8_192
_FIELDS = struct.Struct(f">8sQQ{HASH_BYTES}sI")
_MAGIC = b"xzhead1\n"
MAX_NOTE_BYTES = SLOT_BYTES - _FIELDS.size - HASH_BYTES


@dataclass(frozen=True, slots=True)
class HeadRecord:
    """A head of the log: its number of entries, its root, the signed checkpoint that says so."""

    size: int
    root: bytes
    note: bytes


class HeadFile:
    """The head file at *path*. One process writes it; it is made by the first write."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._turn = 0

    def read(self) -> HeadRecord | None:
        """Return the newest record that is whole; None if nothing was ever written.

        :raises FormatError: both slots are damaged; what the log was is then unknown.
        """
        newest = self._newest()
        return newest[1] if newest else None

    def write(self, size: int, root: bytes, note: bytes) -> None:
        """Keep this head. When it returns, the head is on disk.

        :raises FormatError: a note that does not fit, a root that is no hash, or a file damaged before.
        :raises OSError: it could not be written; the record before it is still there.
        """
        require_integer(size, "记录数")
        require_hash(root, "根哈希")
        if len(note) > MAX_NOTE_BYTES:
            raise FormatError(f"检查点超过 {MAX_NOTE_BYTES} 字节")
        record = HeadRecord(size, root, note)
        if self._descriptor is None:
            self._descriptor = self._open(record)
        turn = self._turn + 1
        data = _encode(turn, record)
        if os.pwrite(self._descriptor, data, turn % 2 * SLOT_BYTES) != len(data):
            raise OSError(f"{self._path.name} was not written whole")
        os.fdatasync(self._descriptor)
        # Only now is the other slot the older one: a write that failed is tried again in the same place.
        self._turn = turn

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self, first: HeadRecord) -> int:
        newest = self._newest()
        if newest is None:
            self._create(first)
            newest = 0, first
        self._turn = newest[0]
        return os.open(self._path, os.O_WRONLY)

    def _create(self, first: HeadRecord) -> None:
        """Make the file with *first* in both slots, whole or not at all."""
        replace_file(self._path, _encode(0, first).ljust(SLOT_BYTES, b"\0") * 2)

    def _newest(self) -> tuple[int, HeadRecord] | None:
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return None
        slots = (_decode(data[:SLOT_BYTES]), _decode(data[SLOT_BYTES : 2 * SLOT_BYTES]))
        whole = [slot for slot in slots if slot is not None]
        if not whole:
            raise FormatError(f"{self._path.name} 已损坏，无法得知日志的最新状态")
        return max(whole, key=lambda slot: slot[0])


def _encode(turn: int, record: HeadRecord) -> bytes:
    fields = _FIELDS.pack(_MAGIC, turn, record.size, record.root, len(record.note)) + record.note
    return fields + sha256(fields).digest()


def _decode(slot: bytes) -> tuple[int, HeadRecord] | None:
    """Return turn and record of a slot, or None if it is not whole."""
    if len(slot) < _FIELDS.size:
        return None
    magic, turn, size, root, length = _FIELDS.unpack_from(slot)
    end = _FIELDS.size + length
    if magic != _MAGIC or slot[end : end + HASH_BYTES] != sha256(slot[:end]).digest():
        return None
    return turn, HeadRecord(size, root, slot[_FIELDS.size : end])
