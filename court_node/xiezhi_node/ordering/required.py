"""Fields that the rulebook asks for and that are not filled in."""

from collections.abc import Iterable, Iterator, Mapping
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
) -> Iterator[tuple[ItemField, ...]]:
    """Give the fields that *item* lacks, each alone, or with those of which any one would do."""
    for rule in rules:
        if rule.order and rule.holds_for(category):
            yield from _unfilled(item, rule.order, one_of=rule.one_of)


def unfilled_of_outcome(
    outcome: Message, rules: Iterable[FieldRule], category: PropertyCategory | None
) -> Iterator[tuple[ItemField, ...]]:
    """Give the fields that *outcome* lacks, as `unfilled_of_item`."""
    for rule in rules:
        if rule.outcome and rule.holds_for(category):
            yield from _unfilled(outcome, rule.outcome, one_of=rule.one_of)


def asks(fields: tuple[ItemField, ...], number: int) -> str:
    """Return the message that asks for the first of *fields*, or any of the others, in the item *number*."""
    first, *others = fields
    return first.asks(number) + "".join(f"或{other.zh}" for other in others)


def _unfilled(
    message: Message, fields: tuple[ItemField, ...], *, one_of: bool
) -> Iterator[tuple[ItemField, ...]]:
    lacking = [field for field in fields if _is_empty(_VALUES[field.path](message))]
    if not one_of:
        yield from ((field,) for field in lacking)
    elif len(lacking) == len(fields):
        yield fields


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return not value.ListFields() if isinstance(value, Message) else not value
