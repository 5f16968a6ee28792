"""Numbers of matters: given here, offline, and never twice (practice.md §18 ④)."""

from collections.abc import Mapping

from sqlalchemy import select

from xiezhi_domain.court_time import to_date
from xiezhi_domain.matternumber import TRIAL, MatterNumber
from xiezhi_domain.rulebook import KindRules
from xiezhi_journal import tables
from xiezhi_journal.bulk import upsert_rows
from xiezhi_journal.ledger import Ledger
from xiezhi_node.seat import Seat

_SERIALS = "serials"
_TRIAL = "trial"


def next_number(ledger: Ledger, seat: Seat, rules: KindRules) -> str:
    """Return the next number of the court's series of this year; numbers are never used again (practice.md §18 ④).

    :raises Unavailable: RECOVERING; the node has not heard yet which numbers it gave before it was restored.
    """
    seat.catching_up.check()
    year = to_date(ledger.now).year
    word = TRIAL if _trial_runs(ledger) else rules.number_word
    number = _last(ledger, word, year) + 1
    _note(ledger, word, year, number)
    return str(MatterNumber(seat.court, year, number, word))


def number_was_given(ledger: Ledger, text: str) -> None:
    """Note a number of this court that comes back on the feed: a restored node does not know that it gave it."""
    given = MatterNumber.parse(text)
    if given.number > _last(ledger, given.series, given.year):
        _note(ledger, given.series, given.year, given.number)


def trial_changed(ledger: Ledger) -> None:
    """Ask anew, for the next number, whether the court tries the platform out."""
    ledger.cache.extras.pop(_TRIAL, None)


def _trial_runs(ledger: Ledger) -> bool:
    runs: bool | None = ledger.cache.extras.get(_TRIAL)
    if runs is None:
        table = tables.trial_run
        query = select(table.c.id).where(table.c.cleared_at == 0)
        runs = ledger.cache.extras[_TRIAL] = ledger.connection.scalar(query) is not None
    return runs


def _last(ledger: Ledger, word: str, year: int) -> int:
    serials: dict[str, int] = ledger.cache.extras.setdefault(_SERIALS, {})
    series = f"{word}{year}"
    if series not in serials:
        table = tables.serial
        last = ledger.connection.scalar(select(table.c.last).where(table.c.series == series))
        serials[series] = last or 0
    return serials[series]


def _note(ledger: Ledger, word: str, year: int, number: int) -> None:
    serials: dict[str, int] = ledger.cache.extras[_SERIALS]
    serials[f"{word}{year}"] = number
    ledger.before_flush(_StoreSerials(serials))


class _StoreSerials:
    """Writes the series once per transaction. A number given to an item that then failed stays unused."""

    def __init__(self, serials: Mapping[str, int]) -> None:
        self._serials = serials

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _StoreSerials)

    def __hash__(self) -> int:
        return hash(_StoreSerials)

    def __call__(self, ledger: Ledger) -> None:
        upsert_rows(ledger.connection, tables.serial, list(self._serials.items()))
