"""What a column of a spreadsheet is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_INDEX: Final = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key in code, the title in the sheet, the field of the request that the node would name.

    A column of days also takes cells that the office program keeps as dates.
    """

    key: str
    title: str
    field: str
    required: bool = False
    hint: str = ""
    is_day: bool = False


def title_of_field(columns: Sequence[Column], field: str) -> str:
    """Give the column that fills a field of the request, as an error of the node names it; else the field."""
    path = _INDEX.sub("", field)
    titles = {column.field: column.title for column in columns}
    return titles.get(path) or titles.get(path.partition(".")[0], field)
