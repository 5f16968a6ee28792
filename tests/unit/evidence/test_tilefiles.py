import contextlib
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.unit.evidence.vectors import FOLDER, needs_vectors

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.merkle import leaf_hash
from xiezhi_domain.evidence.tilefiles import (
    TileFile,
    decode_bundle,
    decode_tile,
    encode_bundle,
    encode_tile,
    files_of,
    parse_path,
)
from xiezhi_domain.evidence.tiles import TILE_WIDTH, Tile

WORDS = b"one two three four five six seven eit".split()

_WIDTHS = st.integers(1, TILE_WIDTH)
_NUMBERS = st.integers(0, 2**54)
_FILES = st.builds(TileFile, st.builds(Tile, st.integers(0, 63), _NUMBERS, _WIDTHS), st.just(value=False)) | (
    st.builds(TileFile, st.builds(Tile, st.just(0), _NUMBERS, _WIDTHS), st.just(value=True))
)
_PIECES = st.sampled_from(
    ["tile/", "entries/", "0/", "1/", "000", "x001/", "x000/", ".p/", "256", "7", "٣", "\n"]
)
_PATHS = st.text() | st.lists(_PIECES).map("".join)


@given(_FILES)
def test_every_path_is_read_as_the_file_that_it_names(file):
    assert parse_path(file.path) == file


@given(_PATHS)
@example("tile/0/x000/001")
def test_a_path_that_is_read_is_the_only_one_of_its_file(path):
    with contextlib.suppress(FormatError):
        assert parse_path(path).path == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/1",
        "tile/0/0001",
        "tile/00/001",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/001/",
        "/tile/0/001",
        "tile/0/../001",
        "tile/0/%30%30%31",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/001.p/0",
        "tile/0/001.p/08",
        "tile/0/001.p/256",
        "tile/0/001.p",
        "tile/0/001.p/8\n",
        "tile/0/٠٠١",
        "tile/entries/entries/001",
        "tile/1/entries/001",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "checkpoint",
    ],
)
def test_other_spellings_are_refused(path):
    with pytest.raises(FormatError):
        parse_path(path)


@pytest.mark.parametrize(
    ("path", "size", "there"),
    [
        ("tile/0/000", 255, False),
        ("tile/0/000", 256, True),
        ("tile/0/001.p/44", 299, False),
        ("tile/0/001.p/44", 300, True),
        ("tile/0/001.p/43", 300, True),
        ("tile/1/000.p/1", 255, False),
        ("tile/1/000.p/1", 300, True),
        ("tile/entries/000.p/1", 0, False),
        ("tile/63/000.p/1", 2**62, False),
    ],
)
def test_a_log_has_what_its_size_says(path, size, there):
    assert parse_path(path).within(size) is there


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 70_000])
def test_the_files_of_a_log_are_all_within_it_and_none_of_the_next_size(size):
    files = list(files_of(size))
    assert all(file.within(size) for file in files)
    assert len({file.path for file in files}) == len(files)
    for entries in (True, False):
        widths = [file.tile.width for file in files if file.entries is entries and file.tile.level == 0]
        assert sum(widths) == size


@given(st.lists(st.binary(max_size=64), min_size=1, max_size=TILE_WIDTH))
def test_a_bundle_gives_back_its_entries(entries):
    assert decode_bundle(encode_bundle(entries), len(entries)) == entries


@given(st.binary(max_size=600), st.integers(1, 4))
@example(b"\x00", 1)
@example(b"\x00\x00\x00\x00", 1)
@example(b"\x00\x02a", 1)
def test_bytes_that_are_read_as_a_bundle_are_its_only_spelling(data, width):
    with contextlib.suppress(FormatError):
        assert encode_bundle(decode_bundle(data, width)) == data


@given(st.binary(max_size=200), st.integers(1, 8))
def test_bytes_that_are_read_as_a_tile_are_its_only_spelling(data, width):
    with contextlib.suppress(FormatError):
        assert encode_tile(decode_tile(data, width)) == data


def test_what_is_cut_off_or_too_much_is_said():
    bundle, tile = encode_bundle(WORDS), encode_tile([leaf_hash(word) for word in WORDS])
    for data, width in ((bundle[:-1], 8), (bundle + b"\x00", 8), (bundle, 7), (bundle, 9), (b"", 1)):
        with pytest.raises(FormatError, match=re.escape(f"完整的 {width} 项")):
            decode_bundle(data, width)
    for data, width in ((tile[:-1], 8), (tile, 7), (b"", 1)):
        with pytest.raises(FormatError, match=f"应为 {width * 32} 字节"):
            decode_tile(data, width)


@pytest.mark.parametrize("count", [0, 257])
def test_a_file_has_1_to_256_items(count):
    for write in (encode_tile, encode_bundle):
        with pytest.raises(FormatError, match=f"实有 {count} 项"):
            write([bytes(32)] * count)
    with pytest.raises(FormatError):
        decode_tile(bytes(32 * count), count)


def test_an_entry_longer_than_its_length_can_say_is_refused():
    assert len(encode_bundle([bytes(65_535)])) == 65_537
    with pytest.raises(FormatError, match="65535"):
        encode_bundle([bytes(65_536)])


@needs_vectors
@pytest.mark.parametrize("size", range(1, 9))
def test_the_files_of_another_implementation_are_read_and_written_alike(size):
    bundle, tile = (file.path for file in files_of(size))
    stored = FOLDER / "tessera-log"
    entries = decode_bundle((stored / bundle).read_bytes(), size)
    assert entries == WORDS[:size]
    assert encode_bundle(entries) == (stored / bundle).read_bytes()
    hashes = decode_tile((stored / tile).read_bytes(), size)
    assert hashes == [leaf_hash(word) for word in WORDS[:size]]
    assert encode_tile(hashes) == (stored / tile).read_bytes()
