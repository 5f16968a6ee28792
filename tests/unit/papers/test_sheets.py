"""Sheets become workbooks and PDFs; nothing that stands in them is run."""

from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from xiezhi_domain.errors import LimitExceeded
from xiezhi_papers.sheets import Column, Group, PrintedSheet, Sheet
from xiezhi_papers.sheets.pdf import MOST_ROWS, sheet_pdf_of
from xiezhi_papers.sheets.xlsx import xlsx_of

SHEET = Sheet(
    "受托事项台账",
    ("昆山市人民法院 2026年11月",),
    (Column("序号", 6), Column("事项编号", 24), Column("事项对象", 30)),
    (
        Group(
            "",
            (("1", "苏0591委〔2026〕1187号", "测试甲"), ("2", "苏0591委〔2026〕1188号", '=HYPERLINK("x")')),
        ),
        Group("承办人：测试乙", (("3", "苏0591委〔2026〕1189号", "@SUM(A1)\x07"),)),
    ),
    ("交办人：", "接收人："),
)


def cells(content: bytes) -> list[list[object]]:
    page = load_workbook(BytesIO(content)).active
    return [[cell.value for cell in row if cell.value is not None] for row in page.iter_rows()]


def test_a_workbook_has_title_lines_head_groups_and_foot() -> None:
    rows = cells(xlsx_of(SHEET))
    assert rows[:3] == [[SHEET.title], list(SHEET.lines), ["序号", "事项编号", "事项对象"]]
    assert rows[3] == ["1", "苏0591委〔2026〕1187号", "测试甲"]
    assert rows[5] == ["承办人：测试乙"]
    assert rows[-2:] == [["交办人："], ["接收人："]]


def test_nothing_in_a_workbook_is_a_formula() -> None:
    page = load_workbook(BytesIO(xlsx_of(SHEET))).active
    assert {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert [page["C5"].value, page["C7"].value] == ['\'=HYPERLINK("x")', "'@SUM(A1)"]


def test_the_head_stays_in_sight_and_on_every_page() -> None:
    page = load_workbook(BytesIO(xlsx_of(SHEET))).active
    assert (page.freeze_panes, page.print_title_rows) == ("A4", "$3:$3")
    assert page.page_setup.orientation == "landscape"


def test_the_same_sheet_gives_the_same_pdf() -> None:
    printed = PrintedSheet(SHEET, "", 1_800_000_000)
    made = sheet_pdf_of(printed)
    assert made.startswith(b"%PDF-")
    assert made == sheet_pdf_of(printed)
    longer = replace(SHEET, groups=(Group("", SHEET.groups[0].rows * 60),))
    assert len(sheet_pdf_of(PrintedSheet(longer, "", 1_800_000_000))) > len(made)


def test_what_nobody_prints_is_not_printed() -> None:
    long = replace(SHEET, groups=(Group("", (("1", "2", "3"),) * (MOST_ROWS + 1)),))
    with pytest.raises(LimitExceeded):
        sheet_pdf_of(PrintedSheet(long, "", 0))
    assert len(cells(xlsx_of(long))) == MOST_ROWS + 1 + 5
