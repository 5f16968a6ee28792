"""What the description of a form consists of."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xiezhi_client.sdk import Case, Client, Instruction
from xiezhi_client.sdk.record import Record
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import SubjectRole
from xiezhi_workbench.starting.entries import AnyRecord, Typed
from xiezhi_workbench.starting.shapes import Shape

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a form is made for: rules between both courts, the case, and what has been typed so far."""

    rules: KindRules
    case: Case
    court: str
    """The one that sends."""
    typed: Mapping[str, str] = field(default_factory=dict)

    def reasons(self, table: str) -> Options:
        """Give the codes of a table of the rulebook with their words."""
        return list(self.rules.reasons.get(table, {}).items())


@dataclass(frozen=True, slots=True)
class Input:
    """One field: its path below the order or the row, its word, and how it is entered where its type does not say.

    `options` are what a choice is made from. `either`: the paths of fields of which any one will do. `redraws`: what
    else is asked depends on it. `hidden`: it is carried along and nobody types it. `folded`: seldom filled in.
    """

    path: str
    label: str
    required: bool = False
    hint: str = ""
    options: Options | None = None
    shape: Shape | None = None
    either: tuple[str, ...] = ()
    redraws: bool = False
    hidden: bool = False
    folded: bool = False


RowInputs = Callable[[Setting, Mapping[str, str]], Sequence[Input]]


@dataclass(frozen=True, slots=True)
class Rows:
    """A list: as many rows as are added. `inputs` are those of one row, by what it says already."""

    path: str
    word: str
    inputs: RowInputs
    required: bool = False
    most: int = 64
    fixed: bool = False
    """Whether the rows are given and none is added."""
    first: Sequence[Typed] = ()
    """The rows of a new form; where they are fixed, of every form."""


@dataclass(frozen=True, slots=True)
class Section:
    """Fields under one heading; `more` are seldom filled in and lie folded."""

    title: str
    parts: Sequence[Input | Rows]
    more: Sequence[Input] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a draft: papers that lack, in words why, and what its author should know."""

    missing_papers: Sequence[Any] = ()
    warnings: Sequence[str] = ()


Draft = Callable[[Client, Any, str, str], Awaitable[Any]]
Get = Callable[[Client, str], Awaitable[tuple[Any, Instruction]]]


@dataclass(frozen=True, slots=True)
class Start:
    """One sort of order: its record, the fields of its form, and the service that takes it.

    `root` is the order's name in the service's request. Without `get` the service keeps no drafts: `draft` sends.
    `kind_field`: the record says itself of which kind it is.
    """

    record: AnyRecord
    sections: Callable[[Setting], Sequence[Section]]
    draft: Draft
    get: Get | None = None
    root: str = "order"
    kind_field: bool = False
    to_superior: bool = False
    """Whether it goes to the superior, so that no court is chosen."""
    ticked: frozenset[SubjectRole] = frozenset({SubjectRole.DEBTOR})
    """Whom it is about as a rule: ticked in a new form."""

    def order(self, kind: str, plain: Mapping[str, Any]) -> Record[Any]:
        """Give the record. Raise `InvalidInput`."""
        return self.record.from_plain({**plain, "kind": kind} if self.kind_field else plain)
