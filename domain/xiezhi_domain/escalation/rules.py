"""The rules of the supervisor's ladder, read from TOML; every slip is told with its line."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Final, TypeAlias

from xiezhi_domain.rulebook.document import read_document
from xiezhi_domain.rulebook.model import Limit, Unit
from xiezhi_domain.rulebook.move import Citation
from xiezhi_domain.rulebook.table import Table
from xiezhi_domain.terms import Role, Rung

BY_THEMSELVES: Final = frozenset({Rung.REMIND, Rung.ALERT, Rung.BREACH})
"""The rungs that may be climbed without people; all others are proposed to them."""
_UNITS: Final = frozenset({Unit.WORKING_DAYS, Unit.HOURS, Unit.MINUTES})


_MINUTE_MS: Final = 60_000
_Reach: TypeAlias = tuple[tuple[int, ...], tuple[int, ...]]


class Periods(StrEnum):
    """Which limits a step is about, by what they count."""

    ALL = "all"
    DAYS = "days"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """One step: what is done when, for which clocks (empty: all), to whom in the court that is charged.

    `amount` in `unit` after the end of the limit, before it if below 0; None: the working days before the end that
    each limit names itself.
    """

    name: str
    rung: Rung
    amount: int | None
    unit: Unit
    clocks: frozenset[str]
    periods: Periods
    automatic: bool
    roles: frozenset[Role]
    citation: Citation

    def is_about(self, clock: str, *, days: bool) -> bool:
        """Return whether the step is one for a clock that counts *days*, or for one that counts hours."""
        if self.clocks and clock not in self.clocks:
            return False
        return self.periods is Periods.ALL or (self.periods is Periods.DAYS) is days

    @property
    def offset_ms(self) -> int:
        """How far after the end of the limit a step in hours or minutes lies; the last moment is still in time."""
        amount = self.amount or 0
        return amount * _MINUTE_MS * (60 if self.unit is Unit.HOURS else 1) + (amount >= 0)


@dataclass(frozen=True, slots=True, eq=False)
class EscalationRules:
    """One version of the ladder; version 0 is the one that ships with the platform."""

    version: int
    steps: tuple[EscalationStep, ...]
    content: str
    _reaches: dict[tuple[str, tuple[int, ...], str, bool], _Reach] = field(default_factory=dict)

    def reaches(self, limit: Limit, *, days: bool) -> _Reach:
        """Return how far from the end of a limit its rungs lie: in working days, and in ms; the first come first.

        A limit whose running out is logged has that moment among them.
        """
        key = (limit.name, limit.warn, limit.logs, days)
        found = self._reaches.get(key)
        if found is None:
            found = self._reaches[key] = self._reach(limit, days=days)
        return found

    def _reach(self, limit: Limit, *, days: bool) -> _Reach:
        counts: set[int] = set()
        offsets: set[int] = {1} if limit.logs else set()
        for step in self.steps:
            if not step.is_about(limit.name, days=days):
                continue
            if step.amount is None:
                counts.update(-count for count in limit.warn if days)
            elif step.unit is Unit.WORKING_DAYS:
                counts.add(step.amount)
            else:
                offsets.add(step.offset_ms)
        return tuple(sorted(counts)), tuple(sorted(offsets))

    def step(self, name: str) -> EscalationStep | None:
        """Return the step called *name*, such as `remind` for the firing `remind/3`."""
        wanted = name.partition("/")[0]
        return next((step for step in self.steps if step.name == wanted), None)


def load_rules(content: str, version: int) -> EscalationRules:
    """Return the rules that *content* (TOML) spells.

    :raises FormatError: not TOML, an unknown key or name, or a rung that people decide on marked as automatic.
    """
    document = read_document("rules.toml", content)
    steps = tuple(_step(name, table) for name, table in document.required_tables("step").items())
    document.finish()
    return EscalationRules(version, steps, content)


@cache
def shipped_rules() -> EscalationRules:
    """Return the rules that ship with this version of the platform."""
    file = resources.files("xiezhi_domain.escalation").joinpath("data/rules.toml")
    return load_rules(file.read_text(encoding="utf-8"), 0)


def _step(name: str, table: Table) -> EscalationStep:
    own_days = table.get_or("own_days", False)
    unit = Unit.WORKING_DAYS if own_days else table.choice(Unit, "unit")
    if unit not in _UNITS:
        raise table.slip("只能用 working_days、hours 或 minutes", "unit")
    step = EscalationStep(
        name=name,
        rung=table.term(Rung, "rung"),
        amount=None if own_days else table.get("at", int),
        unit=unit,
        clocks=table.names("clocks"),
        periods=table.choice(Periods, "periods", Periods.ALL),
        automatic=table.get("automatic", bool),
        roles=table.terms(Role, "roles"),
        citation=Citation(table.get("source", str), table.get("confirmed", bool)),
    )
    if step.automatic and step.rung not in BY_THEMSELVES:
        raise table.slip("这一步由人决定，不能自动执行", "automatic")
    table.finish()
    return step
