"""The highest journal position that this node has signed, in a file outside the database.

A database that was restored from an older copy lies behind this file. Before its first Welcome the node could not
know that otherwise, and would give positions and matter numbers twice (ADR 0002 «Recovery»). So the file is no part of
a backup.

It is written in place and left to the system to bring to the disk: after a power failure it may be some commits old,
which still tells a database from a backup.
"""

import os
from pathlib import Path
from typing import Final

import structlog

from xiezhi_journal.ledger import Ledger
from xiezhi_node.catching_up import CatchingUp

_DIGITS: Final = 19
_PROBLEM: Final = "已签署位置文件无法写入，由旧备份恢复时将难以发现，请检查数据目录所在磁盘"
_log = structlog.get_logger(__name__)


class SignedPosition:
    """The file at *path*, written by the one process that signs."""

    def __init__(self, path: Path, catching_up: CatchingUp) -> None:
        self._path = path
        self._catching_up = catching_up
        self._written: int | None = None
        self.problem = ""
        """What is wrong with the file since the last commit, in Chinese; empty while it follows the journal."""

    def doubts(self, position: int) -> bool:
        """Return whether the journal, at *position*, may lack what was signed; without the file it may."""
        signed = self._read()
        return position > 0 and (signed is None or signed > position)

    def keep(self, ledger: Ledger) -> None:
        """Follow a committed journal, unless it lacks something itself; on the writer's thread."""
        if not self._catching_up.is_behind:
            self.write(ledger.head.journal_position)

    def write(self, position: int) -> None:
        """Put *position* into the file, if it does not stand there."""
        if position == self._written:
            return
        try:
            self._put(position)
        except OSError as error:
            _log.error("signed_position_not_written", position=position, problem=str(error))
            self.problem = _PROBLEM
        else:
            self._written = position
            self.problem = ""

    def _read(self) -> int | None:
        try:
            return int(self._path.read_bytes())
        except (FileNotFoundError, ValueError):
            return None

    def _put(self, position: int) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            # Always of one length and in one place: it needs no room on the disk.
            os.pwrite(descriptor, f"{position:0{_DIGITS}d}".encode(), 0)
        finally:
            os.close(descriptor)
