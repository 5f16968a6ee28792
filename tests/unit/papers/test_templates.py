"""A court's own template may change words and looks, and reach nothing else."""

import io
import zipfile

import docx
import pytest
from tests.unit.papers.letters import made
from tests.unit.papers.test_letters import text_of_docx, text_of_pdf

from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.terms import PaperType
from xiezhi_papers.letters.asked import LetterFormat, Proposal, TemplateFormat
from xiezhi_papers.letters.shipped import shipped_template
from xiezhi_papers.letters.templates import try_template

WORDING, DOCX, TYPST = TemplateFormat.WORDING, TemplateFormat.DOCX, TemplateFormat.TYPST
LAYOUT = '#import "letter.typ": *\n'


def shipped_docx() -> bytes:
    return shipped_template(PaperType.STOP_LETTER, DOCX)


def tried(template: TemplateFormat, content: bytes | str, paper: PaperType = PaperType.STOP_LETTER) -> None:
    data = content.encode() if isinstance(content, str) else content
    try_template(Proposal(paper, template, data, ""))


def word_with(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def package(content: bytes, name: str, entry: bytes) -> bytes:
    """A Word file with one entry put in the place of another, or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, entry)
    return file.getvalue()


@pytest.mark.parametrize("template", TemplateFormat)
@pytest.mark.parametrize("paper", [PaperType.ENTRUSTMENT_LETTER, PaperType.PROPERTY_DECLARATION])
def test_what_is_shipped_can_be_put_back(template: TemplateFormat, paper: PaperType) -> None:
    tried(template, shipped_template(paper, template), paper)


def test_a_courts_own_words_are_in_word_and_pdf() -> None:
    own = 'paragraphs = ["本院自拟：{{ limit }}内办结。"]\nclosing = "专此函达。"'
    pdf, word = made(LetterFormat.PDF, LetterFormat.DOCX, templates={WORDING: own.encode()})
    for text in (text_of_pdf(pdf), text_of_docx(word)):
        assert "本院自拟：15日内办结。" in text
        assert "专此函达。" in text
        assert "查封" not in text


def test_a_courts_own_word_file_and_layout() -> None:
    templates = {
        DOCX: word_with("自制：{{ case_number }}"),
        TYPST: f"{LAYOUT}自制：#data.case_number".encode(),
    }
    pdf, word = made(LetterFormat.PDF, LetterFormat.DOCX, templates=templates)
    assert text_of_docx(word) == "自制：（2026）苏0505执1234号"
    assert "自制：（2026）苏0505执1234号" in text_of_pdf(pdf)


@pytest.mark.parametrize(
    ("template", "content"),
    [
        (WORDING, 'paragraphs = ["{{ colour }}"]'),
        (WORDING, 'paragraphs = ["{% if number == 0 %}{{ colour }}{% endif %}"]'),
        (WORDING, 'paragraphs = ["{{ reason.colour }}"]'),
        (WORDING, 'tables = ["colour"]'),
        (DOCX, word_with("{{ colour }}")),
        (DOCX, word_with("{{ text.colour }}")),
        (TYPST, f"{LAYOUT}#data.colour"),
        (TYPST, f'{LAYOUT}#data.at("colour")'),
        (TYPST, "#colour"),
    ],
)
def test_an_unknown_field_is_named(template: TemplateFormat, content: bytes | str) -> None:
    with pytest.raises(InvalidInput, match="colour") as refused:
        tried(template, content)
    assert refused.value.fields[0].field == "content"


@pytest.mark.parametrize(
    ("template", "content"),
    [
        (WORDING, "paragraphs = [\"{{ ''.__class__.__mro__ }}\"]"),
        (WORDING, 'paragraphs = ["{{ court.format.__globals__ }}"]'),
        (WORDING, "paragraphs = [\"{% include '/etc/passwd' %}\"]"),
        (WORDING, 'paragraphs = ["{{ range(1000000000) | list }}"]'),
        (WORDING, 'paragraphs = ["{{ self.__init__ }}"]'),
        (WORDING, 'paragraphs = ["{{ 1 / 0 }}"]'),
        (DOCX, word_with("{{ court.__class__.__base__.__subclasses__() }}")),
        (DOCX, word_with("{% include 'x' %}")),
        (TYPST, '#import "@preview/cetz:0.3.0": *'),
        (TYPST, '#import ("@pre" + "view/cetz:0.3.0"): *'),
        (TYPST, '#include "/etc/passwd"'),
        (TYPST, "#{ let d = type((:)); d(std).keys() }"),
        (TYPST, '#eval("1")'),
        (TYPST, '#plugin("x.wasm")'),
        (TYPST, '#read("/etc/passwd")'),
        (TYPST, '#json("../../etc/passwd")'),
        (TYPST, '#image("/etc/passwd")'),
        (TYPST, '#import /* */ "other.typ": *'),
    ],
)
def test_there_is_no_way_out(template: TemplateFormat, content: bytes | str) -> None:
    with pytest.raises(InvalidInput) as refused:
        tried(template, content)
    assert refused.value.fields[0].field == "content"
    assert "root:" not in refused.value.message


@pytest.mark.parametrize(
    ("template", "content"),
    [
        (WORDING, b"\xff"),
        (WORDING, "paragraphs = ["),
        (WORDING, 'paragraph = ["x"]'),
        (WORDING, 'paragraphs = ["{{ reason"]'),
        (DOCX, b"PK"),
        (DOCX, b""),
        (TYPST, "#let x = "),
        (TYPST, b"\xff"),
    ],
)
def test_what_is_no_template_is_told(template: TemplateFormat, content: bytes | str) -> None:
    with pytest.raises(InvalidInput) as refused:
        tried(template, content)
    assert refused.value.fields[0].field == "content"


def test_word_must_not_fetch_anything() -> None:
    linked = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
        b'Target="http://127.0.0.1/x.dotm" TargetMode="External"/></Relationships>'
    )
    with pytest.raises(InvalidInput, match="外部文件"):
        tried(
            DOCX,
            package(
                shipped_docx(),
                "word/_rels/settings.xml.rels",
                linked,
            ),
        )
    with pytest.raises(InvalidInput, match="宏"):
        tried(
            DOCX,
            package(
                shipped_docx(),
                "word/vbaProject.bin",
                b"x",
            ),
        )
    with pytest.raises(InvalidInput, match="过大"):
        tried(
            DOCX,
            package(
                shipped_docx(),
                "word/media/x.bin",
                bytes(33 * 1024 * 1024),
            ),
        )
