"""Making a letter in the forms wanted. Runs in a helper process."""

from collections.abc import Mapping

import msgspec

from xiezhi_papers.letters.asked import LetterFormat, LetterJob, TemplateFormat
from xiezhi_papers.letters.catalogue import LETTERS
from xiezhi_papers.letters.pdf import pdf_of
from xiezhi_papers.letters.shipped import shipped_template
from xiezhi_papers.letters.word import docx_of
from xiezhi_papers.letters.wording import context_of, fill_in, parse_wording


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
