"""The whole log as plain files in a folder (C2SP tlog-tiles), to be kept, carried and checked anywhere.

A file is written beside its place and moved there when it is on disk, and the checkpoint last of all: what lies in the
folder is complete at any moment, and a run that was cut off is simply run again.
"""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence import tiles
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.note import Note
from xiezhi_domain.evidence.tilefiles import CHECKPOINT_PATH, TileFile, files_of
from xiezhi_hub.hub_journal import HubJournal
from xiezhi_hub.log_head import SignedHead, read_head
from xiezhi_hub.tiled_log.reading import read_file
from xiezhi_journal.durable_files import READABLE, replace_file
from xiezhi_journal.translog import LogHashes

KEYS_FILE: Final = "pins.json"
"""Origin and verifier key, in the form that `xiezhi audit --pins` reads; to be compared with what nodes have pinned."""

_LOCK_FILE: Final = ".export.lock"


@dataclass(frozen=True, slots=True)
class Exported:
    """How many entries the folder's log has now, and how many files were written for it."""

    size: int
    written: int


def export_log(journal: HubJournal, folder: Path) -> Exported:
    """Write into *folder* what the newest checkpoint covers and is not there yet.

    :raises FormatError: the folder holds another log, or a longer one than the hub has, or is being written to.
    :raises OSError: a file cannot be read or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        return _export(journal, folder)


def _export(journal: HubJournal, folder: Path) -> Exported:
    head = journal.read_now(read_head)
    _require_extension(journal, folder, head)
    written = 0
    for file in files_of(head.size):
        place = folder / file.path
        if not place.exists():
            _replace(place, journal.read_now(partial(read_file, file=file)))
            written += 1
    _replace(folder / KEYS_FILE, _keys(journal))
    if head.note:
        _replace(folder / CHECKPOINT_PATH, head.note)
    for file in files_of(head.size):
        _drop_narrower(folder, file)
    return Exported(head.size, written)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep a second export out of the folder; the lock ends with the process that holds it."""
    with (folder / _LOCK_FILE).open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FormatError(f"另一次导出正在写入 {folder}，请等它结束") from None
        yield


def _require_extension(journal: HubJournal, folder: Path, head: SignedHead) -> None:
    """Check that the log goes on where the folder ends."""
    try:
        note = Note.parse((folder / CHECKPOINT_PATH).read_bytes())
    except FileNotFoundError:
        return
    there = Checkpoint.parse(note.text)
    if there.origin != journal.signer.origin:
        raise FormatError(f"文件夹中是另一份日志（{there.origin}），请换一个文件夹")
    if there.size > head.size:
        raise FormatError(
            f"文件夹中的日志有 {there.size} 项，枢纽只有 {head.size} 项：枢纽可能丢失了记录，"
            "请保留这个文件夹并联系技术支持"
        )
    root = journal.read_now(lambda connection: tiles.root(LogHashes(connection), there.size))
    if root != there.root:
        raise FormatError(
            f"文件夹中的前 {there.size} 项与枢纽现在的日志不同：两者必有一份被改动，请保留这个文件夹并联系技术支持"
        )


def _keys(journal: HubJournal) -> bytes:
    keys: dict[str, str | list[str]] = {
        "origin": journal.signer.origin,
        "log_vkey": journal.signer.verifier_key.format(),
    }
    if journal.signer.former or journal.signer.next_key:
        keys["log_vkeys"] = [key.format() for key in journal.signer.every_key]
    return (json.dumps(keys, ensure_ascii=False, indent=2) + "\n").encode()


def _replace(place: Path, content: bytes) -> None:
    """Put *content* in the place of a file that others may read, its folder made where there is none."""
    place.parent.mkdir(parents=True, exist_ok=True)
    replace_file(place, content, READABLE)


def _drop_narrower(folder: Path, file: TileFile) -> None:
    """Take away what an earlier run wrote of a tile that was partial then and has grown."""
    place = folder / file.path
    partials = place.with_name(place.name + ".p") if file.full else place.parent
    if not partials.is_dir() or (not file.full and place.parent.suffix != ".p"):
        return
    for narrower in partials.iterdir():
        if narrower != place:
            narrower.unlink()
    if file.full:
        partials.rmdir()
