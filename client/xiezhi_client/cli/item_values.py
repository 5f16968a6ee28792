"""What people write for the fields of an item, in flags and spreadsheets, as JSON has it."""

from decimal import Decimal, InvalidOperation
from typing import Any

import typer

from xiezhi_client.cli.words import identifier
from xiezhi_domain.item_fields import Entry, ItemField
from xiezhi_domain.terms import PropertyCategory


def read_value(field: ItemField, text: str) -> Any:
    """Read what was written for *field*. Raise `typer.BadParameter`."""
    if field.path == "property.category":
        return identifier(PropertyCategory, text)
    if field.path == "subject_number":
        return _number(text)
    if field.entry is Entry.AMOUNT:
        return _fen(text)
    return [each.strip() for each in text.split("、")] if field.entry is Entry.LIST else text


def put_value(plain: dict[str, Any], field: ItemField, value: Any) -> None:
    """Put a value into its place in an item."""
    *outer, last = field.path.split(".")
    for name in outer:
        plain = plain.setdefault(name, {})
    plain[last] = value


def _number(text: str) -> int:
    if not text.isdecimal():
        raise typer.BadParameter(f"“{text}”应为序号，例如 1")
    return int(text)


def _fen(text: str) -> int:
    """Read an amount in yuan as fen. Raise `typer.BadParameter`."""
    try:
        fen = Decimal(text.replace(",", "").replace("，", "").removesuffix("元")) * 100
    except InvalidOperation:
        raise typer.BadParameter("应为金额（元），例如 128000.50") from None
    if not fen.is_finite() or fen < 0 or fen != fen.to_integral_value():
        raise typer.BadParameter("金额不能为负数，最多两位小数")
    return int(fen)
