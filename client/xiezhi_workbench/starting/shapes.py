"""How a field of an order is entered: read from its type in the SDK's record, which mirrors the contract."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from types import NoneType, UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from xiezhi_client.sdk.record import Record
from xiezhi_client.typed.money import parse_yuan


class Shape(Enum):
    """What is entered in a field."""

    LINE = auto()
    TEXT = auto()
    DAY = auto()
    AMOUNT = auto()
    """Yuan on the page, fen in the contract."""
    NUMBER = auto()
    FLAG = auto()
    LIST = auto()
    COURT = auto()
    CHOICE = auto()


_COURTS: Final = frozenset({"receiver", "court", "other_court"})
"""Names of fields that hold the code of a court."""
_YES: Final = "yes"
_BETWEEN: Final = re.compile(r"[、\n]")
_LARGEST: Final = 2**31 - 1
_types: dict[type, dict[str, Any]] = {}
"""Of each record, found once."""


def shape_of(record: type[Record[Any]], path: str) -> Shape | None:
    """Give how the field at *path*, such as ``items[].property.value_fen``, is entered; None where there is no such."""
    name, _, rest = path.partition(".")
    bare = name.removesuffix("[]")
    hint = _hints(record).get(bare)
    many = get_origin(hint) is tuple
    inner = _inner(hint) if many or isinstance(hint, UnionType) else hint
    if hint is None or (name.endswith("[]") and not many):
        return None
    if isinstance(inner, type) and issubclass(inner, Record):
        return shape_of(inner, rest) if rest and many == name.endswith("[]") else None
    return None if rest or name.endswith("[]") else _leaf(bare, inner, many=many)


def _hints(record: type[Record[Any]]) -> dict[str, Any]:
    if record not in _types:
        _types[record] = get_type_hints(record)
    return _types[record]


def _inner(hint: Any) -> Any:
    return next(each for each in get_args(hint) if each is not NoneType)


def _leaf(name: str, hint: Any, *, many: bool) -> Shape | None:
    if many:
        return Shape.LIST if hint is str else None
    if hint in (bool, int):
        number = Shape.AMOUNT if name.endswith("_fen") else Shape.NUMBER
        return Shape.FLAG if hint is bool else number
    if hint is not str:
        # A closed vocabulary of the contract is a `Literal`.
        return Shape.CHOICE if get_args(hint) else None
    if name in _COURTS:
        return Shape.COURT
    return Shape.DAY if name.endswith("_on") or name == "day" else Shape.LINE


def read(shape: Shape, text: str) -> Any:
    """Give what was typed as the record's plain form has it. Raise `ValueError`, which says what is wrong."""
    return _READERS.get(shape, str)(text)


def shown(shape: Shape, value: Any) -> str:
    """Give a value of the record's plain form as a form shows it; nothing for what is not stated."""
    if not value:
        return ""
    match shape:
        case Shape.AMOUNT:
            return f"{Decimal(value) / 100:.2f}".removesuffix(".00")
        case Shape.LIST:
            return "、".join(value)
        case Shape.FLAG:
            return _YES
        case _:
            return str(value)


def _number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,10}", text) or int(text) > _LARGEST:
        raise ValueError("请填写整数")
    return int(text)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError("日期格式应为 2026-11-22") from None


def _list(text: str) -> list[str]:
    return [each.strip() for each in _BETWEEN.split(text) if each.strip()]


_READERS: Final[Mapping[Shape, Callable[[str], Any]]] = {
    Shape.AMOUNT: parse_yuan,
    Shape.NUMBER: _number,
    Shape.DAY: _day,
    Shape.LIST: _list,
    Shape.FLAG: lambda text: text == _YES,
}
