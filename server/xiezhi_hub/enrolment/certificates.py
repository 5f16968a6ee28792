"""The certificates of nodes as rows, and which of them are good (protocol §13).

A node is let in by a certificate that stands here, to the byte, and is not revoked. What else comes from the
authority was made by somebody who has its key, and is refused, whatever court it names.
"""

import asyncio
from collections.abc import Mapping
from functools import partial

import structlog
from sqlalchemy import Connection, case, func, or_, select, update

from xiezhi_domain.errors import DomainError, NotAllowed, Reason
from xiezhi_hub.enrolment.listed import CertificateList, Listed, unexpired
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.journal import Journal
from xiezhi_journal.tables import certificate as table
from xiezhi_wire.ca import Issued
from xiezhi_wire.caller import AnyCaller
from xiezhi_wire.peer import PeerCertificate
from xiezhi_wire.streams import BELIEVED_SECONDS, LiveStreams

_log = structlog.get_logger(__name__)

REFRESH_SECONDS = BELIEVED_SECONDS


def record_certificate(connection: Connection, issued: Issued, court: str) -> None:
    """Keep a certificate that is going to be handed out."""
    row = (issued.serial, court, issued.not_after_ms, 0, issued.sha256, issued.authority)
    insert_rows(connection, table, [row])


def renew_certificate(connection: Connection, issued: Issued, shown: PeerCertificate) -> None:
    """Keep the certificate that the node which showed *shown* is going to get.

    For the writer, whose transactions come one after another. `RevocationList` is behind by up to two seconds, and the
    court may be shut out after the call has passed it.

    :raises NotAllowed: CERTIFICATE_INVALID; the one that was shown is revoked, and nothing is kept.
    """
    own = select(table.c.revoked_at).where(table.c.court == shown.court, table.c.serial == shown.serial)
    if connection.scalar(own) != 0:
        raise NotAllowed(Reason.CERTIFICATE_INVALID, metadata={"serial": shown.serial})
    record_certificate(connection, issued, shown.court)


def revoke(connection: Connection, court_or_serial: str, now: int) -> list[str]:
    """Revoke the certificates of a court, or the one with this serial number; return their serial numbers."""
    chosen = or_(table.c.court == court_or_serial, table.c.serial == court_or_serial.lower())
    valid = chosen & (table.c.revoked_at == 0)
    serials = list(connection.scalars(select(table.c.serial).where(valid).order_by(table.c.serial)))
    connection.execute(update(table).where(valid).values(revoked_at=now))
    return serials


def revoke_all_but(connection: Connection, authority: str, now: int) -> None:
    """Revoke every certificate that is not from *authority* (SHA-256 of its certificate)."""
    others = (table.c.revoked_at == 0) & (table.c.authority != authority)
    connection.execute(update(table).where(others).values(revoked_at=now))


def validity(connection: Connection) -> dict[str, int]:
    """Return until when (ms) each court's last certificate is good; 0 where all of them are revoked."""
    good = func.max(case((table.c.revoked_at == 0, table.c.not_after), else_=0))
    query = select(table.c.court, good).group_by(table.c.court)
    return {court: int(until) for court, until in connection.execute(query)}


class RevocationList:
    """The certificates that were handed out and are not revoked, read anew every two seconds, and written to a file."""

    def __init__(self, journal: Journal, streams: LiveStreams, kept: CertificateList) -> None:
        self._journal = journal
        self._streams = streams
        self._kept = kept
        self._rows: tuple[Listed, ...] | None = None
        self._good: Mapping[str, Listed] = {}
        self._reading = asyncio.Lock()

    def is_revoked(self, shown: PeerCertificate) -> bool:
        """Return whether a certificate is revoked or was never handed out, as known since at most a moment."""
        known = self._good.get(shown.serial)
        # Rows of older versions have no digest; they end with their certificates.
        return known is None or known.court != shown.court or known.sha256 not in ("", shown.sha256)

    async def begin(self) -> None:
        """Read the list for the first time, after the database has been told what it does not remember.

        :raises FormatError: the file is damaged.
        """
        if restored := await self._journal.write(self._kept.restore):
            _log.warning("certificates_restored", count=restored)
        await self.refresh()

    async def refresh(self) -> None:
        """Read the list, put it on disk, and close the streams of those that are not on it any more."""
        # One after another: what was read first must not be taken for the newer.
        async with self._reading:
            rows = await self._journal.read(partial(unexpired, now=self._journal.clock()))
            if rows != self._rows:
                await asyncio.to_thread(self._kept.write, rows)
            before, self._rows = self._good, rows
            self._good = {row.serial: row for row in rows if not row.revoked_at}
        gone = before.keys() - self._good.keys()
        closed = self._close_streams()
        if gone or closed:
            _log.info("certificates_revoked", serials=sorted(gone), streams=closed)

    async def run(self) -> None:
        """Keep the list fresh, until cancelled."""
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            try:
                await self.refresh()
            except (DomainError, OSError) as error:
                # The list of before goes on to hold; a database or a disk that stays away turns health red.
                _log.warning("revocations_not_read", error=type(error).__name__)
                self._close_streams()

    def _close_streams(self) -> int:
        """Close the streams of nodes whose certificates are good no more, and return their number."""
        now = self._journal.clock()

        def is_out(caller: AnyCaller) -> bool:
            return isinstance(caller, PeerCertificate) and (
                now > caller.not_after_ms or self.is_revoked(caller)
            )

        return self._streams.close_where(is_out, NotAllowed(Reason.CERTIFICATE_INVALID))
