"""The templates that ship with the platform."""

from importlib import resources

from xiezhi_domain.terms import PaperType
from xiezhi_papers.letters.asked import TemplateFormat
from xiezhi_papers.letters.wording import shipped_wording


def shipped_template(paper: PaperType, template: TemplateFormat) -> bytes:
    """Return the template that ships with the platform."""
    match template:
        case TemplateFormat.WORDING:
            return shipped_wording(paper)
        case TemplateFormat.DOCX:
            return _layout("letter.docx")
        case TemplateFormat.TYPST:
            return _layout("default.typ")


def _layout(name: str) -> bytes:
    return resources.files("xiezhi_papers.letters").joinpath("layout", name).read_bytes()
