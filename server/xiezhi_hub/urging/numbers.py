"""Numbers of 督办: after the highest that the log knows; a restored hub gives none twice (practice.md §18 ④)."""

from typing import Final

from sqlalchemy import select

from xiezhi_domain.court_time import to_date
from xiezhi_domain.matternumber import MatterNumber
from xiezhi_domain.rulebook import KindRules
from xiezhi_journal import tables
from xiezhi_journal.ledger import Ledger

_CACHE: Final = "urge_numbers"


def next_number(ledger: Ledger, court: str, rules: KindRules) -> str:
    """Return the next number of the series of *court* in this year."""
    year = to_date(ledger.now).year
    given: dict[int, int] = ledger.cache.extras.setdefault(_CACHE, {})
    if year not in given:
        given[year] = _highest(ledger, court, year, rules)
    given[year] += 1
    return str(MatterNumber(court, year, given[year], rules.number_word))


def _highest(ledger: Ledger, court: str, year: int, rules: KindRules) -> int:
    table = tables.instruction
    query = select(table.c.number).where(
        table.c.kind == rules.kind,
        table.c.number.startswith(f"{court}{rules.number_word}〔{year}〕", autoescape=True),
    )
    numbers = map(MatterNumber.written, ledger.connection.scalars(query))
    return max((number.number for number in numbers if number is not None), default=0)
