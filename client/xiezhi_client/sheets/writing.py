"""Files for office programs; no cell of them is taken for a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from xiezhi_client.sdk import InvalidInput
from xiezhi_domain.spreadsheet_text import safe_cell


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table as the file's ending says, CSV (UTF-8 with a mark, for Excel) or XLSX (text cells).

    Raise `InvalidInput` for another ending, `OSError`.
    """
    writers = {".csv": _write_csv, ".xlsx": write_xlsx}
    if path.suffix.lower() not in writers:
        raise InvalidInput.in_field("export", "文件名应以 .csv 或 .xlsx 结尾")
    writers[path.suffix.lower()](path, header, rows)


def write_xlsx(target: Path | IO[bytes], header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table as XLSX, all cells text. Raise `OSError`."""
    from openpyxl import Workbook  # noqa: PLC0415  slow to load, and few commands need it
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415  likewise

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in _guarded(header, rows):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, text)
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    book.save(target)


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(_guarded(header, rows))


def _guarded(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    for row in (header, *rows):
        yield [safe_cell(text) for text in row]
