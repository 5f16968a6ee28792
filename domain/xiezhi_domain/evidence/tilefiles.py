"""The files of a tiled log (C2SP tlog-tiles): what each is called, and the bytes in it.

A log of a given size is a checkpoint, tiles of hashes (``tile/<level>/<number>``) and bundles of entries
(``tile/entries/<number>``), each of 256, the last of a level partial (``.p/<width>``). Numbers are written in
groups of three digits, all but the last marked ``x``: 1234067 is ``x001/x234/067``. A path has one spelling.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.canonical import HASH_BYTES, MAX_INTEGER, require_hashes
from xiezhi_domain.evidence.tiles import TILE_HEIGHT, TILE_WIDTH, Tile, tile_at, tiles_of

CHECKPOINT_PATH = "checkpoint"
MAX_ENTRY_BYTES = 2**16 - 1
"""What the length before an entry can say."""
MAX_BUNDLE_BYTES = TILE_WIDTH * (2 + MAX_ENTRY_BYTES)

_LENGTH_BYTES = 2
_MAX_LEVEL = 63
_ENTRIES = "entries"
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<number>(?:x[0-9]{3}/){0,6}[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


class TileFile(NamedTuple):
    """A tile of hashes, or, with `entries`, the bundle of the entries whose hashes a tile of level 0 holds."""

    tile: Tile
    entries: bool

    @property
    def path(self) -> str:
        """Where it lies below the log, such as ``tile/0/x001/x234/067`` or ``tile/entries/000.p/8``."""
        return self.tile.bundle_path if self.entries else self.tile.path

    @property
    def full(self) -> bool:
        """Whether it has 256 hashes or entries."""
        return self.tile.width == TILE_WIDTH

    def within(self, size: int) -> bool:
        """Return whether a log of *size* entries has all of it."""
        return self.tile.first + self.tile.width <= size >> self.tile.level * TILE_HEIGHT


def parse_path(path: str) -> TileFile:
    """Return the tile or bundle that lies at *path*; whether a log has it is another question.

    :raises FormatError: no such path, a needless zero group, a width that is not 1 … 255, a number too large.
    """
    found = _PATH.fullmatch(path)
    if found is None:
        raise FormatError("路径应形如 tile/层/编号 或 tile/entries/编号，不满 256 项的以 .p/项数 结尾")
    level, number, width = found["level"], found["number"], found["width"]
    entries = level == _ENTRIES
    digits = number.replace("x", "").replace("/", "")
    tile = Tile(0 if entries else int(level), int(digits), TILE_WIDTH if width is None else int(width))
    if tile.level > _MAX_LEVEL or tile.first > MAX_INTEGER - TILE_WIDTH:
        raise FormatError("路径中的层或编号过大")
    file = TileFile(tile, entries)
    # Zero groups in front, or a full width written as a partial one, would give one file many names.
    if file.path != path or tile.width > TILE_WIDTH:
        raise FormatError("路径的写法不规范：编号前有多余的 0，或者项数不是 1 至 255")
    return file


def files_of(size: int) -> Iterator[TileFile]:
    """Yield every tile and bundle of a log of *size* entries: those of the entries first, then the hashes."""
    for first in range(0, size, TILE_WIDTH):
        yield TileFile(tile_at(0, first, size), entries=True)
    for tile in tiles_of(size):
        yield TileFile(tile, entries=False)


def encode_tile(hashes: Sequence[bytes]) -> bytes:
    """Return the bytes of a tile.

    :raises FormatError: not 1 … 256 hashes, or one that is not 32 bytes.
    """
    _require_count(len(hashes))
    require_hashes(hashes, "节点块的哈希值")
    return b"".join(hashes)


def decode_tile(data: bytes, width: int) -> list[bytes]:
    """Return the *width* hashes of a tile.

    :raises FormatError: not exactly so many.
    """
    _require_count(width)
    if len(data) != width * HASH_BYTES:
        raise FormatError(f"节点块应为 {width * HASH_BYTES} 字节，实有 {len(data)} 字节")
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Return the bytes of a bundle: each entry after its length (2 bytes, big-endian).

    :raises FormatError: not 1 … 256 entries, or one longer than 65,535 bytes.
    """
    _require_count(len(entries))
    if any(len(entry) > MAX_ENTRY_BYTES for entry in entries):
        raise FormatError(f"日志记录超过 {MAX_ENTRY_BYTES} 字节")
    return b"".join(len(entry).to_bytes(_LENGTH_BYTES, "big") + entry for entry in entries)


def decode_bundle(data: bytes, width: int) -> list[bytes]:
    """Return the *width* entries of a bundle.

    :raises FormatError: cut off, more or fewer entries, or bytes left over.
    """
    _require_count(width)
    entries: list[bytes] = []
    rest = memoryview(data)
    while rest and len(entries) < width:
        end = _LENGTH_BYTES + int.from_bytes(rest[:_LENGTH_BYTES], "big")
        if end > len(rest):
            break
        entries.append(bytes(rest[_LENGTH_BYTES:end]))
        rest = rest[end:]
    if rest or len(entries) != width:
        raise FormatError(f"记录块不是完整的 {width} 项记录")
    return entries


def _require_count(count: int) -> None:
    if not 1 <= count <= TILE_WIDTH:
        raise FormatError(f"一块应有 1 至 {TILE_WIDTH} 项，实有 {count} 项")
