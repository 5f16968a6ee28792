"""Reading the cells of a workbook: every cell that is wrong is named by sheet, row and column."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from xiezhi_adapters.columns import OPTIONAL_SHEETS, SHEETS, SheetLayout
from xiezhi_domain.casenumber import CaseNumber
from xiezhi_domain.errors import FieldViolation, InvalidInput

MAX_FILE_BYTES: Final = 50 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 500 * 1024 * 1024
MAX_ROWS: Final = 100_000
MAX_CELL: Final = 4_000
_LARGEST_FEN: Final = 10**15
_BLANK: Final = (None, "")


@dataclass(frozen=True, slots=True)
class Cells:
    """One row of a sheet, its values by column title; what is wrong with them is gathered in `problems`."""

    layout: SheetLayout
    row: int
    values: Mapping[str, Any]
    places: Mapping[str, int]
    problems: list[FieldViolation]

    def wrong(self, title: str, problem: str) -> None:
        """Note that a cell is wrong."""
        at = self.places.get(title)
        cell = f"{get_column_letter(at + 1)}{self.row}" if at is not None else f"第 {self.row} 行"
        self.problems.append(FieldViolation(f"工作表“{self.layout.title}”{cell}“{title}”", problem))

    def text(self, title: str, *, required: bool = False) -> str:
        """Return the text of a cell, empty where it is."""
        value = self.values.get(title)
        if value in _BLANK or not str(value).strip():
            if required:
                self.wrong(title, "必填")
            return ""
        if not isinstance(value, str):
            self.wrong(title, "应为文本，请把单元格格式设为“文本”后重新填写")
            return ""
        if value.startswith("="):
            self.wrong(title, "不能是公式，请改为文字")
            return ""
        if len(value) > MAX_CELL:
            self.wrong(title, f"不能超过 {MAX_CELL} 字")
            return ""
        return value.strip()

    def lines(self, title: str, separators: str = "、，,;；\n") -> list[str]:
        """Return the parts of a cell that holds several."""
        text = self.text(title)
        for separator in separators:
            text = text.replace(separator, "\n")
        return [part.strip() for part in text.split("\n") if part.strip()]

    def fen(self, title: str) -> int | None:
        """Return an amount of yuan in fen; None where the cell is empty or wrong."""
        value = self.values.get(title)
        if value in _BLANK:
            return None
        fen = _fen(str(value))
        if fen is None:
            self.wrong(title, "应为不小于 0 的金额，单位元，最多两位小数")
        return fen

    def day(self, title: str) -> date | None:
        """Return a day; None where the cell is empty or wrong."""
        value = self.values.get(title)
        if value in _BLANK:
            return None
        if isinstance(value, datetime):
            return value.date()
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError:
            self.wrong(title, "日期格式应为 2026-11-22")
            return None

    def case_number(self) -> str:
        """Return the case number in normal form; empty where it is wrong."""
        text = self.text("案号", required=True)
        try:
            return str(CaseNumber.parse(text)) if text else ""
        except InvalidInput as error:
            self.wrong("案号", error.message)
            return ""


Book = dict[str, list[Cells]]
"""The rows of each sheet by its title, empty rows left out."""


def read_book(path: Path) -> Book:
    """Return the rows of a workbook's sheets.

    :raises InvalidInput: it is too large, no such workbook, or lacks a sheet or a column.
    :raises OSError: it cannot be read.
    """
    data = path.read_bytes()
    _check_size(data)
    try:
        return _sheets(data)
    except InvalidInput:
        raise
    except Exception as error:  # Of its archive, its XML, and what openpyxl misses in them.
        raise _refused("文件不是 XLSX 工作簿，请用模板另存") from error


def _sheets(data: bytes) -> Book:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    try:
        missing = [each.title for each in SHEETS if each.title not in {*book.sheetnames, *OPTIONAL_SHEETS}]
        if missing:
            raise _refused(f"缺少工作表：{'、'.join(missing)}。请使用 xiezhi-cases template 生成的模板")
        return {
            layout.title: list(_rows(book[layout.title], layout)) if layout.title in book.sheetnames else []
            for layout in SHEETS
        }
    finally:
        book.close()


def _check_size(data: bytes) -> None:
    if len(data) > MAX_FILE_BYTES:
        raise _refused(f"文件不能超过 {MAX_FILE_BYTES // 1024 // 1024} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
    except Exception as error:  # Of its archive, in any of its parts.
        raise _refused("文件不是 XLSX 工作簿，请用模板另存") from error
    if unpacked > MAX_UNPACKED_BYTES:
        raise _refused("文件解压后过大，请拆分")


def _rows(sheet: Any, layout: SheetLayout) -> Iterator[Cells]:
    # What the file says of its own size is not believed.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_col=len(layout.columns) + 10, values_only=True)
    places = _places(next(rows, ()), layout)
    for number, values in enumerate(rows, 2):
        if number > MAX_ROWS:
            raise _refused(f"工作表“{layout.title}”不能超过 {MAX_ROWS} 行")
        named = {title: values[at] for title, at in places.items() if at < len(values)}
        if any(value not in _BLANK for value in named.values()):
            yield Cells(layout, number, named, places, [])


def _places(header: Sequence[Any], layout: SheetLayout) -> dict[str, int]:
    titles = [str(title or "").strip() for title in header]
    missing = [each.title for each in layout.columns if each.required and each.title not in titles]
    if missing:
        raise _refused(f"工作表“{layout.title}”缺少列：{'、'.join(missing)}")
    return {title: titles.index(title) for title in layout.titles if title in titles}


def _fen(text: str) -> int | None:
    try:
        fen = Decimal(text.replace(",", "").replace("，", "").strip()) * 100
    except ArithmeticError:
        return None
    return (
        int(fen) if fen.is_finite() and 0 <= fen <= _LARGEST_FEN and fen == fen.to_integral_value() else None
    )


def _refused(message: str) -> InvalidInput:
    return InvalidInput.in_field("工作簿", message)
