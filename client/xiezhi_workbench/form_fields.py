"""What a form of an action is made of: its fields, what is entered in each, and rows of them.

A field has the name that it has in the contract's request, so that what the server finds wrong is shown at the field.
What a field may hold beyond its shape, the server says.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from xiezhi_client.sdk import Client, InstructionSummary
from xiezhi_domain.terms import Action, Term


class Shape(Enum):
    """What is entered in a field, and how it is shown."""

    LINE = auto()
    TEXT = auto()
    DAY = auto()
    MOMENT = auto()
    AMOUNT = auto()
    """Yuan on the page, fen in the contract; nothing entered is no amount, which 0 is."""
    CASE_NUMBER = auto()
    PERSON = auto()
    COURT = auto()
    CODE = auto()
    TERM = auto()
    FLAG = auto()
    CONTACT = auto()
    OUTCOMES = auto()
    REJECTIONS = auto()
    DOCUMENTS = auto()
    ASKED_PAPERS = auto()
    HEARING = auto()
    ROWS = auto()


CHECKED: frozenset[Shape] = frozenset({Shape.AMOUNT, Shape.CASE_NUMBER, Shape.ROWS})
"""What can be typed in a way that nobody can read: it is told while one types."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of rows, named as in the record of a row; `shape` is LINE, AMOUNT or CASE_NUMBER.

    What is `given` is known when the form is shown: the form shows it and sends it along.
    """

    name: str
    label: str
    shape: Shape = Shape.LINE
    given: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """Rows as a form begins with them, by the names of columns; amounts in fen, None where nobody knows yet.

    `note` is what whoever fills them in should know, in Chinese.
    """

    rows: Sequence[Mapping[str, str | int | None]] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """What a field of rows is made of: one row for each that it begins with, and everything in them is required.

    `make` gives what the SDK takes for the rows that were read. `inside` names the list in it, so that the server's
    ``filing.cases[0].balance_fen`` is found in the first row of ``filing``.
    """

    columns: tuple[Column, ...]
    make: Callable[[Sequence[Mapping[str, Any]]], Any]
    begin: Callable[[Client, InstructionSummary], Awaitable[Begun]]
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `reasons` is the rulebook's table of codes, `terms` the vocabulary, that a choice is made from.

    `flags` are the words for yes and for no; `rows` is what a field of rows is made of.
    """

    name: str
    label: str
    shape: Shape
    required: bool = False
    hint: str = ""
    reasons: str = ""
    terms: type[Term] | None = None
    flags: tuple[str, str] = ("", "")
    rows: Rows | None = None


@dataclass(frozen=True, slots=True)
class ActionForm:
    """The form of one action: the SDK's method that takes it, its fields, and what it means for whoever presses.

    `service` is the client's part that the method is of. An action that `brings_papers` has them uploaded under the id
    of its request.
    """

    action: Action
    method: str
    fields: tuple[Field, ...] = ()
    effect: str = ""
    grave: bool = False
    """Whether it cannot be undone by who takes it, so that the button warns."""
    service: str = "instructions"
    brings_papers: bool = False

    @property
    def takes_files(self) -> bool:
        """Whether papers are uploaded with it."""
        return any(field.shape is Shape.DOCUMENTS for field in self.fields)

    @property
    def is_checked(self) -> bool:
        """Whether something of it is told while one types."""
        return any(field.shape in CHECKED for field in self.fields)


def by_action(forms: Iterable[ActionForm]) -> dict[Action, ActionForm]:
    """Give forms by their action."""
    return {form.action: form for form in forms}
