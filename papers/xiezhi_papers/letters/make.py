"""Making a letter in the forms wanted. Runs in a helper process."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from xiezhi_domain.terms import PaperType
from xiezhi_papers.letters.catalogue import LETTERS
from xiezhi_papers.letters.pdf import pdf_of
from xiezhi_papers.letters.records import Letter
from xiezhi_papers.letters.templates import TemplateFormat, shipped_template
from xiezhi_papers.letters.word import docx_of
from xiezhi_papers.letters.wording import context_of, fill_in, parse_wording


class LetterFormat(StrEnum):
    """The form in which a letter is made."""

    PDF = "PDF"
    DOCX = "DOCX"

    @property
    def suffix(self) -> str:
        """How the names of its files end."""
        return f".{self.lower()}"


@dataclass(frozen=True, slots=True)
class LetterJob:
    """A letter to be made.

    `letter` is the record, packed by `pack`; `templates` are the court's own, where it has any; `timestamp` is in
    seconds since 1970.
    """

    paper: PaperType
    letter: bytes
    formats: tuple[LetterFormat, ...]
    templates: Mapping[TemplateFormat, bytes]
    font_directory: str
    timestamp: int


def pack(letter: Letter) -> bytes:
    """Return a letter's record as a job carries it."""
    return msgspec.msgpack.encode(letter)


def make_letter(job: LetterJob) -> list[bytes]:
    """Return the letter in the forms wanted, in their order.

    :raises InvalidInput: naming ``content``; a template of the court cannot be used for this letter.
    """
    record = LETTERS[job.paper]
    letter = msgspec.msgpack.decode(job.letter, type=record)
    wording = parse_wording(_template(job, TemplateFormat.WORDING), record)
    context = context_of(letter, fill_in(wording, letter))
    return [_formed(job, form, context) for form in job.formats]


def _formed(job: LetterJob, form: LetterFormat, context: Mapping[str, object]) -> bytes:
    match form:
        case LetterFormat.PDF:
            layout = _template(job, TemplateFormat.TYPST)
            return pdf_of(context, layout, job.font_directory, job.timestamp)
        case LetterFormat.DOCX:
            return docx_of(context, _template(job, TemplateFormat.DOCX))


def _template(job: LetterJob, template: TemplateFormat) -> bytes:
    return job.templates.get(template) or shipped_template(job.paper, template)
