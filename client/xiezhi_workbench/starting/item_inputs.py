"""The fields of one 办理项: those that the rulebook asks for the act on the property, then what may be said beside."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from xiezhi_client.sdk import Subject
from xiezhi_domain.item_fields import ORDER_FIELDS, ItemField
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import Act, PropertyCategory, SubjectRole
from xiezhi_workbench.starting.description import Input, Options, Setting
from xiezhi_workbench.starting.shapes import Shape
from xiezhi_workbench.words import word

CATEGORY: Final = "property.category"
_SUBJECT: Final = "subject_number"
_FIRST: Final = (_SUBJECT, CATEGORY)
_ALWAYS: Final = ("scope", "clue")
_LONG: Final = frozenset({"scope", "clue", "property.description"})
_CARRIED: Final = ("earlier.instruction_id", "earlier.item_number")
"""Written by a follow-up of an earlier matter; nobody types them."""


def item_inputs(setting: Setting, row: Mapping[str, str]) -> list[Input]:
    """Give the fields of an item that says *row* so far."""
    rules = setting.rules
    acts = [(act.value, act.zh) for act in Act if act in rules.acts]
    inputs = [Input("act", "行为", required=True, options=acts, redraws=True)]
    asked = dict(_asked(rules, row))
    for path, either in sorted(asked.items(), key=lambda each: each[0] not in _FIRST):
        inputs.append(_input(setting, ORDER_FIELDS[path], required=not either, either=either))
    beside = [path for path in ORDER_FIELDS if path not in asked and _is_offered(path, asked, row)]
    inputs += [_input(setting, ORDER_FIELDS[path], folded=not row.get(path)) for path in beside]
    return inputs + [Input(path, "", hidden=True) for path in _CARRIED if row.get(path)]


def subject_options(subjects: Sequence[Subject]) -> Options:
    """Give the subjects of a case as they are chosen: role and name."""
    return [(str(each.number), f"{word(SubjectRole, each.role)} {name_of(each)}") for each in subjects]


def name_of(subject: Subject) -> str:
    """Give the name of a person or organisation."""
    party = subject.person or subject.organisation
    return party.name if party else str(subject.number)


def _asked(rules: KindRules, row: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the paths that the rulebook asks for, each with those of which any one would do."""
    act = Act(row["act"]) if row.get("act") in rules.acts else None
    named = row.get(CATEGORY, "")
    category = PropertyCategory(named) if named in set(PropertyCategory) else None
    for rule in rules.content.rules_for(act):
        if rule.holds_for(category):
            for field in rule.order:
                yield field.path, tuple(each.path for each in rule.order) if rule.one_of else ()


def _is_offered(path: str, asked: Mapping[str, object], row: Mapping[str, str]) -> bool:
    """Say whether a field may be filled in beside: it belongs to one that is asked for, or it was stated."""
    outer = path.rpartition(".")[0]
    belongs = bool(outer) and any(each.rpartition(".")[0] == outer for each in asked)
    return belongs or path in _ALWAYS or bool(row.get(path))


def _input(
    setting: Setting,
    field: ItemField,
    *,
    required: bool = False,
    either: tuple[str, ...] = (),
    folded: bool = False,
) -> Input:
    shape = Shape.TEXT if field.path in _LONG else None
    options: Options | None = None
    if field.path == _SUBJECT:
        options = subject_options(setting.case.subjects)
    elif field.path == CATEGORY:
        fitting = setting.rules.content.categories
        options = [(each.value, each.zh) for each in PropertyCategory if not fitting or each in fitting]
    label = f"{field.zh}（元）" if field.path.endswith("_fen") else field.zh
    words = "、".join(ORDER_FIELDS[path].zh for path in either)
    return Input(
        field.path,
        label,
        required,
        f"{words}填写其一即可" if either else "",
        options,
        shape,
        either,
        redraws=field.path == CATEGORY,
        folded=folded,
    )
