"""Beginning a new log after one that could not be recovered (ADR 0002): under a new origin that names the old one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Table, make_url, select

from xiezhi_domain.errors import DomainError
from xiezhi_domain.evidence.canonical import format_base64
from xiezhi_hub.config import HubSettings
from xiezhi_hub.initialise import initialise
from xiezhi_hub.log_head import SignedHead, read_head
from xiezhi_hub.opening import open_journal, read_pins
from xiezhi_hub.paths import HubPaths
from xiezhi_hub.recovery.compare import OwnLog
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.engine import is_sqlite
from xiezhi_journal.headfile import HeadFile
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.tables import (
    account,
    account_event,
    api_token,
    certificate,
    federated_identity,
    recovery_code,
    second_factor,
)
from xiezhi_journal.translog import LogSigner
from xiezhi_wire.startup import StartupError

KEPT: Final = (
    account,
    federated_identity,
    second_factor,
    recovery_code,
    account_event,
    api_token,
    certificate,
)
"""What goes on to hold under the new log: people with their identities, second factors and journal, programs, and which
certificates are revoked."""


def reopen(settings: HubSettings) -> dict[str, str]:
    """Put the old log aside, begin a new one, and return what the new one says of it: origin, size, root.

    The hub must be stopped. The configured origin must be the new one. The courts join again.

    :raises StartupError: the origin is the old one, or the database is not SQLite.
    """
    paths = HubPaths.of(settings)
    if not is_sqlite(settings.database_url):
        raise StartupError(
            "重新开启日志目前要求 SQLite：请先将数据导出，或改用新的空数据库并运行 xiezhi-hub init"
        )
    old = _read_old(settings, paths)
    if old.origin == settings.origin:
        raise StartupError(
            f"请先将配置项 origin 改为新的名称，例如 {old.origin}@{old.head.size}，再运行 xiezhi-hub reopen"
        )
    _put_aside(settings, paths, old.head.size)
    previous = {
        "origin": old.origin,
        "size": str(old.head.size),
        "root": format_base64(old.head.root),
    }
    initialise(settings, previous)
    journal = Journal(settings.database_url)
    try:
        journal.writer.run_now(_Keep(old.rows))
    finally:
        journal.close()
    return previous


@dataclass(frozen=True, slots=True)
class _Old:
    origin: str
    head: SignedHead
    rows: Sequence[tuple[Table, Sequence[tuple[Any, ...]]]]


@dataclass(frozen=True, slots=True)
class _Keep:
    """Work for the writer: rows of the old database."""

    rows: Sequence[tuple[Table, Sequence[tuple[Any, ...]]]]

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing."""

    def run(self, ledger: Ledger) -> None:
        """Insert them."""
        for table, rows in self.rows:
            insert_rows(ledger.connection, table, rows)


def _read_old(settings: HubSettings, paths: HubPaths) -> _Old:
    journal = open_journal(settings, paths, settings.origin)
    try:
        pins = journal.read_now(read_pins)
        if not pins:
            raise StartupError("枢纽尚未初始化，请运行 xiezhi-hub init")
        origin = pins["origin"]
        rows = [(table, journal.read_now(partial(_rows, table=table))) for table in KEPT]
        head = _last_head(journal.read_now(read_head), paths, LogSigner(origin, journal.signer.key))
        return _Old(origin, head, rows)
    finally:
        journal.close()


def _rows(connection: Connection, table: Table) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(select(table))]


def _last_head(in_database: SignedHead, paths: HubPaths, signer: LogSigner) -> SignedHead:
    """Return the last head that the old log is known to have signed: the database's or the head file's."""
    try:
        record = HeadFile(paths.head_file).read()
        if record is None or record.size <= in_database.size:
            return in_database
        OwnLog(signer).open(record.note)
    except DomainError:
        return in_database
    return SignedHead(record.size, record.root, record.note)


def _put_aside(settings: HubSettings, paths: HubPaths, size: int) -> None:
    """Rename database and head file, so that nothing of the old log is lost or taken for the new one's."""
    database = Path(make_url(settings.database_url).database or "")
    for path in (database, *(Path(f"{database}{end}") for end in ("-wal", "-shm")), paths.head_file):
        if path.exists():
            aside = path.with_name(f"{path.name}.log-of-{size}")
            if aside.exists():
                raise StartupError(f"{aside} 已存在，请先移走")
            path.rename(aside)
