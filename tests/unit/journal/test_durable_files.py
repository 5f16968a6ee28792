"""Small files: whole, for their owner alone, and on disk when the call has returned."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from tests.cut_off import CutOffDisk, refusing_to_sync

from xiezhi_journal.durable_files import READABLE, create_file, move_file, replace_file


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    for at in count(1):
        path.write_bytes(b"old")
        disk = CutOffDisk(tmp_path, at)
        with disk.cutting():
            replace_file(path, b"new")
        assert path.read_bytes() in ((b"new",) if at > 2 else (b"old",))
        if not disk.reached:
            break
    assert [each.name for each in tmp_path.iterdir()] == ["key.pem"]


def test_what_a_try_that_was_cut_off_has_left_is_not_for_others_to_read(tmp_path: Path) -> None:
    path, left = tmp_path / "key.pem", tmp_path / "key.pem.new"
    left.write_bytes(b"longer than what comes")
    left.chmod(0o666)
    replace_file(path, b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o600)
    replace_file(path, b"for all", READABLE)
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_new_file_takes_the_place_of_none(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    create_file(path, b"first")
    with pytest.raises(FileExistsError):
        create_file(path, b"second")
    assert path.read_bytes() == b"first"


@pytest.mark.parametrize(
    "act",
    [
        lambda path: replace_file(path, b"new"),
        lambda path: create_file(path.with_name("other"), b"new"),
        lambda path: move_file(path, path.with_name("other")),
    ],
)
def test_nothing_returns_that_is_not_on_disk(tmp_path: Path, act: Callable[[Path], None]) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(b"old")
    with refusing_to_sync(), pytest.raises(OSError, match="the disk says no"):
        act(path)
