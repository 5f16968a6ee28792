"""A running hub follows the files of its log's keys, as listeners follow those of their certificates.

`xiezhi-hub log-key begin` and `finish` change the files; within seconds the hub signs by what they say.
"""

import asyncio
from functools import partial
from typing import Final, TypeAlias

import structlog

from xiezhi_domain.errors import DomainError
from xiezhi_hub.hub_journal import HubJournal
from xiezhi_hub.log_keys import load_log_signer, log_key_files
from xiezhi_hub.paths import HubPaths
from xiezhi_hub.recovery.gate import Gate
from xiezhi_journal.translog import sign_newest_anew

LOOK_EVERY_S: Final = 2.0
_log = structlog.get_logger(__name__)
_Stamp: TypeAlias = tuple[tuple[int, int, int], ...]


class LogKeyFollowing:
    """Gives *journal* its signer anew when the files in *paths* change."""

    def __init__(self, paths: HubPaths, journal: HubJournal, gate: Gate) -> None:
        self._paths = paths
        self._journal = journal
        self._gate = gate
        self._seen: _Stamp | None = None
        self._is_shown = False

    async def run(self) -> None:
        """Look every few seconds, until cancelled."""
        while True:
            try:
                await self.look()
            except (DomainError, OSError, ValueError) as error:
                _log.warning("log_keys_not_reloaded", problem=str(error))
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Sign by what the files say now, the newest checkpoint too: nothing may come to a quiet log for long.

        :raises DomainError, OSError, ValueError: a file is no good, or nothing can be stored now; what signed signs on.
        """
        await asyncio.to_thread(self._read)
        if not self._is_shown and self._gate.is_open:
            # What is under way is signed by the signer of before, and lies before this in the writer's order.
            await self._journal.write(partial(sign_newest_anew, signer=self._journal.signer))
            self._is_shown = True

    def _read(self) -> None:
        stamp = self._stamp()
        if stamp == self._seen:
            return
        signer = load_log_signer(self._paths, self._journal.signer.origin)
        if stamp != self._stamp():
            return  # a command is at work: the next look finds what it leaves
        self._journal.signer = signer
        self._seen, self._is_shown = stamp, False
        _log.info("log_keys_loaded", keys=[key.format() for key in signer.verifier_keys])

    def _stamp(self) -> _Stamp:
        stats = [path.stat() for path in log_key_files(self._paths) if path.exists()]
        return tuple((stat.st_ino, stat.st_mtime_ns, stat.st_size) for stat in stats)
