"""Write the Word layout of letters (`papers/xiezhi_papers/letters/layout/letter.docx`).

A Word file is no text that can be reviewed; this is what it is made from. Placeholders are those of docxtpl: `{%p … %}`
stands for a paragraph, `{%tr … %}` for a row, `{%tc … %}` for a cell that is left out or repeated.
"""

from pathlib import Path
from typing import Any, Final

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

TARGET: Final = Path(__file__).resolve().parents[1] / "papers/xiezhi_papers/letters/layout/letter.docx"
SONG, FANGSONG, HEI = "方正小标宋简体", "仿宋_GB2312", "黑体"
RED: Final = RGBColor(0xC8, 0x10, 0x2E)
CENTRE, RIGHT, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT


def main() -> None:
    """Write the file."""
    document = Document()
    _set_page(document)
    _head(document)
    _body(document)
    _tables(document)
    _foot(document)
    document.core_properties.author = ""
    document.core_properties.title = "协执文书版式"
    document.save(str(TARGET))


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    normal = document.styles["Normal"]
    _set_font(normal, FANGSONG, 16)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    normal.paragraph_format.line_spacing = Pt(28)
    normal.paragraph_format.space_after = Pt(0)
    number = section.footer.paragraphs[0]
    number.alignment = CENTRE
    _set_font(number.add_run("— "), SONG, 14)
    _add_page_number(number.add_run())
    _set_font(number.add_run(" —"), SONG, 14)


def _head(document: Any) -> None:
    head = _line(document, "{{ text.heading }}", CENTRE, SONG, 28)
    head.runs[0].font.color.rgb = RED
    head.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    _underline(head)
    _line(document, "{%p if number %}")
    _line(document, "{{ number }}", RIGHT)
    _line(document, "{%p endif %}")
    title = _line(document, "{{ text.title }}", CENTRE, SONG, 22)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(18)


def _body(document: Any) -> None:
    _line(document, "{%p if text.salutation %}")
    _line(document, "{{ text.salutation }}")
    _line(document, "{%p endif %}")
    _line(document, "{%p for paragraph in text.paragraphs %}")
    _indented(document, "{{ paragraph }}")
    _line(document, "{%p endfor %}")


def _tables(document: Any) -> None:
    _line(document, "{%p for table in text.tables %}")
    _line(document, "{{ table.title }}", CENTRE, HEI, 12)
    grid = document.add_table(rows=4, cols=3, style="Table Grid")
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    rows = (
        ("{%tc for cell in table.head %}", "{{ cell }}", "{%tc endfor %}"),
        ("{%tr for row in table.rows %}", "", ""),
        ("{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", ""),
    )
    for row, texts in zip(grid.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.alignment = CENTRE
            paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            _set_font(paragraph.add_run(text), FANGSONG, 10.5)
    _line(document, "{%p endfor %}")


def _foot(document: Any) -> None:
    _line(document, "{%p for line in text.closing %}")
    _indented(document, "{{ line }}")
    _line(document, "{%p endfor %}")
    _line(document, "{%p for enclosure in enclosures %}")
    _indented(document, "附件{{ loop.index }}：{{ enclosure }}")
    _line(document, "{%p endfor %}")
    _line(document, "{%p if text.signed %}")
    court = _line(document, "{{ court }}", RIGHT)
    court.paragraph_format.space_before = Pt(56)
    court.paragraph_format.keep_with_next = True
    _line(document, "{{ date }}", RIGHT)
    _line(document, "{%p if officer %}")
    contact = _line(document, "联系人：{{ officer }}　联系电话：{{ phone }}", LEFT, FANGSONG, 14)
    contact.paragraph_format.space_before = Pt(24)
    _line(document, "{%p endif %}")
    _line(document, "{%p if centre_phone %}")
    _line(document, "执行指挥中心电话：{{ centre_phone }}", LEFT, FANGSONG, 14)
    _line(document, "{%p endif %}")
    _line(document, "{%p endif %}")


def _line(document: Any, text: str, align: Any = LEFT, font: str = FANGSONG, size: float = 16) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    _set_font(paragraph.add_run(text), font, size)
    return paragraph


def _indented(document: Any, text: str) -> None:
    paragraph = _line(document, text, WD_ALIGN_PARAGRAPH.JUSTIFY)
    paragraph.paragraph_format.first_line_indent = Pt(32)


def _set_font(styled: Any, name: str, size: float) -> None:
    styled.font.name = name
    styled.font.size = Pt(size)
    # Word takes Chinese characters from the East Asian font, which python-docx does not set.
    styled.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _add_page_number(run: Any) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run._r.addnext(field)  # noqa: SLF001  # python-docx has no fields


def _underline(paragraph: Any) -> None:
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "6"), ("color", str(RED))):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)  # noqa: SLF001  # python-docx has no borders


if __name__ == "__main__":
    main()
