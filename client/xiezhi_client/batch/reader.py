"""Reading the cells of one row: what is wrong is remembered cell by cell."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from xiezhi_client.sheets.columns import Column
from xiezhi_client.sheets.reading import Problem, Row
from xiezhi_client.typed.papers import FindFile, Paper
from xiezhi_client.typed.unreadable import UnreadableError
from xiezhi_domain.errors import DomainError

_LIST: Final = re.compile(r"[、，,;；\s]+")
_PAPERS: Final = re.compile(r"[;；\n]+")

Value = TypeVar("Value")


@dataclass(slots=True)
class RowReader:
    """Reads the cells of one row and remembers what is wrong."""

    row: Row
    columns: Sequence[Column]
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with what is wrong with the cells themselves."""
        self.problems.extend(self.row.problems)

    def text(self, key: str) -> str:
        """Give the text of a cell."""
        return self.row.cells.get(key, "")

    def read(self, key: str, convert: Callable[[str], Value], default: Value) -> Value:
        """Give what a cell says, `default` where it is empty or wrong."""
        text = self.text(key)
        if not text:
            return default
        try:
            return convert(text)
        except DomainError as error:
            self.wrong(key, error.message)
        except UnreadableError as error:
            self.wrong(key, error.message)
        except ValueError:
            self.wrong(key, "应为数字")
        return default

    def require(self) -> None:
        """Note the required cells that are empty."""
        refused = {problem.column for problem in self.row.problems}
        for column in self.columns:
            if column.required and not self.text(column.key) and column.title not in refused:
                self.wrong(column.key, "必填")

    def wrong(self, key: str, message: str) -> None:
        """Note that a cell is wrong."""
        title = next(column.title for column in self.columns if column.key == key)
        self.problems.append(Problem(self.row.number, title, message))


def split(text: str) -> list[str]:
    """Give the entries of a cell that holds several."""
    return [each for each in _LIST.split(text) if each]


def numbers(text: str) -> tuple[int, ...]:
    """Give the numbers of a cell. Raise `ValueError`."""
    return tuple(int(each) for each in split(text))


def papers(text: str, find: FindFile) -> tuple[Paper, ...]:
    """Give the papers of a cell, ``类型=文件`` with semicolons between, found by *find*. Raise `UnreadableError`."""
    return tuple(Paper.parse(each, find) for each in _PAPERS.split(text) if each.strip())
