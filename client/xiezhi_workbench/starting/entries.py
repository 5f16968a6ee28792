"""What was typed, by the paths of the order's fields; as the SDK's record takes it; and back from a stored draft."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from starlette.datastructures import FormData

from xiezhi_client.sdk.record import Record
from xiezhi_workbench.starting.shapes import Shape, read, shape_of, shown

Typed = dict[str, str]
"""By the path of a field below the order, such as ``items[0].property.deposit.account``."""
AnyRecord = type[Record[Any]]
SUBJECTS: Final = "subject_numbers"
_ROW: Final = re.compile(r"^([a-z_]+)\[(\d{1,3})\]\.(.+)$")
_INDEX: Final = re.compile(r"\[\d{1,3}\]")
_CARRIERS: Final = {"documents": "sha256", "dates": "day"}
"""Lists whose rows say nothing without this field: the others of the row are not typed by anybody."""


def typed_of(record: AnyRecord, sent: FormData) -> Typed:
    """Give the texts of a form that are fields of the order; rows that say nothing are left out, the others move up."""
    texts = {name: value.strip() for name, value in sent.items() if isinstance(value, str)}
    return compact({name: text for name, text in texts.items() if _shape(record, name) is not None})


def subjects_of(sent: FormData) -> tuple[int, ...]:
    """Give the numbers of the subjects that are ticked."""
    ticked = (value for value in sent.getlist(SUBJECTS) if isinstance(value, str))
    return tuple(int(value) for value in ticked if re.fullmatch("[0-9]{1,4}", value))


def typed_from(order: Record[Any]) -> Typed:
    """Give a stored order as it would be typed."""
    return dict(_flat(type(order), order.to_plain(), ""))


def plain_of(
    record: AnyRecord, typed: Mapping[str, str], court_of: Callable[[str], str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Give the order as `Record.from_plain` takes it, and what is wrong by path.

    *court_of* gives the code of a court by its name or code, and raises `ValueError` with what is wrong.
    """
    plain: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, text in typed.items():
        shape = _shape(record, name)
        if not text or shape is None:
            continue
        try:
            _put(plain, name, court_of(text) if shape is Shape.COURT else read(shape, text))
        except ValueError as error:
            wrong[name] = str(error)
    return plain, wrong


def compact(typed: Mapping[str, str]) -> Typed:
    """Give what was typed without the rows that say nothing."""
    lists = _lists(typed)
    kept: Typed = {name: text for name, text in typed.items() if not _ROW.match(name)}
    for name, rows in lists.items():
        carrier = _CARRIERS.get(name)
        telling = [row for row in rows if (row.get(carrier) if carrier else any(row.values()))]
        for at, row in enumerate(telling):
            kept |= {f"{name}[{at}].{field}": text for field, text in row.items()}
    return kept


def rows_of(typed: Mapping[str, str], name: str) -> list[Typed]:
    """Give the rows of one list, each by the paths below the row."""
    return _lists(typed).get(name, [])


def without_row(typed: Mapping[str, str], name: str, at: int) -> Typed:
    """Give what was typed without one row of a list."""
    rows = rows_of(typed, name)
    rows[at : at + 1] = []
    kept: Typed = {each: text for each, text in typed.items() if not each.startswith(f"{name}[")}
    for number, row in enumerate(rows):
        kept |= {f"{name}[{number}].{field}": text for field, text in row.items()}
    return kept


def shown_at(root: str, path: str) -> str:
    """Give the field of the form that the server's *path* means."""
    name = path.removeprefix(f"{root}.")
    whole = name.partition("[")[0]
    return whole if whole in ("documents", SUBJECTS) else name


def _lists(typed: Mapping[str, str]) -> dict[str, list[Typed]]:
    found: dict[str, dict[int, Typed]] = {}
    for name, text in typed.items():
        if match := _ROW.match(name):
            found.setdefault(match[1], {}).setdefault(int(match[2]), {})[match[3]] = text
    return {name: [rows[at] for at in sorted(rows)] for name, rows in found.items()}


def _shape(record: AnyRecord, name: str) -> Shape | None:
    return shape_of(record, _INDEX.sub("[]", name))


def _flat(record: AnyRecord, plain: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for name, value in plain.items():
        here = f"{path}{name}"
        if isinstance(value, Mapping):
            yield from _flat(record, value, f"{here}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for at, each in enumerate(value):
                yield from _flat(record, each, f"{here}[{at}].")
        elif (shape := _shape(record, here)) and (text := shown(shape, value)):
            yield here, text


def _put(plain: dict[str, Any], name: str, value: Any) -> None:
    """Put a value into its place; rows come in their order (`compact`)."""
    if match := _ROW.match(name):
        rows = plain.setdefault(match[1], [])
        while len(rows) <= int(match[2]):
            rows.append({})
        plain, name = rows[int(match[2])], match[3]
    *outer, last = name.split(".")
    for each in outer:
        plain = plain.setdefault(each, {})
    plain[last] = value
