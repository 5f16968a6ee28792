"""The certificates of nodes in a file: what a database from a backup does not remember of them (protocol §8)."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from xiezhi_domain.errors import FormatError
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.durable_files import replace_file
from xiezhi_journal.tables import certificate as table


class Listed(NamedTuple):
    """A certificate that was handed out, as it stands in its table; `revoked_at` is 0 while it is good."""

    serial: str
    court: str
    not_after: int
    revoked_at: int
    sha256: str
    authority: str


def unexpired(connection: Connection, now: int) -> tuple[Listed, ...]:
    """Return the certificates that have not run out at *now* (ms), revoked ones too."""
    query = select(*(table.c[name] for name in Listed._fields))
    rows = connection.execute(query.where(table.c.not_after >= now).order_by(table.c.serial))
    return tuple(Listed(*row) for row in rows)


class CertificateList:
    """The file at *path*. It is written before a certificate is handed out, and lies in no backup."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, certificates: Iterable[Listed]) -> None:
        """Put *certificates* in the place of what the file holds. When it returns, they are on disk.

        :raises OSError: it could not be written; what was there is there.
        """
        lines = [f"{json.dumps(each, ensure_ascii=False)}\n" for each in certificates]
        replace_file(self._path, "".join(lines).encode())

    def read(self) -> list[Listed]:
        """Return the certificates in the file; none where there is no file.

        :raises FormatError: it is damaged.
        """
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        try:
            return [Listed(*json.loads(line)) for line in lines]
        except (ValueError, TypeError) as error:
            raise FormatError(
                f"证书清单 {self._path} 已损坏，请从另一份副本恢复，或删除后重新启动"
            ) from error

    def restore(self, connection: Connection) -> int:
        """Put into a database what it does not remember: certificates, and that they are revoked; return how many.

        :raises FormatError: the file is damaged.
        """
        rows = connection.execute(select(table.c.serial, table.c.revoked_at))
        revoked = {row.serial: row.revoked_at for row in rows}
        kept = self.read()
        lost = [each for each in kept if each.serial not in revoked]
        ended = [each for each in kept if each.revoked_at and revoked.get(each.serial) == 0]
        insert_rows(connection, table, lost)
        for each in ended:
            this = table.c.serial == each.serial
            connection.execute(update(table).where(this).values(revoked_at=each.revoked_at))
        return len(lost) + len(ended)
