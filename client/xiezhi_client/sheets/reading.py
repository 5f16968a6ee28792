"""Reading a spreadsheet that somebody sent: no formula is taken, no number loses its zeros, nothing is endless."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from xiezhi_client.sdk import InvalidInput
from xiezhi_client.sheets.columns import Column

MAX_FILE_BYTES: Final = 10 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 100 * 1024 * 1024
MAX_ROWS: Final = 5_000
MAX_CELL: Final = 4_000
_SMALL_NUMBER: Final = 1_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell: the row as the office program numbers it, the column's title."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the sheet, its cells by column key, and what is wrong with them."""

    number: int
    cells: dict[str, str]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's rows, empty ones left out, and the SHA-256 (hex) that names its content."""

    sha256: str
    rows: tuple[Row, ...]


def read_sheet(path: Path, columns: Sequence[Column]) -> Sheet:
    """Read a CSV (UTF-8 or GB 18030) or XLSX file with these columns; others are left out.

    Raise `InvalidInput` where it is too large, not such a file, or lacks a required column; `OSError`.
    """
    _check_size(path.stat().st_size)
    return parse_sheet(path.read_bytes(), path.name, columns)


def parse_sheet(
    data: bytes, name: str, columns: Sequence[Column], most_unpacked: int = MAX_UNPACKED_BYTES
) -> Sheet:
    """Read the content of a file called *name*, as `read_sheet` does; an XLSX of at most so many bytes unpacked.

    Raise `InvalidInput`.
    """
    _check_size(len(data))
    is_xlsx = name.lower().endswith(".xlsx")
    lines = _xlsx_lines(data, len(columns) + 10, most_unpacked) if is_xlsx else _csv_lines(data)
    return Sheet(hashlib.sha256(data).hexdigest(), tuple(_rows(lines, columns)))


def _check_size(size: int) -> None:
    if size > MAX_FILE_BYTES:
        raise _refused(f"文件不能超过 {MAX_FILE_BYTES // 1024 // 1024} MB，请分成几个文件")


def _rows(lines: Iterator[list[Any]], columns: Sequence[Column]) -> Iterator[Row]:
    known = _known(next(lines, []), columns)
    for number, values in enumerate(lines, 2):
        if number > MAX_ROWS + 1:
            raise _refused(f"不能超过 {MAX_ROWS} 行，请分成几个文件")
        row = _row(number, known, values)
        if row.problems or any(row.cells.values()):
            yield row


def _known(header: list[Any], columns: Sequence[Column]) -> list[Column | None]:
    """The column under each title; None for one that is nobody's."""
    known = {column.title: column for column in columns}
    titles = [str(title or "").strip() for title in header]
    missing = [column.title for column in columns if column.required and column.title not in titles]
    if missing:
        raise _refused(f"缺少列：{'、'.join(missing)}。请使用模板")
    return [known.get(title) for title in titles]


def _row(number: int, known: list[Column | None], values: list[Any]) -> Row:
    cells = {}
    problems = []
    for column, value in zip(known, values, strict=False):
        if column is None:
            continue
        text, problem = _text(_day(value) if column.is_day else value)
        cells[column.key] = text
        if problem:
            problems.append(Problem(number, column.title, problem))
    return Row(number, cells, tuple(problems))


def _day(value: Any) -> Any:
    """A date of the office program as text; anything else as it is."""
    return value.date().isoformat() if isinstance(value, datetime) else value


def _text(value: Any) -> tuple[str, str]:
    """The text of a cell, and what is wrong with it."""
    if value is None:
        return "", ""
    if not isinstance(value, str):
        return "", "应为文本，请把单元格格式设为“文本”后重新填写"
    text = value.strip()
    if text.startswith("="):
        return "", "不能是公式"
    if len(text) > MAX_CELL:
        return "", f"不能超过 {MAX_CELL} 字"
    # The apostrophe that keeps office programs from seeing a formula is theirs, not part of the text.
    return text.removeprefix("'"), ""


def _csv_lines(data: bytes) -> Iterator[list[Any]]:
    try:
        yield from csv.reader(io.StringIO(_decoded(data), newline=""), strict=True)
    except csv.Error as error:
        raise _refused("文件不是 CSV 格式，请另存为 CSV（逗号分隔）") from error


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused("文件编码无法识别，请另存为 UTF-8 的 CSV 或 XLSX")


def _xlsx_lines(data: bytes, most_columns: int, most_unpacked: int) -> Iterator[list[Any]]:
    try:
        _check_unpacked(data, most_unpacked)
        yield from _first_sheet(data, most_columns)
    except InvalidInput:
        raise
    except Exception as error:  # Of its archive, its XML, and what openpyxl misses in them.
        raise _refused("文件不是 XLSX 格式，请用模板另存") from error


def _check_unpacked(data: bytes, most: int) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(each.file_size for each in archive.infolist())
    if unpacked > most:
        raise _refused("文件解压后过大，请分成几个文件")


def _first_sheet(data: bytes, most_columns: int) -> Iterator[list[Any]]:
    from openpyxl import load_workbook  # noqa: PLC0415  slow to load, and few commands need it

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    try:
        sheet = book.worksheets[0]
        # What the file says of its own size is not believed.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_col=most_columns):
            yield [_whole(cell) for cell in row]
    finally:
        book.close()


def _whole(cell: Any) -> Any:
    """A cell's value; a small whole number, which has no zeros to lose, as its digits."""
    value = cell.value
    is_plain = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _SMALL_NUMBER
    return str(value) if is_plain else value


def _refused(message: str) -> InvalidInput:
    return InvalidInput.in_field("file", message)
