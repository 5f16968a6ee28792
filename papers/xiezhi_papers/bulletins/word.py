"""A bulletin as a Word file that offices go on writing in; its charts are pictures."""

from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from xiezhi_papers.bulletins.paper import BulletinPaper, Table
from xiezhi_papers.bulletins.setting import chart_png_of
from xiezhi_papers.sheets.sheet import printable

_BODY: Final = "仿宋"
_HEADING: Final = "黑体"


def bulletin_docx_of(paper: BulletinPaper) -> bytes:
    """Return the Word file: landscape A4, tables that can be edited, one picture for each chart."""
    document = Document()
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin = section.bottom_margin = Mm(16)
    _add(document, paper.title, 20, _HEADING, centred=True)
    for line in paper.lines:
        _add(document, line, 10.5, _BODY, centred=True)
    for table in paper.tables:
        _add(document, table.title, 12, _HEADING)
        _add_table(document, table)
    for number, _ in enumerate(paper.charts):
        document.add_picture(BytesIO(chart_png_of(paper, number)), width=Mm(160))
    if paper.notes:
        _add(document, "口径", 12, _HEADING)
    for note in paper.notes:
        _add(document, note, 9, _BODY)
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def _add_table(document: Any, table: Table) -> None:
    grid = document.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    _fill(grid.rows[0], table.columns, _HEADING)
    for row in table.rows:
        _fill(grid.add_row(), row, _BODY)


def _fill(row: Any, texts: tuple[str, ...], font: str) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        _write(cell.paragraphs[0], text, 9, font)


def _add(document: Any, text: str, size: float, font: str, *, centred: bool = False) -> None:
    paragraph = document.add_paragraph()
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(paragraph, text, size, font)


def _write(paragraph: Any, text: str, size: float, font: str) -> None:
    run = paragraph.add_run(printable(text))
    run.font.size, run.font.name = Pt(size), font
    # Word takes the font of Chinese characters from an attribute of its own.
    run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
