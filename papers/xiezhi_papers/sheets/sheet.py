"""What a sheet says, whichever file it becomes."""

import unicodedata
from dataclasses import dataclass
from typing import Final

_NOT_SHOWN: Final = frozenset({"Cc", "Cs"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading and its width in characters of Latin type."""

    heading: str
    width: int


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together, under a heading of their own if it is not empty."""

    heading: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A title, lines under it, a table in groups, and lines at the foot, such as those for signatures."""

    title: str
    lines: tuple[str, ...]
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    foot: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """A sheet to be set: with the court's own font directory (empty: none) and when it is made (s since 1970)."""

    sheet: Sheet
    font_directory: str
    timestamp: int


def printable(text: str) -> str:
    """Give *text* without control characters and halves of pairs, which neither XML nor a font can show."""
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in _NOT_SHOWN)
