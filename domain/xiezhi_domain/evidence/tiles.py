"""A log's tree as tiles (C2SP tlog-tiles) and proofs computed from stored rows of hashes.

What is stored. Of all nodes of the tree only those of heights 0, 8, 16, … are kept: *level* L, index i is the
root of the complete subtree over the 256**L leaves number i (level 0: the leaf hashes). Nothing incomplete
is stored, so a row, once written, never changes. A *tile* is 256 consecutive hashes of one level; the last
tile of a level may be partial. The heights between two levels are hashed again when a proof needs them: at
most 256 hashes for each tile.

How the rows come about. :class:`TileRows` needs no state but the frontier of the tree, which the head of the
log holds anyway. The leaf that completes a subtree of 256**L leaves is also the moment when the frontier
hashes that subtree's root, so appending a leaf hands out the rows that it completes.

What a proof costs. It touches at each level the tile on the way from the leaf and the tile at the right edge:
at most 2 tiles, so 512 hashes read for each level. A log of a million leaves has levels 0, 1 and 2.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.canonical import require_integer
from xiezhi_domain.evidence.merkle import (
    CompactRange,
    consistency_seed,
    is_power_of_two,
    node_hash,
    require_index,
    require_sizes,
    rows_of,
)

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
"""Hashes in a full tile."""


class Tile(NamedTuple):
    """A tile as it is addressed: its level, its number within the level, its width in hashes (1 … 256)."""

    level: int
    number: int
    width: int

    @property
    def first(self) -> int:
        """Index of the tile's first hash within its level."""
        return self.number * TILE_WIDTH

    @property
    def path(self) -> str:
        """Path of the tile's hashes, such as ``tile/0/x001/x234/067`` or ``tile/1/001.p/17``."""
        return f"tile/{self.level}/{_number_path(self.number, self.width)}"

    @property
    def bundle_path(self) -> str:
        """Path of the entries whose leaf hashes this level 0 tile holds, such as ``tile/entries/000.p/8``."""
        return f"tile/entries/{_number_path(self.number, self.width)}"


def _number_path(number: int, width: int) -> str:
    """Return the number in groups of three digits, all but the last marked ``x``, and a partial width."""
    last = f"{number % 1000:03}"
    groups = []
    while number := number // 1000:
        groups.append(f"x{number % 1000:03}/")
    return "".join(reversed(groups)) + last + ("" if width == TILE_WIDTH else f".p/{width}")


def tile_at(level: int, index: int, size: int) -> Tile:
    """Return the tile with hash *index* of *level*, as wide as a log of *size* leaves has it.

    :raises FormatError: the log does not have that hash yet.
    """
    held = require_integer(size, "记录数") >> level * TILE_HEIGHT
    if not 0 <= index < held:
        raise FormatError(f"{size} 条记录的日志在第 {level} 层没有第 {index} 号哈希值")
    number = index // TILE_WIDTH
    return Tile(level, number, min(TILE_WIDTH, held - number * TILE_WIDTH))


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every tile of a log of *size* leaves, level by level, full ones before the partial one."""
    level = 0
    while held := size >> level * TILE_HEIGHT:
        for index in range(0, held, TILE_WIDTH):
            yield tile_at(level, index, size)
        level += 1


@dataclass(frozen=True, slots=True)
class TileRow:
    """One stored hash above the leaves: root of the complete subtree *index* of ``256**level`` leaves."""

    level: int
    index: int
    hash: bytes


class TileRows:
    """The growing side of a tiled log: takes leaf hashes, hands out the rows (level ≥ 1) that they complete.

    The leaf hashes themselves are the rows of level 0; the caller stores them with their entries. All state
    is :attr:`frontier`: store ``frontier.encode()`` in the head of the log and start again from it. Work on
    ``TileRows(frontier.copy())`` inside a transaction, and keep the copy when it has committed.
    """

    def __init__(self, frontier: CompactRange | None = None) -> None:
        self.frontier = CompactRange() if frontier is None else frontier

    def append(self, leaf_hash: bytes) -> list[TileRow]:
        """Append a leaf and return the rows that it completes, lowest level first; mostly none."""
        completed = self.frontier.append(leaf_hash)
        if len(completed) <= TILE_HEIGHT:
            return []
        size = self.frontier.size
        return [
            TileRow(height // TILE_HEIGHT, (size >> height) - 1, completed[height])
            for height in range(TILE_HEIGHT, len(completed), TILE_HEIGHT)
        ]

    def append_many(self, leaf_hashes: Iterable[bytes]) -> list[TileRow]:
        """Append leaves in order and return all rows that they complete."""
        return [row for leaf in leaf_hashes for row in self.append(leaf)]


class HashSource(Protocol):
    """Where the stored rows are read from, such as a table or a folder of tile files."""

    def read(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Return the hashes *first* … *first* + *count* - 1 of *level*, in order.

        Asked only for hashes that the log of the size in question has, and never across a tile's end.
        """


@dataclass(slots=True)
class _Tree:
    """The nodes of the tree of *size* leaves, hashed from tiles that are read once each."""

    source: HashSource
    size: int
    _tiles: dict[tuple[int, int], list[Sequence[bytes]]] = field(default_factory=dict)
    _edge: dict[int, bytes] = field(default_factory=dict)
    """Of each height the node at the right edge, where it is not complete: paths of many leaves share them."""
    _paths: dict[tuple[int, int], tuple[bytes, ...]] = field(default_factory=dict)

    def path(self, height: int, index: int) -> tuple[bytes, ...]:
        """Return the audit path of a node, its sibling first. Paths of neighbours share all but their lowest hashes."""
        if 1 << height >= self.size:
            return ()
        key = height, index
        if key not in self._paths:
            above, sibling = self.path(height + 1, index >> 1), index ^ 1
            # A node without a right neighbour is carried up: nothing is hashed onto it at this height.
            joined = sibling << height < self.size
            self._paths[key] = (self.node(height, sibling), *above) if joined else above
        return self._paths[key]

    def node(self, height: int, index: int) -> bytes:
        """Return any node of the tree; one at the right edge is put together from complete ones."""
        if (index + 1) << height <= self.size:
            return self._complete_node(height, index)
        if height not in self._edge:
            self._edge[height] = self._edge_node(height, index)
        return self._edge[height]

    def _edge_node(self, height: int, index: int) -> bytes:
        left, right = 2 * index, 2 * index + 1
        if right << (height - 1) >= self.size:
            return self.node(height - 1, left)
        return node_hash(self.node(height - 1, left), self.node(height - 1, right))

    def _complete_node(self, height: int, index: int) -> bytes:
        level, within = divmod(height, TILE_HEIGHT)
        tile = tile_at(level, index << within, self.size)
        rows = self._rows_of_tile(tile)
        return rows[within][index - (tile.first >> within)]

    def _rows_of_tile(self, tile: Tile) -> list[Sequence[bytes]]:
        key = tile.level, tile.number
        if key not in self._tiles:
            hashes = self.source.read(tile.level, tile.first, tile.width)
            if len(hashes) != tile.width:
                raise FormatError(f"{tile.path} 应有 {tile.width} 个哈希值，实有 {len(hashes)} 个")
            self._tiles[key] = rows_of(hashes)
        return self._tiles[key]


def root(source: HashSource, size: int) -> bytes:
    """Return the root of the log's first *size* leaves.

    :raises FormatError: the source does not have the hashes of that size.
    """
    [found] = roots(source, [size])
    return found


def roots(source: HashSource, sizes: Sequence[int]) -> list[bytes]:
    """Return the roots of the log at several of its sizes, in the order asked; each tile is read once for all of them.

    :raises FormatError: as :func:`root`.
    """
    tree = _Tree(source, max((require_integer(size, "记录数") for size in sizes), default=0))
    return [_frontier(tree, size).root() for size in sizes]


def inclusion_proof(source: HashSource, index: int, size: int) -> tuple[bytes, ...]:
    """Return the audit path of leaf *index* in the log's first *size* leaves, leaf's sibling first.

    :raises FormatError: no such leaf, or the source does not have the hashes of that size.
    """
    [path] = inclusion_proofs(source, [index], size)
    return path


def inclusion_proofs(source: HashSource, indexes: Sequence[int], size: int) -> list[tuple[bytes, ...]]:
    """Return the audit paths of several leaves; what they share is read and put together once.

    :raises FormatError: as :func:`inclusion_proof`.
    """
    for index in indexes:
        require_index(index, size)
    tree = _Tree(source, size)
    return [tree.path(0, index) for index in indexes]


def consistency_proof(source: HashSource, size1: int, size2: int) -> list[bytes]:
    """Return the proof that the log's first *size1* leaves are a prefix of its first *size2*.

    :raises FormatError: *size1* is 0 or the larger, or the source does not have the hashes of *size2*.
    """
    require_sizes(size1, size2)
    if size1 == size2:
        return []
    tree = _Tree(source, size2)
    height, index = consistency_seed(size1)
    seed = [] if is_power_of_two(size1) else [tree.node(height, index)]
    return [*seed, *tree.path(height, index)]


def frontier(source: HashSource, size: int) -> CompactRange:
    """Return the frontier of the log's first *size* leaves, rebuilt from its stored rows.

    :raises FormatError: the source does not have the hashes of that size.
    """
    return _frontier(_Tree(source, size), size)


def _frontier(tree: _Tree, size: int) -> CompactRange:
    heights = [height for height in reversed(range(size.bit_length())) if size >> height & 1]
    return CompactRange(size, [tree.node(height, (size >> height) - 1) for height in heights])
