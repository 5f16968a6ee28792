"""The storage in files: one writer, checked bytes, no way out of its directory, a disk that is full."""

import errno
import hashlib
import os
from pathlib import Path
from uuid import uuid4

import pytest

from xiezhi_desk.documents import files
from xiezhi_desk.documents.files import FilePart, FileStorage
from xiezhi_domain.errors import LimitExceeded, Reason, Unavailable

DATA = os.urandom(3_000)
SHA256 = hashlib.sha256(DATA).digest()


@pytest.fixture
def storage(tmp_path: Path) -> FileStorage:
    return FileStorage(tmp_path / "documents", reserve=0)


def opened(storage: FileStorage, upload_id: str) -> FilePart:
    part = storage.partial(upload_id)
    part.open()
    return part


def published(storage: FileStorage, data: bytes = DATA) -> bytes:
    part = opened(storage, str(uuid4()))
    part.write(data)
    part.publish()
    part.close()
    return hashlib.sha256(data).digest()


def test_a_document_is_there_when_it_is_published_and_not_before(storage: FileStorage) -> None:
    part = opened(storage, str(uuid4()))
    part.write(DATA)
    assert part.sha256() == SHA256
    assert not storage.has(SHA256)
    part.publish()
    part.close()
    assert storage.has(SHA256)
    assert storage.read(SHA256, 0, 10_000) == DATA
    assert storage.read(SHA256, 2_990, 10_000) == DATA[2_990:]
    assert storage.read(SHA256, 3_000, 10) == b""


def test_the_next_writer_goes_on_where_the_last_one_stopped(storage: FileStorage) -> None:
    upload_id = str(uuid4())
    assert storage.received(upload_id) == 0
    part = opened(storage, upload_id)
    part.write(DATA[:1_000])
    part.close()
    part.close()
    assert storage.received(upload_id) == 1_000
    part = opened(storage, upload_id)
    assert part.size == 1_000
    part.write(DATA[1_000:])
    assert part.sha256() == SHA256
    part.discard()
    assert (part.size, storage.received(upload_id)) == (0, 0)
    part.write(DATA)
    assert part.sha256() == SHA256
    part.close()
    storage.discard(upload_id)
    storage.discard(upload_id)
    assert storage.received(upload_id) == 0


def test_there_is_one_writer_at_a_time(storage: FileStorage) -> None:
    upload_id = str(uuid4())
    first = opened(storage, upload_id)
    with pytest.raises(LimitExceeded) as refused:
        storage.partial(upload_id).open()
    assert refused.value.retry_after_ms > 0
    first.close()
    opened(storage, upload_id).close()


def test_a_writer_that_came_late_does_not_touch_what_is_published(
    storage: FileStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id = str(uuid4())
    first = opened(storage, upload_id)
    first.write(DATA)
    flock = files.fcntl.flock

    def flock_after_the_first_has_published(file: object, operation: int) -> None:
        first.publish()
        first.close()
        flock(file, operation)

    monkeypatch.setattr(files.fcntl, "flock", flock_after_the_first_has_published)
    with pytest.raises(LimitExceeded):
        storage.partial(upload_id).open()
    assert storage.read(SHA256, 0, 10_000) == DATA


def test_a_part_closed_by_one_who_gave_up_cannot_be_opened_late(storage: FileStorage) -> None:
    part = storage.partial(str(uuid4()))
    part.close()
    with pytest.raises(ValueError):
        part.open()
    with pytest.raises(ValueError):
        part.write(b"late")


def test_publishing_again_heals_a_damaged_copy(storage: FileStorage) -> None:
    published(storage)
    path = storage._path(SHA256)
    path.write_bytes(b"damaged")
    published(storage)
    assert path.read_bytes() == DATA


@pytest.mark.parametrize("bad", ["../../etc/passwd", "", "a/b", "..", "\x00"])
def test_an_upload_id_is_no_path(storage: FileStorage, bad: str) -> None:
    for use in (storage.received, storage.partial, storage.discard):
        with pytest.raises(ValueError):
            use(bad)


@pytest.mark.parametrize(
    "bad",
    [b"", b"../../../../etc/passwd", SHA256[:31], SHA256 + b"x"],
    ids=["none", "path", "short", "long"],
)
def test_a_hash_is_no_path(storage: FileStorage, bad: bytes) -> None:
    with pytest.raises(ValueError):
        storage.has(bad)


def test_only_the_owner_may_read_the_files(storage: FileStorage) -> None:
    published(storage)
    assert storage._path(SHA256).stat().st_mode & 0o077 == 0
    assert storage._path(SHA256).parent.stat().st_mode & 0o077 == 0


def test_some_of_the_disk_is_left_to_the_journal(tmp_path: Path) -> None:
    storage = FileStorage(tmp_path / "documents", reserve=1_000, free=lambda _: 5_000)
    storage.check_room(4_000)
    with pytest.raises(Unavailable) as refused:
        storage.check_room(4_001)
    assert refused.value.reason is Reason.DISK_FULL


@pytest.mark.parametrize(
    ("code", "expected"), [(errno.ENOSPC, Unavailable), (errno.EDQUOT, Unavailable), (errno.EIO, OSError)]
)
def test_what_the_disk_refuses(
    storage: FileStorage, monkeypatch: pytest.MonkeyPatch, code: int, expected: type[Exception]
) -> None:
    part = opened(storage, str(uuid4()))
    part.write(DATA)

    def refuse(_descriptor: int) -> None:
        raise OSError(code, "the disk says no")

    monkeypatch.setattr(files.os, "fsync", refuse)
    with pytest.raises(expected):
        part.publish()
    part.close()
    assert not storage.has(SHA256)


def test_a_document_that_is_not_here(storage: FileStorage) -> None:
    assert not storage.has(SHA256)
    storage.delete(SHA256)
    with pytest.raises(Unavailable) as refused:
        storage.read(SHA256, 0, 1)
    assert refused.value.reason is Reason.DOCUMENT_MISSING


def test_old_documents_are_found_by_when_they_were_published(storage: FileStorage) -> None:
    old, new = published(storage), published(storage, b"another")
    os.utime(storage._path(old), (1_000, 1_000))
    assert list(storage.published_before(1_000_001)) == [old]
    assert list(storage.published_before(1_000_000)) == []
    assert set(storage.published_before(1 << 62)) == {old, new}


def test_deletions_are_held_by_any_number_of_backups(storage: FileStorage, tmp_path: Path) -> None:
    another_process = FileStorage(tmp_path / "documents", reserve=0)
    with storage.hold_deletions(), another_process.hold_deletions(), another_process.deleting() as may_delete:
        assert not may_delete
    with storage.deleting() as may_delete:
        assert may_delete
