"""What an item may order and must say, by the rulebook (`xiezhi_domain.rulebook.content`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from google.protobuf.message import Message

from xiezhi.v1 import item_pb2, party_pb2
from xiezhi_desk.terms import ACTS, PROPERTY_CATEGORIES, SUBJECT_ROLES
from xiezhi_domain.item_fields import ORDER_FIELDS
from xiezhi_domain.rulebook import Effect, KindRules
from xiezhi_domain.terms import Act, PropertyCategory
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.ordering.required import asks, unfilled_of_item

_LASTING: Final = frozenset({Effect.CONTROLS, Effect.RENEWS, Effect.WAITS})
_DESCRIPTION: Final = ORDER_FIELDS["property.description"]
"""Every property that is named has one, whatever the act."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the day of sending to the day on which the order has to be done."""

    today: date
    due: date


@dataclass(slots=True)
class ItemCheck:
    """One check of the items of an order: what is `wrong` with them, and what is `missing`."""

    rules: KindRules
    subjects: Mapping[int, party_pb2.Subject]
    subject_numbers: frozenset[int]
    wrong: Fields
    missing: Fields
    acts: set[Act] = field(default_factory=set)
    sums: dict[int, int] = field(default_factory=dict)
    """The amounts, in fen, that count towards the sums of the case, by item."""

    ordered: int = 0
    """How much of that is to be controlled or collected, in fen; not what is released."""

    def item(self, path: str, item: item_pb2.Item) -> Act | None:
        """Check one item with the path *path*; returns its act."""
        act, category = self._act(path, item), self._category(path, item)
        self._subject(path, item, act)
        self._texts(path, item)
        self._property(path, item)
        for fields in unfilled_of_item(item, self.rules.content.rules_for(act), category):
            if fields[0] is not _DESCRIPTION or not item.HasField("property"):
                self.missing.add(f"{path}.{fields[0].path}", asks(fields, item.number))
        if act is not None and item.amount_fen > 0 and counts(self.rules, act, item):
            self._count(item, act)
        return act

    def _count(self, item: item_pb2.Item, act: Act) -> None:
        self.sums[item.number] = item.amount_fen
        if self.rules.content.effect(act) is not Effect.RELEASES:
            self.ordered += item.amount_fen

    def measure(self, path: str, item: item_pb2.Item, act: Act, period: Period) -> None:
        """Check how long a measure is to last, and that a renewal comes in time (民诉法解释 485)."""
        effect = self.rules.content.effect(act)
        if effect is Effect.RENEWS and (expires := parse_day(item.earlier.expires_on)):
            self._renewal(f"{path}.earlier.expires_on", act, expires, period)
        if effect not in _LASTING or not (until := parse_day(item.expires_on)):
            return
        if until <= period.today:
            self.wrong.add(f"{path}.expires_on", "到期日应在今天以后")
        longest = self.rules.content.longest_for(category_of(item))
        begins = parse_day(item.starts_on) or parse_day(item.earlier.expires_on) or period.due
        if longest is not None and until > years_after(begins, longest.years):
            source = longest.citation.source
            self.wrong.add(f"{path}.expires_on", f"{act.zh}期限最长 {longest.years} 年（{source}）")

    def _renewal(self, path: str, act: Act, expires: date, period: Period) -> None:
        if expires < period.today:
            self.wrong.add(path, f"原措施已于 {expires} 失效，不能{act.zh}，请重新委托控制")
        elif expires < period.due:
            self.wrong.add(
                path,
                f"原措施 {expires} 到期，本事项 {period.due} 才到办理期限，请缩短办理期限或者按紧急事项办理",
            )

    def _act(self, path: str, item: item_pb2.Item) -> Act | None:
        if not item.act:
            self.missing.add(f"{path}.act", f"请选择办理项 {item.number} 的行为")
            return None
        with self.wrong.collecting():
            act = ACTS.from_proto(item.act, f"{path}.act")
            if act in self.rules.acts:
                self.acts.add(act)
                return act
            self.wrong.add(f"{path}.act", f"{self.rules.name}不办理“{act.zh}”，请改用相应的事项类型")
        return None

    def _category(self, path: str, item: item_pb2.Item) -> PropertyCategory | None:
        """Return the category of the item's property; an unknown one is told by `_property`."""
        category = category_of(item)
        fitting = self.rules.content.categories
        if category is not None and fitting and category not in fitting:
            message = f"{self.rules.name}不涉及{category.zh}，请改用相应的事项类型"
            self.wrong.add(f"{path}.property.category", message)
        return category

    def _subject(self, path: str, item: item_pb2.Item, act: Act | None) -> None:
        if not item.subject_number:
            return
        path = f"{path}.subject_number"
        if item.subject_number not in self.subject_numbers:
            self.wrong.add(path, "应为本事项所选的事项对象")
            return
        subject = self.subjects.get(item.subject_number)
        if subject is not None:
            self._standing(path, subject, act)

    def _standing(self, path: str, subject: party_pb2.Subject, act: Act | None) -> None:
        """Note a subject whose role does not fit the act; a ground opens some acts, but not all (practice.md §9)."""
        role = SUBJECT_ROLES.from_proto(subject.role, path)
        only = self.rules.content.only_on.get(act) if act is not None else None
        if only is not None and role not in only.roles:
            words, source = "、".join(fit.zh for fit in sorted(only.roles)), only.citation.source
            message = f"“{only.act.zh}”只能对{words}办理，不得对{role.zh}办理，填写依据也不行（{source}）"
            self.wrong.add(path, message)
            return
        fitting = self.rules.subject_roles if act is None else self.rules.roles_for(act)
        if role in fitting or subject.role_ground.strip():
            return
        words = "、".join(fit.zh for fit in sorted(fitting))
        self.wrong.add(path, f"事项对象应为{words}；对{role.zh}办理的，请先在案件中填写依据")

    def _property(self, path: str, item: item_pb2.Item) -> None:
        if not item.HasField("property"):
            return
        found, path = item.property, f"{path}.property"
        with self.wrong.collecting():
            PROPERTY_CATEGORIES.from_proto(found.category, f"{path}.category")
        if not found.description.strip():
            self.missing.add(f"{path}.description", f"请说明办理项 {item.number} 的财产")
        self.wrong.limit_text(f"{path}.description", found.description, LONGEST_TEXT)
        self.wrong.require_amount(f"{path}.value_fen", found.value_fen)

    def _texts(self, path: str, item: item_pb2.Item) -> None:
        self.wrong.limit_text(f"{path}.scope", item.scope, LONGEST_TEXT)
        self.wrong.limit_text(f"{path}.clue", item.clue, LONGEST_TEXT)
        self.wrong.require_amount(f"{path}.amount_fen", item.amount_fen)
        self.wrong.require_day(f"{path}.expires_on", item.expires_on)
        self.wrong.require_day(f"{path}.starts_on", item.starts_on)
        if item.HasField("assisting_body"):
            _limit_texts(self.wrong, f"{path}.assisting_body", item.assisting_body)
        if item.HasField("earlier"):
            _limit_texts(self.wrong, f"{path}.earlier", item.earlier)
            self.wrong.require_day(f"{path}.earlier.expires_on", item.earlier.expires_on)
        if item.HasField("pay_to"):
            _limit_texts(self.wrong, f"{path}.pay_to", item.pay_to)
        if item.HasField("service"):
            _limit_texts(self.wrong, f"{path}.service", item.service)
        if item.HasField("network_query"):
            _limit_texts(self.wrong, f"{path}.network_query", item.network_query)
            self.wrong.require_day(f"{path}.network_query.queried_on", item.network_query.queried_on)


def counts(rules: KindRules, act: Act, item: item_pb2.Item) -> bool:
    """Return whether the amount of *item* counts towards the sums of its case.

    What is deducted from an account that was frozen before is controlled already.
    """
    effect = rules.content.effect(act)
    if effect is Effect.COLLECTS:
        return not item.HasField("earlier")
    return effect in (Effect.CONTROLS, Effect.RELEASES)


def years_after(day: date, years: int) -> date:
    """Return the day *years* later; of 29 February the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def category_of(item: item_pb2.Item) -> PropertyCategory | None:
    """Return the category of the item's property; None for none, or one that a newer version knows."""
    if not item.HasField("property"):
        return None
    number = item.property.category
    known = number in PROPERTY_CATEGORIES.descriptor.values_by_number
    return PROPERTY_CATEGORIES.from_proto(number, "category") if number and known else None


def parse_day(text: str) -> date | None:
    """Return the day that *text* says, such as 2026-11-22; None if it says none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _limit_texts(fields: Fields, path: str, message: Message) -> None:
    for descriptor, value in message.ListFields():
        values = [value] if isinstance(value, str) else value if descriptor.is_repeated else []
        for text in values:
            fields.limit_text(f"{path}.{descriptor.name}", text)
