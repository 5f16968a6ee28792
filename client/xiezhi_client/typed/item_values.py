"""What people write for the fields of an item, in flags and spreadsheets, as JSON has it."""

from typing import Any

from xiezhi_client.typed.money import parse_yuan
from xiezhi_client.typed.unreadable import UnreadableError
from xiezhi_client.typed.words import identifier
from xiezhi_domain.item_fields import Entry, ItemField
from xiezhi_domain.terms import PropertyCategory


def read_value(field: ItemField, text: str) -> Any:
    """Read what was written for *field*. Raise `UnreadableError`."""
    if field.path == "property.category":
        return identifier(PropertyCategory, text)
    if field.path == "subject_number":
        return _number(text)
    if field.entry is Entry.AMOUNT:
        return parse_yuan(text)
    return [each.strip() for each in text.split("、")] if field.entry is Entry.LIST else text


def put_value(plain: dict[str, Any], field: ItemField, value: Any) -> None:
    """Put a value into its place in an item."""
    *outer, last = field.path.split(".")
    for name in outer:
        plain = plain.setdefault(name, {})
    plain[last] = value


def _number(text: str) -> int:
    if not text.isdecimal():
        raise UnreadableError(f"“{text}”应为序号，例如 1")
    return int(text)
