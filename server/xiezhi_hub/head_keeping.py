"""Keeping the head of the log outside the database, after every commit (protocol §8)."""

from typing import Final

import structlog

from xiezhi_domain.errors import DomainError
from xiezhi_hub.log_head import SignedHead
from xiezhi_journal.headfile import HeadFile

_log = structlog.get_logger(__name__)

_PROBLEM: Final = "日志头文件无法写入，数据库受损时将难以发现，请检查其所在磁盘"


class HeadKeeper:
    """Writes the head file. What was committed stands whether it can be written or not: its failure is health's."""

    def __init__(self, file: HeadFile) -> None:
        self._file = file
        self.problem = ""
        """What is wrong with the file since the last commit, in Chinese; empty while it follows the log."""

    def keep(self, head: SignedHead) -> None:
        """Keep *head*; on the writer's thread, before anybody is answered."""
        try:
            self._file.write(head.size, head.root, head.note)
        except (OSError, DomainError) as error:
            _log.error("head_file_not_written", size=head.size, problem=str(error))
            self.problem = _PROBLEM
        else:
            self.problem = ""
