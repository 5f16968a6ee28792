"""Who is told of what: rules that ship (`rules.toml`), and what a court changes of them."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from xiezhi_domain.terms import EventKind, NotificationChannel, NotificationKind, Role

END: Final = "END"
"""The end of a matter, where events of it are named."""


class Side(StrEnum):
    """The court of a matter that is told."""

    SENDER = "sender"
    RECEIVER = "receiver"
    OTHER = "other"
    """That did not act."""
    ACTOR = "actor"
    FORMER = "former"
    """That was a party and is none any more: it reads what happened until then."""
    SUPERIOR = "superior"
    """The hub's own court."""


class Person(StrEnum):
    """Somebody who is told not for a role but for what he has to do with the matter."""

    OFFICER = "officer"
    JUDGE = "judge"
    ACTOR = "actor"
    DUTY = "duty"


_WORKING: Final = frozenset({Role.JUDGE, Role.ASSISTANT, Role.FIELD_OFFICER})


class Rule(BaseModel):
    """One rule of `rules.toml`, which says what the keys mean."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: NotificationKind
    events: tuple[EventKind, ...] = ()
    kinds: tuple[str, ...] = ()
    sides: tuple[Side, ...] = ()
    who: tuple[Person, ...] = ()
    roles: frozenset[Role] = frozenset()
    over_by: Mapping[EventKind, tuple[EventKind | Literal["END"], ...]] = {}
    hub_roles: bool = False
    urgent_who: tuple[Person, ...] = ()
    urgent_roles: frozenset[Role] = frozenset()
    channels: tuple[NotificationChannel, ...]
    binding: bool = False

    def ends_of(self, event: str) -> frozenset[str]:
        """Return the events, and perhaps `END`, that make *event* not worth telling any more."""
        return frozenset(map(str, self.over_by.get(EventKind(event), ())))

    def people(self, *, urgent: bool) -> frozenset[Person]:
        """Return the persons that are told."""
        return frozenset(self.who) | (frozenset(self.urgent_who) if urgent else frozenset())

    def told_roles(self, named: frozenset[Role], *, urgent: bool) -> frozenset[Role]:
        """Return the roles that are told; *named* are those that the hub's ladder names.

        Of these, the roles that work on matters mean the one who works on this one, not all who have the role.
        """
        led = named - _WORKING if self.hub_roles else frozenset()
        return self.roles | led | (self.urgent_roles if urgent else frozenset())


class RuleChange(BaseModel):
    """What a court says otherwise of a kind: `[rules.RETURNED]`; what is left out stays as it ships."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = True
    who: tuple[Person, ...] | None = None
    roles: frozenset[Role] | None = None
    urgent_who: tuple[Person, ...] | None = None
    urgent_roles: frozenset[Role] | None = None
    channels: tuple[NotificationChannel, ...] | None = None
    binding: bool | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in force at one court."""

    rules: Sequence[Rule]

    def of_event(self, event: str, kind: str, sides: frozenset[Side]) -> list[Rule]:
        """Return the rules for an event in a matter of *kind*, at a court that stands on *sides*.

        A rule for the kind takes the place of those for all kinds.
        """
        about = [each for each in self.rules if event in each.events]
        named = [each for each in about if kind in each.kinds]
        found = named or [each for each in about if not each.kinds]
        return [each for each in found if not sides.isdisjoint(each.sides)]

    def of_kind(self, kind: NotificationKind) -> list[Rule]:
        """Return the rules that make notifications of *kind*."""
        return [each for each in self.rules if each.kind is kind]

    @property
    def binding(self) -> frozenset[NotificationKind]:
        """Kinds that nobody opts out of."""
        return frozenset(each.kind for each in self.rules if each.binding)


def shipped_rules() -> Rules:
    """Return the rules that ship."""
    text = resources.files("xiezhi_desk.notifying").joinpath("rules.toml").read_text(encoding="utf-8")
    return Rules([Rule(**each) for each in tomllib.loads(text)["rule"]])


def changed_rules(changes: Mapping[NotificationKind, RuleChange]) -> Rules:
    """Return the rules that ship, as a court changes them; a kind that it does not want has none."""
    return Rules(list(_changed(shipped_rules().rules, changes)))


def _changed(rules: Sequence[Rule], changes: Mapping[NotificationKind, RuleChange]) -> Iterable[Rule]:
    for rule in rules:
        change = changes.get(rule.kind, RuleChange())
        if change.enabled:
            said: dict[str, Any] = change.model_dump(exclude={"enabled"}, exclude_none=True)
            yield rule.model_copy(update=said)
