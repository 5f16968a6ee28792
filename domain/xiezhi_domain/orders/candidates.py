"""Cases for 交叉执行, proposed from what the hub knows: courts, case numbers, keyed hashes, headers. Nobody is named.

The handler of a case does not report himself (law-and-practice.md §5.2), so the data have to. People decide.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.ladder.facts import item_sums
from xiezhi_domain.rulebook.document import read_document
from xiezhi_domain.rulebook.ladders import citation_of
from xiezhi_domain.rulebook.move import Citation
from xiezhi_domain.rulebook.table import Table
from xiezhi_domain.terms import EventKind

DAY_MS: Final = 86_400_000
_PROGRESS: Final = frozenset(
    {
        EventKind.PROGRESS_REPORTED,
        EventKind.COMPLETED,
        EventKind.SENDER_TRANSFERRED,
        EventKind.MERGED,
        EventKind.DISPOSAL_REPORTED,
    }
)
"""What shows that something is done about property after a 督办."""


@dataclass(frozen=True, slots=True)
class Selector:
    """One threshold: `at_least` so many, `in_courts` so many different ones, longer than `days`."""

    name: str
    title: str
    at_least: int
    in_courts: int
    days: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case of a court, by its number."""

    court: str
    number: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What the history of one matter says of property under control. Times in ms, 0 where it did not happen."""

    controlled_at: int = 0
    urged_at: int = 0
    progress_at: int = 0


def same_debtors(marked: Iterable[tuple[bytes, OpenCase]], selector: Selector) -> list[tuple[OpenCase, ...]]:
    """Return groups of open cases against one debtor that are many enough, each in order, the largest first.

    *marked*: the keyed hash of an identity of a debtor, and a case against whom has it. A debtor has several hashes
    (code, name): a group within another is left out.
    """
    groups: dict[bytes, set[OpenCase]] = defaultdict(set)
    for mark, case in marked:
        groups[mark].add(case)
    found = {frozenset(cases) for cases in groups.values() if _is_enough(cases, selector)}
    largest = [cases for cases in found if not any(cases < other for other in found)]
    ordered = [tuple(sorted(cases, key=lambda case: (case.court, case.number))) for cases in largest]
    return sorted(ordered, key=lambda cases: (-len(cases), cases[0].court, cases[0].number))


def _is_enough(cases: set[OpenCase], selector: Selector) -> bool:
    return len(cases) >= selector.at_least and len({case.court for case in cases}) >= selector.in_courts


def standing_of(history: Iterable[tuple[str, int, JsonObject]]) -> Standing:
    """Return what a matter's events (kind, time in ms, facts) say, in their order."""
    controlled = urged = progress = 0
    for kind, at, facts in history:
        if any(item_sums(facts, "controlled").values()):
            controlled = controlled or at
        if kind == EventKind.SUPERVISED:
            urged = at
        elif kind == EventKind.SUPERVISION_ENDED:
            # The superior was content.
            urged = 0
        elif kind in _PROGRESS:
            progress = at
    return Standing(controlled, urged, progress)


def is_idle(standing: Standing, now: int, idle: Selector, quiet: Selector) -> bool:
    """Return whether at *now* (ms) property has lain longer than *idle*, and *quiet* after a 督办 without progress."""
    if not standing.controlled_at or not standing.urged_at or standing.progress_at > standing.urged_at:
        return False
    lies = now - standing.controlled_at > idle.days * DAY_MS
    return lies and now - standing.urged_at > quiet.days * DAY_MS


def busiest_court(cases: Iterable[OpenCase]) -> str:
    """Return the court that has the most of *cases*, the first by code among equals: for the parties' convenience."""
    counts: dict[str, int] = defaultdict(int)
    for case in cases:
        counts[case.court] += 1
    return min(counts, key=lambda court: (-counts[court], court))


def read_selectors(text: str) -> Mapping[str, Selector]:
    """Return the thresholds in *text*, TOML.

    :raises FormatError: names what does not belong, and where.
    """
    table = read_document("candidates.toml", text)
    selectors = {name: _selector(name, each) for name, each in table.required_tables("selector").items()}
    table.finish()
    return selectors


def _selector(name: str, table: Table) -> Selector:
    selector = Selector(
        name=name,
        title=table.get("title", str),
        at_least=table.get("at_least", int),
        in_courts=table.get("in_courts", int),
        days=table.get("days", int),
        citation=citation_of(table),
    )
    table.finish()
    return selector


@cache
def shipped_selectors() -> Mapping[str, Selector]:
    """Return the thresholds that ship with the platform."""
    data = resources.files("xiezhi_domain.orders").joinpath("data/candidates.toml")
    return read_selectors(data.read_text(encoding="utf-8"))
