"""The register of a property: who seized it when, in which rank, until when; folded from the events of the matter.

A pure fold: the same events give every court the same register. What it keeps to:

- rank follows the days of seizure alone; only the end of an earlier seizure moves a later one up (查封规定
  第26条), a handover never does;
- the end of a seizure is moved by a renewal alone, made before it (民诉法解释 第485条): what has ended is not renewed;
- what was stated once is not stated anew: a later statement adds seizures and changes none.

Days are ``2026-11-22`` and compare as text.
"""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, TypeAlias

from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.handover.seizures import StatedSeizure, stated_seizures
from xiezhi_domain.terms import EventKind

FOREVER: Final = "9999-12-31"
"""Stands for the end of a seizure that waits and has none yet."""


class Renewal(NamedTuple):
    """On which day a seizure was renewed, and until when."""

    renewed_on: str
    expires_on: str


class Seizure(NamedTuple):
    """One seizure with what became of it."""

    stated: StatedSeizure
    renewals: tuple[Renewal, ...] = ()
    lifted_on: str = ""

    @property
    def number(self) -> int:
        """Its number within the matter."""
        return self.stated.number

    @property
    def expires_on(self) -> str:
        """The day it ends, the last renewal included; empty where none is known."""
        return self.renewals[-1].expires_on if self.renewals else self.stated.expires_on

    def stands_on(self, day: str) -> bool:
        """Return whether it is in force, or waits, on *day*."""
        begun = self.stated.seized_on <= day
        return begun and not (self.lifted_on and self.lifted_on <= day) and self._end_on(day) >= day

    def _end_on(self, day: str) -> str:
        """Return its end as renewals up to *day* have moved it."""
        made = [renewal.expires_on for renewal in self.renewals if renewal.renewed_on <= day]
        return (made[-1] if made else self.stated.expires_on) or FOREVER


class Register(NamedTuple):
    """The seizures of a property, in the order in which they were made."""

    seizures: tuple[Seizure, ...] = ()

    def standing(self, day: str) -> tuple[Seizure, ...]:
        """Return the seizures that stand on *day*, the first one first; the others wait behind it."""
        return tuple(each for each in self.seizures if each.stands_on(day))

    def ranks(self, day: str) -> dict[int, int]:
        """Return the rank on *day* of each seizure that stands: number → rank, 1 for the first (首封)."""
        return {each.number: rank for rank, each in enumerate(self.standing(day), 1)}

    def first(self, day: str) -> Seizure | None:
        """Return the first seizure that stands on *day*."""
        return next(iter(self.standing(day)), None)

    def first_of(self, court: str, day: str) -> Seizure | None:
        """Return the foremost seizure of *court* that stands on *day*."""
        return next((each for each in self.standing(day) if each.stated.court == court), None)

    def get(self, number: int) -> Seizure | None:
        """Return a seizure by its number."""
        return next((each for each in self.seizures if each.number == number), None)


_Change: TypeAlias = Callable[[Seizure, JsonObject], Seizure]


def register_of(events: Iterable[tuple[str, JsonObject]]) -> Register:
    """Return the register that *events*, kinds with their facts, have made, in their order.

    :raises FormatError: a fact is not of its shape; the hub accepts none such.
    """
    register = Register()
    for kind, facts in events:
        register = after_event(register, kind, facts)
    return register


def after_event(register: Register, kind: str, facts: JsonObject) -> Register:
    """Return the register after one event; most events leave it as it is."""
    if "seizures" in facts:
        register = _stated(register, stated_seizures(facts["seizures"]))
    if kind == EventKind.SEIZURE_RENEWED:
        return _changed(register, facts, _renewed)
    if kind == EventKind.SEIZURE_LIFTED:
        return _changed(register, facts, _lifted)
    return register


def _stated(register: Register, rows: tuple[StatedSeizure, ...]) -> Register:
    known = {each.number for each in register.seizures}
    new = (Seizure(row) for row in rows if row.number not in known)
    ordered = sorted([*register.seizures, *new], key=lambda each: (each.stated.seized_on, each.number))
    return Register(tuple(ordered))


def _changed(register: Register, facts: JsonObject, change: _Change) -> Register:
    wanted = facts.get("seizure")
    return Register(
        tuple(change(each, facts) if each.number == wanted else each for each in register.seizures)
    )


def _renewed(seizure: Seizure, facts: JsonObject) -> Seizure:
    renewal = Renewal(str(facts["renewed"]), str(facts["expires"]))
    return seizure._replace(renewals=(*seizure.renewals, renewal)) if can_renew(seizure, renewal) else seizure


def can_renew(seizure: Seizure, renewal: Renewal) -> bool:
    """Return whether *renewal* has an effect: made in order while the seizure stood, with a later end."""
    last = seizure.renewals[-1].renewed_on if seizure.renewals else seizure.stated.seized_on
    return (
        last <= renewal.renewed_on
        and seizure.stands_on(renewal.renewed_on)
        and renewal.expires_on > (seizure.expires_on or renewal.renewed_on)
    )


def _lifted(seizure: Seizure, facts: JsonObject) -> Seizure:
    lifted = str(facts["lifted"])
    return seizure._replace(lifted_on=lifted) if can_lift(seizure, lifted) else seizure


def can_lift(seizure: Seizure, lifted_on: str) -> bool:
    """Return whether lifting the seizure on *lifted_on* has an effect: it stood, and was not renewed after that."""
    last = seizure.renewals[-1].renewed_on if seizure.renewals else ""
    return not seizure.lifted_on and last <= lifted_on and seizure.stands_on(lifted_on)
