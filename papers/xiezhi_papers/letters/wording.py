"""The words of a letter: a TOML file with placeholders, the same for Word and PDF.

title = "..."            optional; the paper's own name otherwise
heading = "..."          optional; printed above the title instead of the court's name
salutation = "..."       optional
paragraphs = ["...", …]  one that comes out empty is left out
tables = ["items"]       optional; lists of the letter, printed as tables
closing = "此函。"        optional
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from importlib import resources
from typing import Any, Final

import msgspec

from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.plain_values import read_toml
from xiezhi_domain.terms import PaperType
from xiezhi_papers.letters.fields import fields_of, label_of
from xiezhi_papers.letters.records import Letter
from xiezhi_papers.letters.sandbox import environment, explaining, names_in, require_known

FIELD: Final = "content"
MOST_PARAGRAPHS: Final = 100


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of a letter, with placeholders."""

    title: str = ""
    heading: str = ""
    salutation: str = ""
    paragraphs: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    closing: str = ""
    signed: bool = True

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that may hold placeholders."""
        return (self.title, self.heading, self.salutation, *self.paragraphs, self.closing)


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is printed."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class LetterText:
    """The words of one letter, filled in."""

    title: str
    heading: str
    salutation: str
    paragraphs: Sequence[str]
    tables: Sequence[Table]
    closing: Sequence[str]
    signed: bool


def shipped_wording(paper: PaperType) -> bytes:
    """Return the words that ship with the platform."""
    file = resources.files("xiezhi_papers.letters").joinpath("wording", f"{paper.lower()}.toml")
    return file.read_bytes()


def parse_wording(content: bytes, record: type[Letter]) -> Wording:
    """Return the words of a letter.

    :raises InvalidInput: naming ``content``: no TOML, an unknown key, a field that the letter does not have.
    """
    try:
        wording = msgspec.convert(read_toml(content.decode("utf-8")), Wording)
    except UnicodeDecodeError:
        raise InvalidInput.in_field(FIELD, "模板应为 UTF-8 编码的文本") from None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InvalidInput.in_field(FIELD, f"模板不是合法的 TOML，或有无法识别的项：{error}") from None
    if len(wording.paragraphs) > MOST_PARAGRAPHS:
        raise InvalidInput.in_field(FIELD, f"最多 {MOST_PARAGRAPHS} 段")
    known = {field.name: field for field in fields_of(record)}
    with explaining(FIELD):
        names = set().union(*map(names_in, wording.texts))
    require_known(names | set(wording.tables), known, FIELD)
    return wording


def fill_in(wording: Wording, letter: Letter) -> LetterText:
    """Return the words of *letter*.

    :raises InvalidInput: naming ``content``; a placeholder asks for what is not there.
    """
    made = environment(autoescape=False)
    data = asdict(letter)

    def filled(text: str) -> str:
        return made.from_string(text).render(data).strip()

    with explaining(FIELD):
        return LetterText(
            title=filled(wording.title) or letter.paper.zh,
            heading=filled(wording.heading) or letter.court,
            salutation=filled(wording.salutation),
            paragraphs=[line for text in wording.paragraphs for line in _lines(filled(text))],
            tables=[table for name in wording.tables if (table := _table(letter, name)) is not None],
            closing=_lines(filled(wording.closing)),
            signed=wording.signed,
        )


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def context_of(letter: Letter, text: LetterText) -> Mapping[str, Any]:
    """Return what a template of Word or PDF sees: the letter's fields, and its words as ``text``."""
    return {**asdict(letter), "text": asdict(text)}


def _table(letter: Letter, name: str) -> Table | None:
    lines: Sequence[Any] = getattr(letter, name)
    if not lines:
        return None
    label = next(field.label for field in fields_of(type(letter)) if field.name == name)
    if isinstance(lines[0], str):
        return Table(label, ["序号", label], [[str(at), line] for at, line in enumerate(lines, 1)])
    columns = fields(lines[0])
    cells = [[str(getattr(line, column.name)) for column in columns] for line in lines]
    # A column that is empty all the way down is not printed, except in a form.
    wanted = [at for at in range(len(columns)) if any(row[at] for row in cells) or _is_form(cells)]
    return Table(
        label, [label_of(columns[at]) for at in wanted], [[row[at] for at in wanted] for row in cells]
    )


def _is_form(cells: Sequence[Sequence[str]]) -> bool:
    """Whether the table is to be filled in by hand: nothing but number and category is printed."""
    return not any(any(row[2:]) for row in cells)
