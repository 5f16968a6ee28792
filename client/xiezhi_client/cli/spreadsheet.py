"""Files for office programs, which run what looks like a formula.

A cell that begins with one of the characters that start one (OWASP, CSV injection) gets an apostrophe before it:
names and notes come from parties and other courts.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from xiezhi_client.sdk import InvalidInput

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def safe_cell(text: str) -> str:
    """Give the text so that no office program takes it for a formula."""
    return (
        f"'{text}"
        if text.startswith(_STARTS_A_FORMULA) or text.lstrip().startswith(_STARTS_A_FORMULA)
        else text
    )


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table as the file's ending says, CSV (UTF-8 with a mark, for Excel) or XLSX (text cells).

    Raise `InvalidInput` for another ending, `OSError`.
    """
    guarded = [[safe_cell(text) for text in row] for row in (header, *rows)]
    writers = {".csv": _write_csv, ".xlsx": _write_xlsx}
    if path.suffix.lower() not in writers:
        raise InvalidInput.in_field("export", "文件名应以 .csv 或 .xlsx 结尾")
    writers[path.suffix.lower()](path, guarded)


def _write_csv(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


def _write_xlsx(path: Path, rows: list[list[str]]) -> None:
    from openpyxl import Workbook  # noqa: PLC0415  slow to load, and few commands need it
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415  likewise

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, text)
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    book.save(path)
