"""Spreadsheets as the people of a court fill them in: a template of the platform, and rows below its head."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import load_workbook


def fill(sheet: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write rows, each by the titles of its columns, into an XLSX template."""
    book = load_workbook(sheet)
    page: Any = book.active
    columns = {cell.value: cell.column for cell in page[1]}
    for number, row in enumerate(rows, 2):
        for title, text in row.items():
            page.cell(number, columns[title]).value = text
    book.save(sheet)


def words(sheet: Path) -> str:
    """Return everything that stands in an XLSX sheet."""
    page: Any = load_workbook(sheet).active
    return "\n".join(str(cell.value) for row in page for cell in row if cell.value is not None)
