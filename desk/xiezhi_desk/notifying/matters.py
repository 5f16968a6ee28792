"""What a matter gives to what is told of it, at node and hub alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from xiezhi_desk.notifying.facts import Facts
from xiezhi_desk.notifying.occasion import Occasion
from xiezhi_desk.notifying.rules import END, Person, Rules, Side
from xiezhi_domain.court_time import to_date
from xiezhi_domain.rulebook import KindRules, Limit
from xiezhi_domain.terms import EventKind, NotificationKind, Role, Rung

HANDLE: Final = "handle"
"""The limit that is a matter's own period (docs/architecture.md)."""
_OF_RUNG: Final = {
    Rung.REMIND: NotificationKind.DUE_SOON,
    Rung.ALERT: NotificationKind.DUE_ALERT,
    Rung.BREACH: NotificationKind.OVERDUE,
}


@dataclass(frozen=True, slots=True)
class ToldMatter:
    """A matter as notifications need it; without rules, which this program may lack, nothing of it is told."""

    instruction: str
    kind: str
    number: str
    urgent: bool
    due_at: int
    rules: KindRules | None
    accounts: Mapping[Person, frozenset[str]] = field(default_factory=dict)

    @property
    def confidential(self) -> bool:
        """Whether nothing of it may be told outside the platform (practice.md §16)."""
        return self.rules is None or self.rules.confidential

    def facts(
        self, kind: NotificationKind, *, step: str = "", limit: str = HANDLE, due_at: int | None = None
    ) -> Facts:
        """Return what may be told: a step of it, and a limit with its end, its own where no other is named."""
        found = self.rules.limits.get(limit) if self.rules else None
        end = self.due_at if due_at is None else due_at
        return Facts(
            kind=kind,
            instruction=self.instruction,
            number=self.number,
            step=step,
            limit=found.title if found else "",
            due_at=end if found else 0,
            urgent=self.urgent,
            confidential=self.confidential,
        )


@dataclass(frozen=True, slots=True)
class ToldDeadline:
    """A rung that the hub's ladder has climbed for a court; times are in ms."""

    at: int
    clock: str
    rung: Rung
    due_at: int
    roles: frozenset[Role]


def event_occasions(
    rules: Rules, matter: ToldMatter, event_id: str, event: str, sides: frozenset[Side], at: int
) -> list[Occasion]:
    """Return what an accepted event of a matter gives to tell at a court that stands on *sides*."""
    return [
        Occasion(
            key=f"event/{event_id}",
            facts=matter.facts(rule.kind, step=step_of(event)),
            rule=rule,
            at=at,
            accounts=matter.accounts,
            over_by=rule.ends_of(event),
        )
        for rule in rules.of_event(event, matter.kind, sides)
    ]


def deadline_occasions(rules: Rules, matter: ToldMatter, told: ToldDeadline) -> list[Occasion]:
    """Return what a climbed rung gives to tell. Reminders say nothing true any more once the limit has run out."""
    limit = matter.rules.limits.get(told.clock) if matter.rules else None
    undelivered = limit is not None and limit.logs == EventKind.UNDELIVERED
    kind = NotificationKind.UNDELIVERED if undelivered else _OF_RUNG.get(told.rung)
    if kind is None:
        return []
    warns = kind in (NotificationKind.DUE_SOON, NotificationKind.DUE_ALERT)
    # Not by the number of the notice: a hub that is restored gives numbers again.
    # That a matter has not arrived is said once, though several rungs are climbed for it at the same time.
    when = "" if undelivered else f"/{told.rung}/{to_date(told.at)}"
    key = f"deadline/{matter.instruction}/{told.clock}/{told.due_at}{when}"
    return [
        Occasion(
            key=key,
            facts=matter.facts(kind, limit=told.clock, due_at=told.due_at),
            rule=rule,
            at=told.at,
            accounts=matter.accounts,
            named_roles=told.roles,
            expires_at=told.due_at if warns else 0,
            over_by=_meets(limit),
        )
        for rule in rules.of_kind(kind)
    ]


def _meets(limit: Limit | None) -> frozenset[str]:
    """Return what meets a limit or shifts its end; nothing of it is due as it was told then."""
    return frozenset({END, *limit.stops, *limit.restarts}) if limit else frozenset({END})


def step_of(event: str) -> str:
    """Return what people call an event; empty for one that this program does not know."""
    return EventKind(event).zh if event in set(EventKind) else ""
