"""What a bulletin says, whichever file it becomes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """A table under a title of its own; every row has as many texts as there are columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it stands for, its length in the chart's unit (not below 0), and how people read that."""

    label: str
    value: float
    shown: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars to be compared with each other, in a unit such as % or 天."""

    title: str
    unit: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class BulletinPaper:
    """A title, lines under it, tables, charts, and how the figures are counted.

    `font_directory` is the court's own (empty: none), `timestamp` when the paper is made (s since 1970).
    """

    title: str
    lines: tuple[str, ...]
    tables: tuple[Table, ...]
    charts: tuple[Chart, ...]
    notes: tuple[str, ...]
    font_directory: str = ""
    timestamp: int = 0
