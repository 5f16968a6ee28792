"""On which legal grounds one court may ask another to hand over the right to dispose of a property (处置权移交).

Each ground has tests of its own, all of which must hold (law-and-practice.md §3); what they ask is data: days that are
known, how long ago they must be, the place of the asking court among the seizures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from xiezhi_domain.rulebook.ladders import citation_of
from xiezhi_domain.rulebook.move import Citation
from xiezhi_domain.rulebook.table import Table
from xiezhi_domain.terms import SeizurePurpose

FIRST_SEIZED = "FIRST_SEIZED"
"""The day of the first seizure that stands; read from the register, never stated."""


class Span(StrEnum):
    """What a test counts."""

    DAYS = "days"
    YEARS = "years"


class Place(StrEnum):
    """Where the asking court has to stand among the seizures of the property."""

    WAITING = "waiting"
    """Behind the first seizure."""
    NEXT = "next"
    """Next behind the first seizure."""


class Designable(StrEnum):
    """Whom the superior may designate to dispose of the property, in a dispute."""

    ASKING = "ASKING"
    """The court that asked for the handover."""
    FIRST = "FIRST"
    """The court that seized first, within a limit."""
    OTHER = "OTHER"
    """Another court whose seizure stands."""


@dataclass(frozen=True, slots=True)
class GroundTest:
    """One test of a ground.

    `dates`: codes of days, of which the first that is known counts and one has to be; with `more_than` it has to lie
    longer ago than so many `span`. `place`: that of the asking court. `first`: what the first seizure was made for.
    """

    code: str
    title: str
    dates: tuple[str, ...]
    more_than: int
    span: Span
    place: Place | None
    first: SeizurePurpose | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class Ground:
    """A legal basis. `province`: the one whose courts alone may rely on it; empty for every court.

    `designates`: whom the superior may designate in a dispute, in words, and under which article.
    """

    code: str
    title: str
    province: str
    tests: tuple[GroundTest, ...]
    designates: Mapping[Designable, tuple[str, Citation]]
    citation: Citation

    def is_open_to(self, asking: str, asked: str) -> bool:
        """Return whether the ground holds between two courts, by their codes."""
        return asking.startswith(self.province) and asked.startswith(self.province)


def read_grounds(table: Table, dates: Mapping[str, str]) -> Mapping[str, Ground]:
    """Return the grounds of a kind by their codes; *dates* are the days that an order may state.

    :raises FormatError: names what does not belong, and where.
    """
    if "grounds" not in table:
        return {}
    return {code: _ground(code, each, dates) for code, each in table.table("grounds").all_tables().items()}


def _ground(code: str, table: Table, dates: Mapping[str, str]) -> Ground:
    tests = tuple(_test(name, each, dates) for name, each in table.tables("tests").items())
    ground = Ground(
        code,
        table.get("title", str),
        table.get_or("province", ""),
        tests,
        _designates(table),
        citation_of(table),
    )
    table.finish()
    if not tests:
        raise table.slip("应写明须符合的条件", "tests")
    return ground


def _designates(table: Table) -> Mapping[Designable, tuple[str, Citation]]:
    found = {}
    for name, each in table.tables("designates").items():
        found[table.one_of(Designable, name, "designates")] = each.get("title", str), citation_of(each)
        each.finish()
    return found


def _test(code: str, table: Table, dates: Mapping[str, str]) -> GroundTest:
    wanted = tuple(table.rows("dates", str))
    for name in wanted:
        if name not in dates and name != FIRST_SEIZED:
            raise table.slip(f"reasons.dates 中没有 {name}", "dates")
    test = GroundTest(
        code=code,
        title=table.get("title", str),
        dates=wanted,
        more_than=table.get_or("more_than", 0),
        span=table.choice(Span, "span", Span.DAYS),
        place=table.choice(Place, "place") if "place" in table else None,
        first=table.term_or_none(SeizurePurpose, "first"),
        citation=citation_of(table),
    )
    table.finish()
    return test
