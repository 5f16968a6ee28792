"""The head file: whatever is torn or damaged, it never says less than the last write that returned."""

import pytest

from xiezhi_domain.errors import FormatError
from xiezhi_journal.headfile import MAX_NOTE_BYTES, SLOT_BYTES, HeadFile, HeadRecord


def record(number: int) -> HeadRecord:
    return HeadRecord(number, bytes([number]) * 32, b"note %d\n" % number * number)


def keep(file: HeadFile, number: int) -> bytes:
    head = record(number)
    file.write(head.size, head.root, head.note)
    return file._path.read_bytes()


@pytest.fixture
def file(tmp_path):
    head_file = HeadFile(tmp_path / "head")
    yield head_file
    head_file.close()


def test_nothing_was_ever_written(file):
    assert file.read() is None


def test_the_last_write_is_read_also_by_the_next_process(file, tmp_path):
    for number in range(1, 8):
        keep(file, number)
        assert file.read() == HeadFile(tmp_path / "head").read() == record(number)
    assert [path.name for path in tmp_path.iterdir()] == ["head"]


def test_a_restarted_process_goes_on_in_the_older_slot(file, tmp_path):
    before = keep(file, 1)
    before = keep(file, 2)
    again = HeadFile(tmp_path / "head")
    after = keep(again, 3)
    again.close()
    assert again.read() == record(3)
    assert [before[at : at + SLOT_BYTES] == after[at : at + SLOT_BYTES] for at in (0, SLOT_BYTES)].count(
        True
    ) == 1


@pytest.mark.parametrize("number", [2, 3, 4])
def test_a_write_torn_at_any_byte_leaves_the_record_before_it(file, number):
    for earlier in range(1, number):
        before = keep(file, earlier)
    after = keep(file, number)
    changed = [at for at in range(len(after)) if after[at] != before[at]]
    for cut in range(changed[0], changed[-1] + 1):
        file._path.write_bytes(after[:cut] + before[cut:])
        assert file.read() == record(number - 1)
    file._path.write_bytes(after[: changed[-1] + 1] + before[changed[-1] + 1 :])
    assert file.read() == record(number)


def test_sectors_of_a_write_may_reach_the_disk_in_any_order(file):
    before, after = keep(file, 200), keep(file, 201)
    start = 0 if before[:SLOT_BYTES] != after[:SLOT_BYTES] else SLOT_BYTES
    for sector in range(start, start + 2048, 512):
        file._path.write_bytes(before[:sector] + after[sector : sector + 512] + before[sector + 512 :])
        assert file.read() == record(200)


def test_any_damaged_byte_of_the_newest_record_brings_the_older_one_back(file):
    keep(file, 1)
    whole = keep(file, 2)
    start = 0 if HeadFile(file._path)._newest()[0] % 2 == 0 else SLOT_BYTES
    length = len(whole[start : start + SLOT_BYTES].rstrip(b"\0"))
    for at in range(start, start + length):
        file._path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert file.read() == record(1)


@pytest.mark.parametrize("data", [b"", b"\0" * 2 * SLOT_BYTES, b"x" * 100, b"x" * 2 * SLOT_BYTES])
def test_two_damaged_slots_are_said_to_be_damaged_and_not_written_over(file, data):
    file._path.write_bytes(data)
    with pytest.raises(FormatError):
        file.read()
    with pytest.raises(FormatError):
        keep(file, 1)
    assert file._path.read_bytes() == data


def test_the_file_does_not_grow(file):
    sizes = {len(keep(file, number)) for number in range(1, 50)}
    assert sizes == {2 * SLOT_BYTES}


def test_a_note_that_does_not_fit_changes_nothing(file):
    keep(file, 1)
    file.write(2, bytes(32), b"n" * MAX_NOTE_BYTES)
    with pytest.raises(FormatError):
        file.write(3, bytes(32), b"n" * (MAX_NOTE_BYTES + 1))
    with pytest.raises(FormatError):
        file.write(3, bytes(31), b"")
    assert file.read() == HeadRecord(2, bytes(32), b"n" * MAX_NOTE_BYTES)
