import random

import pytest
from tests.unit.evidence.signing import verify
from tests.unit.evidence.vectors import FOLDER, needs_vectors

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence import tiles
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.merkle import (
    EMPTY_ROOT,
    CompactRange,
    consistency_path,
    inclusion_path,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from xiezhi_domain.evidence.note import VerifierKey, open_note
from xiezhi_domain.evidence.tiles import TILE_WIDTH, Tile, TileRow, TileRows, tile_at, tiles_of


class StoredRows:
    """Rows in memory, appended as a log appends them; remembers what was read."""

    def __init__(self):
        self.levels = {0: []}
        self.grown = TileRows()
        self.reads = []

    def append(self, leaf):
        self.levels[0].append(leaf)
        for row in self.grown.append(leaf):
            stored = self.levels.setdefault(row.level, [])
            assert row.index == len(stored)
            stored.append(row.hash)

    def read(self, level, first, count):
        assert first // TILE_WIDTH == (first + count - 1) // TILE_WIDTH
        self.reads.append((level, first, count))
        return self.levels[level][first : first + count]


def grow(size):
    rows = StoredRows()
    for i in range(size):
        rows.append(leaf_hash(i.to_bytes(4, "big")))
    return rows


@pytest.fixture(scope="module")
def log():
    return grow(70_000)


@pytest.fixture(scope="module")
def leaves(log):
    return log.levels[0]


class TestGeometry:
    @pytest.mark.parametrize(
        ("tile", "path"),
        [
            (Tile(0, 0, 256), "tile/0/000"),
            (Tile(0, 1234067, 256), "tile/0/x001/x234/067"),
            (Tile(0, 273, 112), "tile/0/273.p/112"),
            (Tile(63, 1000, 1), "tile/63/x001/000.p/1"),
        ],
    )
    def test_paths(self, tile, path):
        assert tile.path == path

    def test_entries_stand_beside_the_leaf_hashes(self):
        assert Tile(0, 1234067, 8).bundle_path == "tile/entries/x001/x234/067.p/8"

    def test_the_tiles_of_70000_entries_are_those_of_the_specification(self):
        of_level = [[tile for tile in tiles_of(70_000) if tile.level == level] for level in range(4)]
        assert of_level[0] == [Tile(0, number, 256) for number in range(273)] + [Tile(0, 273, 112)]
        assert of_level[1:] == [[Tile(1, 0, 256), Tile(1, 1, 17)], [Tile(2, 0, 1)], []]

    def test_the_tiles_of_256_entries_are_those_of_the_specification(self):
        assert list(tiles_of(256)) == [Tile(0, 0, 256), Tile(1, 0, 1)]

    def test_an_empty_log_has_no_tiles(self):
        assert list(tiles_of(0)) == []

    def test_a_hash_is_in_the_tile_as_wide_as_the_log_has_it(self):
        assert tile_at(0, 69_999, 70_000) == Tile(0, 273, 112)
        assert tile_at(1, 255, 70_000) == Tile(1, 0, 256)

    @pytest.mark.parametrize(("level", "index"), [(0, 70_000), (1, 273), (3, 0), (0, -1)])
    def test_a_hash_that_the_log_does_not_have_is_refused(self, level, index):
        with pytest.raises(FormatError):
            tile_at(level, index, 70_000)


class TestRows:
    def test_a_completed_tile_gives_one_row_and_a_completed_tile_of_rows_two(self, leaves):
        rows = TileRows()
        assert rows.append_many(leaves[:255]) == []
        assert rows.append(leaves[255]) == [TileRow(1, 0, root_of(leaves[:256]))]
        rows.append_many(leaves[256:65535])
        assert rows.append(leaves[65535]) == [
            TileRow(1, 255, root_of(leaves[65280:65536])),
            TileRow(2, 0, root_of(leaves[:65536])),
        ]

    def test_the_stored_frontier_is_all_that_a_restart_needs(self, leaves):
        unbroken, first = TileRows(), TileRows()
        expected = unbroken.append_many(leaves[:1200])
        found = first.append_many(leaves[:700])
        second = TileRows(CompactRange.decode(first.frontier.encode()))
        assert found + second.append_many(leaves[700:1200]) == expected
        assert second.frontier.root() == root_of(leaves[:1200])

    def test_stored_rows_are_the_roots_of_the_specification(self, log, leaves):
        for level, width in ((1, 256), (2, 65536)):
            expected = [root_of(leaves[i : i + width]) for i in range(0, len(leaves) - width + 1, width)]
            assert log.levels[level] == expected

    @pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65_535, 65_536, 69_999, 70_000])
    def test_the_frontier_is_rebuilt_from_stored_rows(self, log, leaves, size):
        frontier = CompactRange()
        frontier.append_many(leaves[:size])
        assert tiles.frontier(log, size) == frontier


class TestProofs:
    def test_roots_of_all_small_sizes(self, log, leaves):
        frontier = CompactRange()
        for size in range(701):
            assert tiles.root(log, size) == frontier.root()
            frontier.append(leaves[size])

    def test_roots_of_several_sizes_read_each_tile_once(self, log, leaves):
        sizes = [70_000, 0, 1, 256, 69_999, 700]
        log.reads.clear()
        assert tiles.roots(log, sizes) == [root_of(leaves[:size]) for size in sizes]
        assert len(log.reads) == len(set(log.reads))
        assert tiles.roots(log, []) == []

    def test_inclusion_proofs_of_all_small_sizes(self, log, leaves):
        for size in range(1, 701):
            # The edges of tiles and of the tree, and one leaf that wanders through it.
            for index in {
                0,
                size // 2,
                (size * 7919) % size,
                max(0, size - 257),
                size - 1,
                min(255, size - 1),
            }:
                assert list(tiles.inclusion_proof(log, index, size)) == inclusion_path(leaves[:size], index)

    def test_inclusion_proofs_of_every_leaf_of_one_size(self, log, leaves):
        for index in range(600):
            assert list(tiles.inclusion_proof(log, index, 600)) == inclusion_path(leaves[:600], index)

    def test_consistency_proofs_of_all_small_sizes(self, log, leaves):
        for size2 in range(1, 701):
            for size1 in {1, (size2 + 1) // 2, min(256, size2), max(1, size2 - 1), size2}:
                assert tiles.consistency_proof(log, size1, size2) == consistency_path(leaves[:size2], size1)

    @pytest.mark.parametrize("seed", range(12))
    def test_proofs_of_random_larger_sizes(self, log, leaves, seed):
        chance = random.Random(seed)
        size2 = chance.randrange(701, 70_001)
        size1, index = chance.randrange(1, size2), chance.randrange(size2)
        assert list(tiles.inclusion_proof(log, index, size2)) == inclusion_path(leaves[:size2], index)
        assert tiles.consistency_proof(log, size1, size2) == consistency_path(leaves[:size2], size1)

    @pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 65_536 + 256, 70_000])
    def test_proofs_where_a_level_is_completed(self, log, leaves, size):
        root = tiles.root(log, size)
        for index in (0, 65_279, 65_280, size - 1):
            verify_inclusion(leaves[index], index, size, tiles.inclusion_proof(log, index, size), root)
        for older in (1, 255, 256, 65_280, 65_535, size):
            proof = tiles.consistency_proof(log, older, size)
            verify_consistency(older, tiles.root(log, older), size, root, proof)

    def test_a_proof_reads_at_most_two_tiles_of_each_level(self, log):
        for size in (65_535, 69_999, 70_000):
            for index in (0, 300, 65_000, size - 1):
                log.reads.clear()
                tiles.inclusion_proof(log, index, size)
                levels = [level for level, _, _ in log.reads]
                assert len(set(log.reads)) == len(log.reads)
                assert all(levels.count(level) <= 2 for level in levels)
                log.reads.clear()
                tiles.consistency_proof(log, max(1, index), size)
                levels = [level for level, _, _ in log.reads]
                assert all(levels.count(level) <= 2 for level in levels)

    def test_what_cannot_be_proven_is_refused(self, log):
        for index, size in ((0, 0), (5, 5), (-1, 5)):
            with pytest.raises(FormatError):
                tiles.inclusion_proof(log, index, size)
        for size1, size2 in ((0, 5), (6, 5), (0, 0)):
            with pytest.raises(FormatError):
                tiles.consistency_proof(log, size1, size2)

    def test_an_empty_log_has_the_empty_root(self, log):
        assert tiles.root(log, 0) == EMPTY_ROOT

    def test_a_source_with_missing_hashes_is_noticed(self):
        with pytest.raises(FormatError, match=r"tile/0/001\.p/44 应有 44"):
            tiles.root(grow(299), 300)


class TileFolder:
    """The tiles of a published log, as files."""

    def __init__(self, folder, size):
        self.folder, self.size = folder, size

    def read(self, level, first, count):
        tile = tile_at(level, first + count - 1, self.size)
        data = (self.folder / tile.path).read_bytes()
        hashes = [data[i : i + 32] for i in range(0, len(data), 32)]
        return hashes[first - tile.first :][:count]


@needs_vectors
class TestPublishedLog:
    """A whole small log written by another implementation (tessera)."""

    folder = FOLDER / "tessera-log"
    key = VerifierKey.parse("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")
    words = b"one two three four five six seven eit".split()

    def checkpoint(self, size):
        opened = open_note((self.folder / f"checkpoint.{size}").read_bytes(), [self.key], verify)
        assert opened.signed_by == (self.key,)
        return Checkpoint.parse(opened.note.text)

    @pytest.mark.parametrize("size", range(9))
    def test_checkpoints_are_signed_over_the_root_of_the_tiles(self, size):
        root = tiles.root(TileFolder(self.folder, size), size)
        assert self.checkpoint(size) == Checkpoint("example.com/log/testdata", size, root)

    @pytest.mark.parametrize("size", range(1, 9))
    def test_entries_hash_to_the_tiles(self, size):
        (tile,) = tiles_of(size)
        entries = b"".join(len(word).to_bytes(2, "big") + word for word in self.words[:size])
        assert (self.folder / tile.bundle_path).read_bytes() == entries
        assert (self.folder / tile.path).read_bytes() == b"".join(map(leaf_hash, self.words[:size]))

    def test_every_checkpoint_extends_the_ones_before(self):
        for size2 in range(1, 9):
            for size1 in range(1, size2 + 1):
                proof = tiles.consistency_proof(TileFolder(self.folder, size2), size1, size2)
                old, new = self.checkpoint(size1), self.checkpoint(size2)
                verify_consistency(old.size, old.root, new.size, new.root, proof)
