"""Every letter is made from its record as Word and as PDF, with the same words in both."""

import io

import docx
import pypdf
import pytest
from tests.unit.papers.letters import entrustment, made

from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.terms import PaperType
from xiezhi_papers.letters.asked import LetterFormat, LetterJob, pack
from xiezhi_papers.letters.catalogue import LETTERS, is_about_case, letter_of
from xiezhi_papers.letters.fields import fields_of
from xiezhi_papers.letters.make import make_letter
from xiezhi_papers.letters.templates import sample
from xiezhi_papers.letters.wording import fill_in, parse_wording, shipped_wording

PDF, DOCX = LetterFormat.PDF, LetterFormat.DOCX


def text_of_pdf(content: bytes) -> str:
    """The text without spaces and line ends, which are where the layout put them."""
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def text_of_docx(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "".join("".join(text.split()) for text in (*(each.text for each in document.paragraphs), *cells))


@pytest.mark.parametrize("paper", LETTERS, ids=str)
def test_every_letter_says_the_same_in_word_and_pdf(paper: PaperType) -> None:
    letter = sample(LETTERS[paper])
    words = fill_in(parse_wording(shipped_wording(paper), type(letter)), letter)
    job = LetterJob(paper, pack(letter), (PDF, DOCX), {}, "", 1_764_000_000)
    pdf, word = make_letter(job)
    foot = (letter.court, letter.date) if words.signed else ()
    for paragraph in (words.title, *words.paragraphs, *words.closing, *foot):
        wanted = "".join(paragraph.split())
        assert wanted in text_of_docx(word)
        # A page number may stand inside a paragraph that goes over a page.
        assert wanted[:20] in text_of_pdf(pdf)
        assert wanted[-10:] in text_of_pdf(pdf)


def test_rows_and_marks_are_printed_as_they_are() -> None:
    for text in (text_of_pdf(made(PDF)[0]), text_of_docx(made(DOCX)[0])):
        for wanted in (
            "91320500MA0000007J",
            "测试路1号",
            "请核实<查封>&占有情况",
            "执行裁定书",
            "0512-00000000",
        ):
            assert wanted in text


def test_what_people_wrote_is_no_template() -> None:
    written = '{{ court }} {% for x in items %} #eval("1") $x$ \\'
    for content, text_of in zip(made(PDF, DOCX, request=written), (text_of_pdf, text_of_docx), strict=True):
        assert "".join(written.split()) in text_of(content)


def test_a_column_that_nobody_filled_is_not_printed() -> None:
    letter = entrustment()
    words = fill_in(parse_wording(shipped_wording(letter.paper), type(letter)), letter)
    assert [table.head for table in words.tables] == [
        ["诉讼地位", "姓名或名称", "证件号码"],
        ["序号", "事项", "标的及线索", "范围和要求"],
    ]


def test_a_form_keeps_its_empty_columns() -> None:
    letter = sample(LETTERS[PaperType.PROPERTY_DECLARATION])
    line = type(letter.declarations[0])(number="1", category="房屋")
    form = type(letter)(declarations=(line,))
    words = fill_in(parse_wording(shipped_wording(form.paper), type(form)), form)
    assert words.tables[0].rows == [["1", "房屋", "", "", "", "", ""]]


def test_the_same_data_make_the_same_pdf() -> None:
    assert made(PDF) == made(PDF)


def test_chinese_needs_no_font_of_the_machine() -> None:
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in pypdf.PdfReader(io.BytesIO(made(PDF)[0])).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert all("NotoSerifSC" in font or "NotoSansSC" in font for font in fonts)


def test_a_paper_that_comes_from_the_case_system_is_not_made_here() -> None:
    with pytest.raises(InvalidInput) as refused:
        letter_of(PaperType.RULING, "letter.paper_type")
    assert refused.value.fields[0].field == "letter.paper_type"


def test_every_field_has_a_name_for_people() -> None:
    for record in LETTERS.values():
        assert all(field.label for field in fields_of(record))
    assert [paper for paper, record in LETTERS.items() if is_about_case(record)] == [
        PaperType.PERFORMANCE_NOTICE,
        PaperType.PROPERTY_REPORT_ORDER,
        PaperType.PROPERTY_DECLARATION,
        PaperType.CONSUMPTION_RESTRICTION,
    ]
