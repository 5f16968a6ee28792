"""How a letter's record says what its fields are called and who fills them in."""

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, Final

_LABEL: Final = "label"
_ENTERED: Final = "entered"
_ROWS: Final = "rows"


@dataclass(frozen=True, slots=True)
class LetterField:
    """A field of a letter: its name in templates, what people call it, who fills it in, and whether it is a list."""

    name: str
    label: str
    entered: bool
    required: bool
    rows: bool


def known(label: str) -> Any:
    """A text that the node fills in from matter, case and directory."""
    return field(default="", metadata={_LABEL: label})


def entered(label: str, *, optional: bool = False) -> Any:
    """A text that somebody enters."""
    metadata = {_LABEL: label, _ENTERED: True}
    return field(default="", metadata=metadata) if optional else field(metadata=metadata)


def rows(label: str) -> Any:
    """A list that the node fills in."""
    return field(default=(), metadata={_LABEL: label, _ROWS: True})


def entered_rows(label: str) -> Any:
    """A list of texts that somebody enters, one per line."""
    return field(metadata={_LABEL: label, _ROWS: True, _ENTERED: True})


def fields_of(record: type[Any]) -> Iterator[LetterField]:
    """Give the fields of a letter's record, or of a row of a table."""
    for each in fields(record):
        metadata = each.metadata
        entered_by_people = bool(metadata.get(_ENTERED))
        yield LetterField(
            each.name,
            label_of(each),
            entered_by_people,
            entered_by_people and each.default is MISSING,
            bool(metadata.get(_ROWS)),
        )


def label_of(each: Field[Any]) -> str:
    """Return what people call a field."""
    label: str = each.metadata[_LABEL]
    return label
