"""A bulletin as Word, PDF and workbook: the same tables and charts, and nothing that runs."""

from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from xiezhi_papers.bulletins import Bar, BulletinPaper, Chart, Table
from xiezhi_papers.bulletins.setting import bulletin_pdf_of, chart_png_of
from xiezhi_papers.bulletins.word import bulletin_docx_of
from xiezhi_papers.bulletins.workbook import bulletin_xlsx_of


@pytest.fixture
def paper() -> BulletinPaper:
    bars = (Bar("苏州市姑苏区法院", 75.0, "75.00%"), Bar("苏州市工业园区法院", 0.0, "0.00%"))
    return BulletinPaper(
        title="执行协作通报",
        lines=("2026-11-01 至 2026-11-30", "冻结于平台日志第 12 条"),
        tables=(
            Table("各院指标", ("法院", "期限内办结率"), (("=1+1", "75.00%"), ("合计\x07", "75.00%"))),
            Table("更正", ("指标", "法院"), ()),
        ),
        charts=(Chart("期限内办结率", "%", bars), Chart("退回率", "%", bars)),
        notes=("期限内办结率：标准口径。",),
        timestamp=1_800_000_000,
    )


def test_the_pdf_has_title_tables_charts_and_notes(paper: BulletinPaper) -> None:
    made = bulletin_pdf_of(paper)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)
    for words in ("执行协作通报", "各院指标", "75.00%", "退回率", "标准口径"):
        assert words in text
    assert bulletin_pdf_of(paper) == made


def test_a_chart_is_a_picture(paper: BulletinPaper) -> None:
    assert chart_png_of(paper, 1).startswith(b"\x89PNG")


def test_the_word_file_has_editable_tables_and_a_picture_for_each_chart(paper: BulletinPaper) -> None:
    document = Document(BytesIO(bulletin_docx_of(paper)))
    assert [len(table.rows) for table in document.tables] == [3, 1]
    assert document.tables[0].cell(2, 0).text == "合计"
    assert len(document.inline_shapes) == 2
    assert any("标准口径" in paragraph.text for paragraph in document.paragraphs)


def test_the_workbook_draws_its_charts_from_numbers_and_runs_nothing(paper: BulletinPaper) -> None:
    book = load_workbook(BytesIO(bulletin_xlsx_of(paper)))
    assert book.sheetnames == ["各院指标", "更正", "图表", "口径"]
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert not any(cell.data_type == "f" for cell in cells)
    assert len(book["图表"]._charts) == 2
    assert [book["图表"].cell(row, 2).value for row in (2, 3)] == [75, 0]


def test_names_of_pages_are_what_excel_takes(paper: BulletinPaper) -> None:
    odd = BulletinPaper("a", (), (Table("甲/乙:" * 20, ("法院",), ()),), (), ())
    (name,) = load_workbook(BytesIO(bulletin_xlsx_of(odd))).sheetnames
    assert len(name) <= 31
    assert not set("[]:*?/\\") & set(name)
