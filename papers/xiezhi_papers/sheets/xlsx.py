"""A sheet as an Excel workbook, written row by row, so that its size does not matter."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xiezhi_domain.spreadsheet_text import safe_cell
from xiezhi_papers.sheets.sheet import Sheet, printable

_BOLD: Final = Font(bold=True)
_TITLE: Final = Font(bold=True, size=16)
_THIN: Final = Side(style="thin")
_BORDER: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_WRAPPED: Final = Alignment(wrap_text=True, vertical="center")


def xlsx_of(sheet: Sheet) -> bytes:
    """Return the workbook. Every cell is text: nothing that came from outside is run as a formula."""
    book = Workbook(write_only=True)
    page = book.create_sheet()
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    for number, column in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(number)].width = column.width
    headings = 2 + len(sheet.lines)
    page.freeze_panes = f"A{headings + 1}"
    page.print_title_rows = f"{headings}:{headings}"
    page.append([_cell(page, sheet.title, _TITLE)])
    for line in sheet.lines:
        page.append([_cell(page, line)])
    page.append(_row(page, (column.heading for column in sheet.columns), _BOLD))
    for group in sheet.groups:
        if group.heading:
            page.append([_cell(page, group.heading, _BOLD)])
        for row in group.rows:
            page.append(_row(page, row))
    for line in sheet.foot:
        page.append([_cell(page, line)])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _row(page: Any, texts: Iterable[str], font: Font | None = None) -> list[Cell]:
    cells = [_cell(page, text, font) for text in texts]
    for cell in cells:
        cell.border, cell.alignment = _BORDER, _WRAPPED
    return cells


def _cell(page: Any, text: str, font: Font | None = None) -> Cell:
    cell = WriteOnlyCell(page, safe_cell(printable(text)))
    cell.data_type = "s"
    if font is not None:
        cell.font = font
    return cell
