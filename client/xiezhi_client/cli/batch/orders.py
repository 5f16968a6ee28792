"""A row of the spreadsheet as an order, checked as far as this machine can."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

import typer

from xiezhi_client.cli.arguments import Paper
from xiezhi_client.cli.batch.columns import COLUMNS
from xiezhi_client.cli.drafting import items
from xiezhi_client.cli.sheets.reading import Problem, Row
from xiezhi_client.sdk import FindOrder
from xiezhi_domain.casenumber import CaseNumber
from xiezhi_domain.courts import parse_court_code
from xiezhi_domain.errors import DomainError

_LIST: Final = re.compile(r"[、，,;；\s]+")
_PAPERS: Final = re.compile(r"[;；\n]+")
_TITLES: Final = {column.key: column.title for column in COLUMNS}

_NO_NUMBERS: Final[tuple[int, ...]] = ()
_NO_PAPERS: Final[tuple[Paper, ...]] = ()

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class RowOrder:
    """The order of a row and the papers that go with it."""

    number: int
    order: FindOrder
    papers: tuple[Paper, ...]


@dataclass(slots=True)
class _Reader:
    """Reads the cells of one row and remembers what is wrong."""

    row: Row
    problems: list[Problem] = field(default_factory=list)

    def read(self, key: str, convert: Callable[[str], Value], default: Value) -> Value:
        text = self.row.cells.get(key, "")
        if not text:
            return default
        try:
            return convert(text)
        except DomainError as error:
            self._wrong(key, error.message)
        except typer.BadParameter as error:
            self._wrong(key, error.message)
        except ValueError:
            self._wrong(key, "应为数字")
        return default

    def require(self) -> None:
        refused = {problem.column for problem in self.row.problems}
        for column in COLUMNS:
            if column.required and not self.row.cells.get(column.key) and column.title not in refused:
                self._wrong(column.key, "必填")

    def _wrong(self, key: str, message: str) -> None:
        self.problems.append(Problem(self.row.number, _TITLES[key], message))


def read_order(row: Row, folder: Path) -> RowOrder | list[Problem]:
    """Give the order of a row, papers looked for in `folder`, or all that is wrong with it."""
    reader = _Reader(row, list(row.problems))
    reader.require()
    subjects = reader.read("subjects", _numbers, _NO_NUMBERS)
    scope, clue = row.cells.get("scope", ""), row.cells.get("clue", "")
    urgent = row.cells.get("urgent", "")
    order = FindOrder(
        case_number=reader.read("case_number", lambda text: str(CaseNumber.parse(text)), ""),
        receiver=reader.read("receiver", parse_court_code, ""),
        subject_numbers=subjects,
        items=reader.read("acts", lambda text: items(_split(text), subjects, scope, clue), ()),
        request_text=row.cells.get("request", ""),
        limit_days=reader.read("days", int, 0),
        urgency="URGENT" if urgent else "",
        urgency_reason=urgent,
        why_not_query=row.cells.get("why_not_query", ""),
    )
    papers = reader.read("papers", lambda text: _papers(text, folder), _NO_PAPERS)
    return reader.problems or RowOrder(row.number, order, papers)


def _split(text: str) -> list[str]:
    return [each for each in _LIST.split(text) if each]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in _split(text))


def _papers(text: str, folder: Path) -> tuple[Paper, ...]:
    return tuple(Paper.parse(each, folder) for each in _PAPERS.split(text) if each.strip())
