"""Fields of rows: read row by row, each slip at its cell, and shown again as they were typed."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.datastructures import FormData

from xiezhi_client.typed.money import parse_yuan, yuan
from xiezhi_client.typed.unreadable import UnreadableError
from xiezhi_domain.casenumber import CaseNumber
from xiezhi_domain.errors import InvalidInput
from xiezhi_workbench.form_fields import ActionForm, Begun, Column, Rows, Shape

_MOST_DIGITS: Final = 4


@dataclass(slots=True)
class ReadRows:
    """What was read: `rows` as the SDK takes them, by the `numbers` that they have in the form; `wrong` by cell."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)


def read_cell(shape: Shape, text: str) -> Any:
    """Give what was typed in a line as the SDK takes it. Raise `UnreadableError`, which says what is wrong."""
    match shape:
        case Shape.AMOUNT:
            return parse_yuan(text)
        case Shape.CASE_NUMBER:
            try:
                return str(CaseNumber.parse(text))
            except InvalidInput as error:
                raise UnreadableError(error.message) from None
        case _:
            return text


def read_rows(name: str, rows: Rows, sent: FormData) -> ReadRows:
    """Read the rows of the field *name* as far as they were sent; an empty cell is wrong."""
    found = ReadRows(numbers=row_numbers(name, sent))
    for number in found.numbers:
        row: dict[str, Any] = {}
        for column in rows.columns:
            at = f"{name}.{number}.{column.name}"
            text = sent.get(at, "")
            try:
                row[column.name] = _read_required(column, text.strip() if isinstance(text, str) else "")
            except UnreadableError as error:
                found.wrong[at] = error.message
        found.rows.append(row)
    return found


def _read_required(column: Column, text: str) -> Any:
    if not text:
        raise UnreadableError(f"请填写{column.label}")
    return read_cell(column.shape, text)


def row_numbers(name: str, fields: Iterable[str]) -> list[int]:
    """Give the numbers of the rows that *fields*, the names in a form, have of the field *name*."""
    pattern = re.compile(rf"{re.escape(name)}\.([0-9]{{1,{_MOST_DIGITS}}})\.")
    return sorted({int(match[1]) for each in fields if (match := pattern.match(each))})


def typed_rows(form: ActionForm, begun: Mapping[str, Begun]) -> dict[str, str]:
    """Give the rows with which a form begins, by the names of fields, as if typed, by the names of cells."""
    typed = {}
    for name, rows in _of_rows(form):
        for number, row in enumerate(begun[name].rows):
            for column in rows.columns:
                value = row.get(column.name)
                shown = yuan(value) if isinstance(value, int) else value
                typed[f"{name}.{number}.{column.name}"] = shown or ""
    return typed


def totals(form: ActionForm, typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give label and sum in yuan of each column of amounts, as far as every amount is typed and can be read."""
    found = []
    for name, rows in _of_rows(form):
        numbers = row_numbers(name, typed)
        for column in rows.columns:
            if column.shape is Shape.AMOUNT and numbers:
                texts = [typed.get(f"{name}.{number}.{column.name}", "") for number in numbers]
                with suppress(UnreadableError):
                    found.append((column.label.removesuffix("（元）"), yuan(sum(map(parse_yuan, texts)))))
    return found


def _of_rows(form: ActionForm) -> list[tuple[str, Rows]]:
    return [(each.name, each.rows) for each in form.fields if each.rows]
