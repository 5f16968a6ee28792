"""A bulletin as an Excel workbook: one page for each table, one with the charts, drawn by Excel from their numbers."""

from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from xiezhi_domain.spreadsheet_text import safe_cell
from xiezhi_papers.bulletins.paper import BulletinPaper, Chart, Table
from xiezhi_papers.sheets.sheet import printable

_BOLD: Final = Font(bold=True)
_TITLE: Final = Font(bold=True, size=16)
_THIN: Final = Side(style="thin")
_BORDER: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_WRAPPED: Final = Alignment(wrap_text=True, vertical="center")
_FIRST_WIDTH: Final = 26
_WIDTH: Final = 13
_ROWS_OF_CHART: Final = 17
_NO_NAME: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
"""What the name of a page may not have."""
_LONGEST_NAME: Final = 31


def bulletin_xlsx_of(paper: BulletinPaper) -> bytes:
    """Return the workbook. Every text is text: nothing that came from outside is run as a formula."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in paper.tables:
        _add_table(book, paper, table)
    if paper.charts:
        _add_charts(book, paper.charts)
    if paper.notes:
        page = _page(book, "口径")
        page.column_dimensions["A"].width = 120
        for note in paper.notes:
            _write(page, page.max_row + 1, 1, note)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _add_table(book: Workbook, paper: BulletinPaper, table: Table) -> None:
    page = _page(book, table.title)
    _write(page, 1, 1, paper.title, _TITLE)
    for row, line in enumerate((*paper.lines, table.title), 2):
        _write(page, row, 1, line)
    head = 2 + len(paper.lines) + 1
    for row, texts in enumerate((table.columns, *table.rows), head):
        for column, text in enumerate(texts, 1):
            cell = _write(page, row, column, text, _BOLD if row == head else None)
            cell.border, cell.alignment = _BORDER, _WRAPPED
    for column in range(1, len(table.columns) + 1):
        page.column_dimensions[get_column_letter(column)].width = _FIRST_WIDTH if column == 1 else _WIDTH
    page.freeze_panes = f"B{head + 1}"


def _add_charts(book: Workbook, charts: tuple[Chart, ...]) -> None:
    page = _page(book, "图表")
    page.column_dimensions["A"].width = _FIRST_WIDTH
    top = 1
    for chart in charts:
        _write(page, top, 1, chart.title, _BOLD)
        _write(page, top, 2, chart.unit, _BOLD)
        for row, bar in enumerate(chart.bars, top + 1):
            _write(page, row, 1, bar.label)
            page.cell(row, 2, bar.value)
        last = top + len(chart.bars)
        drawn = BarChart()
        drawn.type, drawn.style, drawn.title, drawn.legend = "bar", 10, f"{chart.title}（{chart.unit}）", None
        drawn.height, drawn.width = 8, 18
        drawn.add_data(Reference(page, min_col=2, min_row=top, max_row=last), titles_from_data=True)
        drawn.set_categories(Reference(page, min_col=1, min_row=top + 1, max_row=last))
        drawn.x_axis.scaling.orientation = "maxMin"
        drawn.x_axis.delete = drawn.y_axis.delete = False
        page.add_chart(drawn, f"D{top}")
        top += max(len(chart.bars) + 2, _ROWS_OF_CHART)


def _page(book: Workbook, title: str) -> Any:
    page = book.create_sheet(printable(title).translate(_NO_NAME)[:_LONGEST_NAME])
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    return page


def _write(page: Any, row: int, column: int, text: str, font: Font | None = None) -> Any:
    cell = page.cell(row, column, safe_cell(printable(text)))
    cell.data_type = "s"
    if font is not None:
        cell.font = font
    return cell
