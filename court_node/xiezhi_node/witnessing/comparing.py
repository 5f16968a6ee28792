"""Holding what another court's node has stored of the log against what this one has (protocol §7, out of band)."""

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.misconduct import Misconduct
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_domain.terms import LogFault
from xiezhi_journal import tables
from xiezhi_journal.keys import verify_signature
from xiezhi_journal.misconduct import MisconductFiles
from xiezhi_node.config import NodeSettings
from xiezhi_node.pins import every_log_key
from xiezhi_node.witnessing.exporting import FORMAT, opened_journal

MAX_FILE_BYTES: Final = 256 * 1024 * 1024


def compare_checkpoints(settings: NodeSettings, theirs: Path, now: int) -> tuple[int, int]:
    """Return at how many sizes both courts hold a checkpoint, and at how many of these the roots differ.

    Each pair of two roots is kept as a record of misconduct: the log's own signatures convict it.

    :raises FormatError: the file is no export of checkpoints.
    :raises ProofError: a checkpoint in it was not signed by the log that this node has pinned.
    :raises StartupError: this node has not joined.
    :raises OSError: the file cannot be read.
    """
    journal, pins = opened_journal(settings)
    try:
        own = journal.read_now(_own)
        keys = journal.read_now(partial(every_log_key, pins=pins))
    finally:
        journal.close()
    log = TrustedLog(pins.origin, keys)
    files, common, different = MisconductFiles(settings.paths.misconduct), 0, 0
    for note in _notes(theirs):
        checkpoint = log.open(note, verify_signature).checkpoint
        known = own.get(checkpoint.size)
        common += known is not None
        if known is not None and log.open(known, verify_signature).checkpoint.root != checkpoint.root:
            different += 1
            files.keep(Misconduct(LogFault.TWO_ROOTS, known, note, (), pins.court, now))
    return common, different


def _own(connection: Connection) -> Mapping[int, bytes]:
    table = tables.checkpoint
    return {row.size: row.note for row in connection.execute(select(table.c.size, table.c.note))}


def _notes(path: Path) -> list[bytes]:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise FormatError(f"{path} 过大，不是检查点导出文件")
    try:
        values = json.loads(path.read_bytes())
        given, notes = values["format"], [note.encode() for note in values["checkpoints"]]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        given, notes = None, []
    if given != FORMAT:
        raise FormatError(f"{path} 不是 xiezhi-node checkpoints 导出的文件")
    return notes
