"""Records of misconduct of the log, kept as files beside the database for people to hand on."""

from hashlib import sha256
from pathlib import Path
from typing import Final

import structlog

from xiezhi_domain.evidence.misconduct import Misconduct
from xiezhi_journal.durable_files import replace_file

MOST_FILES: Final = 100
"""A log that lies all the time fills no disk; a hundred records convict it as well as a million."""

_log = structlog.get_logger(__name__)


class MisconductFiles:
    """The files in *directory*, which is made with the first of them."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def keep(self, found: Misconduct) -> None:
        """Write the record once, durably; the same two notes again change nothing. A full disk is logged only."""
        name = sha256(found.first + b"\0" + found.second).hexdigest()[:16]
        path = self.directory / f"{name}.misconduct"
        _log.error("log_misconduct", fault=str(found.fault), file=path.name)
        try:
            if not path.exists() and len(self.all()) < MOST_FILES:
                self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
                replace_file(path, found.format())
        except OSError as error:
            _log.error("misconduct_not_written", file=path.name, problem=error.strerror)

    def all(self) -> list[Path]:
        """Return the files, oldest names first; none where the directory does not exist."""
        return sorted(self.directory.glob("*.misconduct"))
