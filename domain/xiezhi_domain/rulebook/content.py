"""What the items of an order and their outcomes must say, act by act and category of property by category.

Practice.md §11 names the fields that staff cannot work without; 民诉法解释 485 bounds how long a measure lasts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from xiezhi_domain.item_fields import ORDER_FIELDS, OUTCOME_FIELDS, ItemField
from xiezhi_domain.rulebook.ladders import citation_of
from xiezhi_domain.rulebook.move import Citation
from xiezhi_domain.rulebook.table import Table
from xiezhi_domain.terms import Act, PropertyCategory, SubjectRole

Fields = tuple[ItemField, ...]


class Effect(StrEnum):
    """What a measure does to the sums of its case."""

    CONTROLS = "controls"
    """It adds to what is controlled."""
    COLLECTS = "collects"
    """It takes money in; from what is controlled already it adds nothing."""
    RENEWS = "renews"
    RELEASES = "releases"
    """It takes from what is controlled."""
    WAITS = "waits"
    """It takes its place behind the measures of others."""


@dataclass(frozen=True, slots=True)
class FieldRule:
    """Fields that any of `acts` (empty: every act) on any of `categories` (empty: any property, or none) needs.

    `order` are fields of the item, `outcome` those of an outcome that says that something was done. `one_of`: any
    one of them will do.
    """

    acts: frozenset[Act]
    categories: frozenset[PropertyCategory]
    order: Fields
    outcome: Fields
    one_of: bool
    citation: Citation

    def holds_for(self, category: PropertyCategory | None) -> bool:
        """Return whether the rule asks for anything where the property is of *category*."""
        return not self.categories or category in self.categories


@dataclass(frozen=True, slots=True)
class Measure:
    """An act that controls property, collects it or lets it go, and the acts that renew and release it."""

    act: Act
    effect: Effect
    renewed_by: Act | None
    released_by: Act | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class Longest:
    """How many years a measure on any of `categories` may last at most."""

    categories: frozenset[PropertyCategory]
    years: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class OnlyOn:
    """An act that is lawful on subjects of `roles` alone: no ground opens it on others (practice.md §9)."""

    act: Act
    roles: frozenset[SubjectRole]
    citation: Citation


@dataclass(frozen=True, slots=True)
class Content:
    """What a kind's items must say. `categories` are those of the property that its acts may concern (empty: any)."""

    categories: frozenset[PropertyCategory]
    rules: tuple[FieldRule, ...]
    measures: Mapping[Act, Measure]
    longest: tuple[Longest, ...]
    only_on: Mapping[Act, OnlyOn]
    of_every_act: tuple[FieldRule, ...] = field(init=False)
    by_act: Mapping[Act, tuple[FieldRule, ...]] = field(init=False)
    asks_of_outcomes: bool = field(init=False)
    """Whether outcomes have to say anything beyond how each item ended."""

    def __post_init__(self) -> None:
        """Sort the rules by act: they are asked for every item of every order."""
        acts = frozenset[Act]().union(*(rule.acts for rule in self.rules))
        every = tuple(rule for rule in self.rules if not rule.acts)
        by_act = {
            act: tuple(rule for rule in self.rules if not rule.acts or act in rule.acts) for act in acts
        }
        asks = bool(self.measures) or any(rule.outcome for rule in self.rules)
        object.__setattr__(self, "asks_of_outcomes", asks)
        object.__setattr__(self, "of_every_act", every)
        object.__setattr__(self, "by_act", by_act)

    def rules_for(self, act: Act | None) -> tuple[FieldRule, ...]:
        """Return the rules on *act*; where none is chosen yet, those on every act."""
        return self.of_every_act if act is None else self.by_act.get(act, self.of_every_act)

    def effect(self, act: str) -> Effect | None:
        """Return what *act* does to the sums of its case; None for an act that is no measure."""
        measure = self.measures.get(Act(act))
        return measure.effect if measure else None

    def longest_for(self, category: PropertyCategory | None) -> Longest | None:
        """Return how long a measure on property of *category* may last; None where nothing bounds it."""
        return next((each for each in self.longest if category in each.categories), None)


def read_content(table: Table, acts: frozenset[Act]) -> Content:
    """Return what the items of a kind with *acts* must say; rules of the ladder for other acts do not concern it.

    :raises FormatError: names what does not belong, and where.
    """
    rules = [_rule(row) for row in table.rows("fields", Table)]
    measures = {act: each for act, each in _measures(table).items() if act in acts}
    only_on = {act: each for act, each in _only_on(table).items() if act in acts}
    return Content(
        categories=table.terms(PropertyCategory, "categories"),
        rules=tuple(rule for rule in rules if not rule.acts or rule.acts & acts),
        measures=measures,
        longest=tuple(_longest(row) for row in table.rows("longest", Table)),
        only_on=only_on,
    )


def _rule(table: Table) -> FieldRule:
    rule = FieldRule(
        acts=table.terms(Act, "acts"),
        categories=table.terms(PropertyCategory, "categories"),
        order=_fields(table, "order", ORDER_FIELDS),
        outcome=_fields(table, "outcome", OUTCOME_FIELDS),
        one_of=table.get_or("one_of", False),
        citation=citation_of(table),
    )
    table.finish()
    return rule


def _fields(table: Table, key: str, known: Mapping[str, ItemField]) -> Fields:
    paths = table.rows(key, str)
    for path in paths:
        if path not in known:
            raise table.slip(f"没有字段 {path}", key)
    return tuple(known[path] for path in paths)


def _measures(table: Table) -> Mapping[Act, Measure]:
    found: dict[Act, Measure] = {}
    for name, each in table.tables("measures").items():
        act = table.table("measures").named(Act, name, name)
        found[act] = Measure(
            act=act,
            effect=each.choice(Effect, "effect"),
            renewed_by=each.term_or_none(Act, "renewed_by"),
            released_by=each.term_or_none(Act, "released_by"),
            citation=citation_of(each),
        )
        each.finish()
    return found


def _only_on(table: Table) -> Mapping[Act, OnlyOn]:
    found: dict[Act, OnlyOn] = {}
    for name, each in table.tables("only_on").items():
        act = table.table("only_on").named(Act, name, name)
        roles = each.terms(SubjectRole, "roles")
        if not roles:
            raise each.slip("应写明可以对谁办理", "roles")
        found[act] = OnlyOn(act, roles, citation_of(each))
        each.finish()
    return found


def _longest(table: Table) -> Longest:
    longest = Longest(
        table.terms(PropertyCategory, "categories"), table.get("years", int), citation_of(table)
    )
    table.finish()
    return longest
