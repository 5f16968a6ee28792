"""Numbers of what the superior issues, after the highest that the log knows (practice.md §18 ④).

A restored hub gives none twice; kinds with one number word share a series.
"""

from typing import Final

from sqlalchemy import select

from xiezhi_domain.court_time import to_date
from xiezhi_domain.matternumber import MatterNumber
from xiezhi_domain.rulebook import KindRules
from xiezhi_journal import tables
from xiezhi_journal.ledger import Ledger

_CACHE: Final = "superior_numbers"


def next_number(ledger: Ledger, court: str, rules: KindRules) -> str:
    """Return the next number of the series of *court* in this year."""
    year = to_date(ledger.now).year
    given: dict[tuple[str, int], int] = ledger.cache.extras.setdefault(_CACHE, {})
    series = (rules.number_word, year)
    if series not in given:
        given[series] = _highest(ledger, court, year, rules.number_word)
    given[series] += 1
    return str(MatterNumber(court, year, given[series], rules.number_word))


def _highest(ledger: Ledger, court: str, year: int, word: str) -> int:
    table = tables.instruction
    query = select(table.c.number).where(
        table.c.number.startswith(f"{court}{word}〔{year}〕", autoescape=True),
    )
    numbers = map(MatterNumber.written, ledger.connection.scalars(query))
    return max((number.number for number in numbers if number is not None), default=0)
