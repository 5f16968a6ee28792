"""The workbench's certificate, followed: what the files hold now is shown to the next browser that connects."""

import asyncio
import logging
import ssl
from pathlib import Path
from typing import Final

_log = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 5.0


class CertificateFiles:
    """Certificate and key behind *context*, which serves with what they held when it was made."""

    def __init__(self, context: ssl.SSLContext, certificate: Path, key: Path) -> None:
        self._context = context
        self._files = (certificate, key)
        self._seen = self._stamp()

    async def follow(self) -> None:
        """Look every few seconds, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            self.look()

    def look(self) -> bool:
        """Serve with what the files hold now; returns whether that is something else than before."""
        try:
            stamp = self._stamp()
            if stamp == self._seen:
                return False
            # Tried first where nobody is served: half a renewal must not shut the workbench.
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(*self._files)
            self._context.load_cert_chain(*self._files)
        except (OSError, ssl.SSLError) as problem:
            _log.warning("certificate not reloaded: %s", problem)
            return False
        self._seen = stamp
        _log.info("certificate reloaded")
        return True

    def _stamp(self) -> tuple[tuple[int, int, int], ...]:
        stats = [path.stat() for path in self._files]
        return tuple((stat.st_ino, stat.st_mtime_ns, stat.st_size) for stat in stats)
