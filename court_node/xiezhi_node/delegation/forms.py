"""How acts are filled in: the fields of items and outcomes, by the rulebook in force."""

from collections.abc import Iterator

from xiezhi.v1 import delegation_service_pb2 as pb
from xiezhi_desk.terms import ACTS, PROPERTY_CATEGORIES
from xiezhi_domain.item_fields import ItemField
from xiezhi_domain.rulebook import Content, FieldRule, KindRules
from xiezhi_domain.terms import Act, PropertyCategory

_PROPERTY = "property.category"


def act_forms(rules: KindRules) -> Iterator[pb.ActForm]:
    """Give a form for each act of a kind, and for each category of property that it may concern."""
    for act in sorted(rules.acts):
        for category in _categories(rules.content, act):
            yield _form(rules.content, act, category)


def _categories(content: Content, act: Act) -> list[PropertyCategory | None]:
    rules = content.rules_for(act)
    if not any(field.path == _PROPERTY for rule in rules for field in rule.order):
        named = {category for rule in rules for category in rule.categories}
        return [None, *sorted(named)]
    return [*sorted(content.categories or PropertyCategory)]


def _form(content: Content, act: Act, category: PropertyCategory | None) -> pb.ActForm:
    rules = [rule for rule in content.rules_for(act) if rule.holds_for(category)]
    longest = content.longest_for(category) if act in content.measures else None
    form = pb.ActForm(
        act=ACTS.to_proto(act),
        item_fields=[field for rule in rules for field in _fields(rule, rule.order)],
        outcome_fields=[field for rule in rules for field in _fields(rule, rule.outcome)],
        longest_years=longest.years if longest else 0,
    )
    if category is not None:
        form.category = PROPERTY_CATEGORIES.to_proto(category)
    return form


def _fields(rule: FieldRule, fields: tuple[ItemField, ...]) -> Iterator[pb.ActField]:
    paths = [field.path for field in fields] if rule.one_of else []
    for field in fields:
        yield pb.ActField(path=field.path, label=field.zh, required=not rule.one_of, alternatives=paths)
