"""Whom an occasion is told to: accounts of the court, who is on duty, the court's webhooks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from xiezhi_desk.accounts import store as accounts
from xiezhi_desk.accounts.account import Account
from xiezhi_desk.notifying import preferences
from xiezhi_desk.notifying.mobiles import mobiles_on_duty
from xiezhi_desk.notifying.occasion import Occasion
from xiezhi_desk.notifying.preferences import Preferences
from xiezhi_desk.notifying.rules import Person
from xiezhi_domain.terms import NotificationChannel, Role

_DUTY: Final = "duty"
_ON_DUTY: Final = "值班人"
_ACCOUNT: Final = "account:"
_HOOK: Final = "hook:"


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody or something that is told; `account` is empty where it is nobody's."""

    key: str
    name: str
    account: str = ""


def hook(name: str) -> Addressee:
    """Return the webhook *name* as an addressee."""
    return Addressee(f"{_HOOK}{name}", name)


def hook_of(key: str) -> str:
    """Return the name of the webhook that an addressee's key means."""
    return key.removeprefix(_HOOK)


def _on_duty(place: int) -> Addressee:
    return Addressee(f"{_DUTY}:{place}" if place else _DUTY, _ON_DUTY)


def duty_place(key: str) -> int | None:
    """Return which of those on duty an addressee's key means, the first being 0; None where it means somebody else.

    By place and not by name: who is told is who is on duty when the message goes out.
    """
    duty, _, place = key.partition(":")
    return int(place or 0) if duty == _DUTY else None


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works at the court, by name, what each wants, and how many are on duty; read once for many occasions."""

    people: Sequence[Account]
    wishes: Mapping[str, Preferences]
    on_duty: int


def read_staff(connection: Connection, court: str, now: int) -> Staff:
    """Return the staff of *court* as it is *now* (ms)."""
    people = [each for each in accounts.list_accounts(connection) if _is_a_person(each)]
    wishes = preferences.read_all(connection, [each.account_id for each in people])
    return Staff(people, wishes, len(mobiles_on_duty(connection, court, now)))


def people_of(staff: Staff, occasion: Occasion, channel: NotificationChannel) -> Sequence[Addressee]:
    """Return the people that *occasion* is told to on *channel*, each once, by name.

    Where the one who works on the matter is gone, its owner is told: 指挥中心主任 (practice.md §15).
    """
    rule, urgent = occasion.rule, occasion.facts.urgent
    wanted = rule.people(urgent=urgent)
    roles = rule.told_roles(occasion.named_roles, urgent=urgent)
    ids = {account for person in wanted for account in occasion.accounts.get(person, frozenset())}
    if wanted & {Person.OFFICER, Person.ACTOR} and not any(each.account_id in ids for each in staff.people):
        roles |= {Role.CENTRE_DIRECTOR}
    told = [each for each in staff.people if each.account_id in ids or each.roles & roles]
    found = [*_who_want_it(staff, occasion, channel, told)]
    if Person.DUTY in wanted and channel is NotificationChannel.SMS:
        found += [_on_duty(place) for place in range(max(staff.on_duty, 1))]
    return found


def _is_a_person(account: Account) -> bool:
    return not account.disabled and account.roles != {Role.INTEGRATION}


def _who_want_it(
    staff: Staff, occasion: Occasion, channel: NotificationChannel, told: Sequence[Account]
) -> Iterable[Addressee]:
    for each in told:
        wish = staff.wishes.get(each.account_id)
        if occasion.rule.binding or wish is None or wish.wants(occasion.facts.kind, channel):
            yield Addressee(f"{_ACCOUNT}{each.account_id}", each.officer.name, each.account_id)
