"""Small pieces of work for the writer, and what a database holds after them."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from xiezhi_domain.errors import Conflict, Reason
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.keys import SigningKey


@dataclass(frozen=True)
class Put:
    """Adds a row of `serial`; a row that the table does not take fails when everything is written."""

    series: str | None
    last: int = 1

    def prepare(self, ledger) -> None:
        pass

    def run(self, ledger) -> str | None:
        ledger.add_row(tables.serial.name, (self.series, self.last))
        return self.series


@dataclass(frozen=True)
class Raise:
    """Does some other work, then fails."""

    error: Exception
    work: Any = None

    def prepare(self, ledger) -> None:
        if self.work is not None:
            self.work.prepare(ledger)

    def run(self, ledger) -> None:
        if self.work is not None:
            self.work.run(ledger)
        raise self.error


@dataclass(frozen=True)
class InAttempt:
    """Does some other work in an attempt of its own and gets over its failure."""

    work: Any

    def prepare(self, ledger) -> None:
        self.work.prepare(ledger)

    def run(self, ledger) -> None:
        with suppress(Conflict), ledger.attempt():
            self.work.run(ledger)


@dataclass(frozen=True)
class Signed:
    """Adds a row of `serial` that commits only if the key signs."""

    key: SigningKey
    series: str

    def prepare(self, ledger) -> None:
        pass

    def run(self, ledger) -> str:
        ledger.add_row(tables.serial.name, (self.series, 1))
        ledger.before_flush(lambda _ledger: self.key.sign(self.series.encode()))
        return self.series


def refused() -> Conflict:
    return Conflict(Reason.STALE_BASE)


def everything_in(journal: Journal) -> dict[str, list]:
    """All rows of all tables but the number of commits."""
    with journal._reading.connect() as connection:
        found = {
            table.name: connection.execute(select(table).order_by(*table.primary_key)).all()
            for table in tables.metadata.sorted_tables
        }
    found[tables.head.name] = [tuple(row)[:-1] for row in found[tables.head.name]]
    return found
