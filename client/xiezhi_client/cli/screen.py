"""What a command shows: Chinese tables for people, JSON with the contract's names for programs."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from xiezhi_client.sdk.record import Record
from xiezhi_domain.court_time import SHANGHAI

# Wide enough for the widest table where output goes to a file or another program.
_PIPE_COLUMNS: Final = 200


class Screen:
    """Standard output in one of the two forms."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._console = Console(
            markup=False, highlight=False, width=None if sys.stdout.isatty() else _PIPE_COLUMNS
        )

    def say(self, text: str) -> None:
        """Print a sentence for people; programs do not get it."""
        if not self.as_json:
            self._console.print(printable(text))

    def data(self, value: Any) -> None:
        """Print a record, or a list or mapping of them, for programs; people do not get it."""
        if self.as_json:
            sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")

    def line(self, value: Any) -> None:
        """Print one record as one line of JSON, at once, for programs that read along."""
        if self.as_json:
            sys.stdout.write(json.dumps(plain(value), ensure_ascii=False) + "\n")
            sys.stdout.flush()

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Print a table for people; cells may be text, numbers, times or None."""
        if self.as_json:
            return
        table = Table(title=title or None, title_justify="left")
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(printable(cell(value)) for value in row))
        self._console.print(table)

    def pairs(self, title: str, values: Mapping[str, Any]) -> None:
        """Print names with values for people, those that are filled."""
        if self.as_json:
            return
        table = Table(title=title or None, title_justify="left", show_header=False)
        for name, value in values.items():
            if value not in (None, "", ()):
                table.add_row(name, printable(cell(value)))
        self._console.print(table)


def plain(value: Any) -> Any:
    """Give what `json.dumps` takes."""
    if isinstance(value, Record):
        return value.to_plain()
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def cell(value: Any) -> str:
    """Give a value as people read it; times are court time to the minute."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def printable(text: str) -> str:
    """Give text from elsewhere without what could steer a terminal."""
    return "".join(char if char.isprintable() or char in "\n\t" else "�" for char in text)
