"""Whether a template may be used that a court puts in the place of what is shipped."""

from typing import Any, Final

from xiezhi_domain.errors import InvalidInput
from xiezhi_papers.letters import pdf, word
from xiezhi_papers.letters.asked import Proposal, TemplateFormat
from xiezhi_papers.letters.catalogue import LETTERS
from xiezhi_papers.letters.fields import fields_of
from xiezhi_papers.letters.records import Letter
from xiezhi_papers.letters.rows import (
    DeclarationLine,
    HandedSeizureLine,
    ItemLine,
    OutcomeLine,
    Party,
    PropertyLine,
    SeizureLine,
    ShareLine,
)
from xiezhi_papers.letters.shipped import shipped_template
from xiezhi_papers.letters.wording import (
    FIELD,
    context_of,
    fill_in,
    parse_wording,
    shipped_wording,
)

LARGEST_TEMPLATE: Final = 2 * 1024 * 1024
_SAMPLE_TIME: Final = 0
_ROWS: Final = {
    "parties": Party,
    "items": ItemLine,
    "outcomes": OutcomeLine,
    "declarations": DeclarationLine,
    "seizures": SeizureLine,
    "properties": PropertyLine,
    "handed": HandedSeizureLine,
    "shares": ShareLine,
}


def try_template(proposal: Proposal) -> bytes:
    """Make a sample letter with a template and return it: Word for one of Word, PDF for the others.

    Nothing for words that nobody looks at. Runs in a helper process: the template is a stranger's program.

    :raises InvalidInput: naming ``content`` and, where it names a field that is not there, the field.
    """
    if len(proposal.content) > LARGEST_TEMPLATE:
        raise InvalidInput.in_field(FIELD, f"模板最大 {LARGEST_TEMPLATE // 1024 // 1024} MB")
    record = LETTERS[proposal.paper]
    letter = sample(record)
    is_wording = proposal.format is TemplateFormat.WORDING
    words = proposal.content if is_wording else shipped_wording(proposal.paper)
    context = context_of(letter, fill_in(parse_wording(words, record), letter))
    match proposal.format:
        case TemplateFormat.WORDING:
            if not proposal.shown:
                return b""
            layout = shipped_template(proposal.paper, TemplateFormat.TYPST)
            return pdf.pdf_of(context, layout, proposal.font_directory, _SAMPLE_TIME)
        case TemplateFormat.DOCX:
            word.check_template(proposal.content, context)
            return word.docx_of(context, proposal.content)
        case TemplateFormat.TYPST:
            return pdf.pdf_of(context, proposal.content, proposal.font_directory, _SAMPLE_TIME)


def sample(record: type[Letter]) -> Letter:
    """Return a letter whose every field says what it is called."""
    values: dict[str, Any] = {}
    for field in fields_of(record):
        values[field.name] = _sample_rows(field.name, field.label) if field.rows else field.label
    return record(**values)


def _sample_rows(name: str, label: str) -> tuple[object, ...]:
    row = _ROWS.get(name)
    if row is None:
        return (label,)
    return (row(**{field.name: field.label for field in fields_of(row)}),)
