"""What is asked for: a letter in some forms, or that a template be tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from xiezhi_domain.terms import PaperType
from xiezhi_papers.letters.records import Letter


class TemplateFormat(StrEnum):
    """What a template says: the words, the Word file, or the layout of the PDF."""

    WORDING = "WORDING"
    DOCX = "DOCX"
    TYPST = "TYPST"


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


@dataclass(frozen=True, slots=True)
class Proposal:
    """A template that somebody wants to use for a letter; `shown`: somebody looks at the sample."""

    paper: PaperType
    format: TemplateFormat
    content: bytes
    font_directory: str
    shown: bool = False


def pack(letter: Letter) -> bytes:
    """Return a letter's record as a job carries it."""
    return msgspec.msgpack.encode(letter)
