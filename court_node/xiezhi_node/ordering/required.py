"""Fields that the rulebook asks for and that are not filled in."""

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any, Final

from google.protobuf.message import Message

from xiezhi_domain.item_fields import ORDER_FIELDS, OUTCOME_FIELDS, ItemField
from xiezhi_domain.rulebook import FieldRule
from xiezhi_domain.terms import PropertyCategory

# Made once: items are asked on the hot path.
_VALUES: Final[Mapping[str, Any]] = {path: attrgetter(path) for path in ORDER_FIELDS.keys() | OUTCOME_FIELDS}


def unfilled_of_item(
    item: Message, rules: Iterable[FieldRule], category: PropertyCategory | None
) -> list[tuple[ItemField, ...]]:
    """Return the fields that *item* lacks, each alone, or with those of which any one would do."""
    found: list[tuple[ItemField, ...]] = []
    for rule in rules:
        if rule.order and (not rule.categories or category in rule.categories):
            found += _unfilled(item, rule.order, one_of=rule.one_of)
    return found


def unfilled_of_outcome(
    outcome: Message, rules: Iterable[FieldRule], category: PropertyCategory | None
) -> list[tuple[ItemField, ...]]:
    """Return the fields that *outcome* lacks, as `unfilled_of_item`."""
    found: list[tuple[ItemField, ...]] = []
    for rule in rules:
        if rule.outcome and rule.holds_for(category):
            found += _unfilled(outcome, rule.outcome, one_of=rule.one_of)
    return found


def asks(fields: tuple[ItemField, ...], number: int) -> str:
    """Return the message that asks for the first of *fields*, or any of the others, in the item *number*."""
    first, *others = fields
    return first.asks(number) + "".join(f"或{other.zh}" for other in others)


def _unfilled(
    message: Message, fields: tuple[ItemField, ...], *, one_of: bool
) -> list[tuple[ItemField, ...]]:
    lacking = [field for field in fields if _is_empty(_VALUES[field.path](message))]
    if one_of:
        return [fields] if len(lacking) == len(fields) else []
    return [(field,) for field in lacking]


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return not value.ListFields() if isinstance(value, Message) else not value
