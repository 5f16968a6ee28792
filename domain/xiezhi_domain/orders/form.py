"""A superior's order as far as courts, cases and sums go: whom it goes to, and what it still lacks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import EventKind, Kind

ORDERS: Final = frozenset(
    {
        *(Kind.ORDER_URGE, Kind.ORDER_INSTRUCT, Kind.ORDER_DESIGNATE, Kind.ORDER_ELEVATE),
        *(Kind.ORDER_CROSS, Kind.ORDER_CONCENTRATE, Kind.ORDER_JOINT, Kind.COORDINATION_DECISION),
    }
)
"""What a superior orders."""
REQUESTS: Final = frozenset({Kind.ORDER_REQUEST, Kind.COORDINATION_DISPUTE})
"""What a lower court asks of it."""


class Part(StrEnum):
    """What an order is to one of its courts; a court may have several."""

    OLD_COURT = "OLD_COURT"
    """Its case goes to another court."""
    NEW_COURT = "NEW_COURT"
    """It takes the cases over."""
    KEEPS = "KEEPS"
    """Its case stays and is what the order is about."""
    LENDS = "LENDS"
    """It lends people or vehicles."""
    BOUND = "BOUND"
    """It is bound by the decision without a case in it."""


@dataclass(frozen=True, slots=True)
class OrderedCase:
    """A case that an order is about, with the sums in fen that the superior has before it."""

    court: str
    number: str
    claim: int
    recovered: int

    @property
    def balance(self) -> int:
        """What is not recovered yet."""
        return self.claim - self.recovered


@dataclass(frozen=True, slots=True)
class Force:
    """People and vehicles that a court lends, first and last day included."""

    court: str
    people: int
    vehicles: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Order:
    """An order on its way. *superior* decides; *new_court* takes the cases over, empty where they stay."""

    kind: str
    superior: str
    cases: tuple[OrderedCase, ...]
    new_court: str = ""
    forces: tuple[Force, ...] = ()
    others: tuple[str, ...] = ()

    def parts(self) -> Mapping[str, frozenset[Part]]:
        """Return the courts that the order goes to, each once, with what it is to them; never the superior itself."""
        found: dict[str, set[Part]] = {}
        own = Part.OLD_COURT if self.new_court else Part.KEEPS
        for case in self.cases:
            found.setdefault(case.court, set()).add(own)
        if self.new_court:
            found.setdefault(self.new_court, set()).add(Part.NEW_COURT)
        for force in self.forces:
            found.setdefault(force.court, set()).add(Part.LENDS)
        for court in self.others:
            found.setdefault(court, set()).add(Part.BOUND)
        found.pop(self.superior, None)
        return {court: frozenset(parts) for court, parts in found.items()}

    def balance_of(self, court: str) -> int:
        """Return the sum, in fen, that the order is about for *court*: all for the one that takes the cases over."""
        mine = [case for case in self.cases if court in (case.court, self.new_court)]
        return sum(case.balance for case in mine)


@dataclass(frozen=True, slots=True)
class _Needs:
    """What the order of a kind has to name beside its papers."""

    cases: int = 1
    forces: bool = False
    courts: int = 1


_NEEDS: Final[Mapping[str, _Needs]] = {
    Kind.ORDER_CONCENTRATE: _Needs(cases=2),
    Kind.ORDER_JOINT: _Needs(forces=True, courts=2),
    Kind.COORDINATION_DECISION: _Needs(cases=0, courts=2),
}
"""The kinds that ask for more, or less, than one case at one court."""


def moves_cases(rules: KindRules) -> bool:
    """Return whether orders of the kind take cases from their courts."""
    return EventKind.OLD_CASE_CLOSED in rules.moves


def elevates(rules: KindRules) -> bool:
    """Return whether by orders of the kind the superior takes the cases itself."""
    return EventKind.CASE_ELEVATED in rules.moves


def slips(order: Order, rules: KindRules) -> Iterator[tuple[str, str]]:
    """Give what is wrong with the order as drafted: name of the field, and what to do; drafts may still lack things."""
    yield from _wrong_cases(order)
    yield from _wrong_court(order, rules)
    yield from _wrong_forces(order, rules)


def _wrong_cases(order: Order) -> Iterator[tuple[str, str]]:
    for at, case in enumerate(order.cases):
        if not 0 <= case.recovered <= case.claim:
            yield f"cases[{at}].recovered_fen", "已执行到位金额不能超过执行标的"
        if order.new_court and case.court == order.new_court:
            yield f"cases[{at}].court", "接收案件的法院不能同时是原执行法院"
    numbers = [case.number for case in order.cases]
    for at, number in enumerate(numbers):
        if number in numbers[:at]:
            yield f"cases[{at}].case_number", "同一案件只能列一次"


def _wrong_court(order: Order, rules: KindRules) -> Iterator[tuple[str, str]]:
    if order.new_court and not moves_cases(rules):
        yield "new_court", f"{rules.name}不改变执行法院，请不要填写接收案件的法院"
    if order.new_court and elevates(rules) and order.new_court != order.superior:
        yield "new_court", "提级执行由作出决定的法院自行执行"
    if order.new_court == order.superior and not elevates(rules):
        yield "new_court", "由本院自行执行的，请选择提级执行"


def _wrong_forces(order: Order, rules: KindRules) -> Iterator[tuple[str, str]]:
    if order.forces and not _NEEDS.get(order.kind, _Needs()).forces:
        yield "forces", f"{rules.name}不借调执行力量，请选择协同执行"
    for at, force in enumerate(order.forces):
        if force.last < force.first:
            yield f"forces[{at}].until_on", "借调的结束日期不能早于开始日期"
        if force.people + force.vehicles <= 0:
            yield f"forces[{at}].officers", "请列明借调的人员或车辆"


def gaps(order: Order, rules: KindRules) -> Iterator[str]:
    """Give, in words, what the order still lacks before it can be approved; papers are the rulebook's to ask for."""
    needs = _NEEDS.get(order.kind, _Needs())
    if len(order.cases) < needs.cases:
        yield "请列明案件" if needs.cases == 1 else f"{rules.name}应列明至少 {needs.cases} 件案件"
    if moves_cases(rules) and not order.new_court:
        yield "请选择接收案件的法院"
    if moves_cases(rules) and any(case.claim <= 0 for case in order.cases):
        yield "请填写每件案件的执行标的和已执行到位金额"
    if needs.forces and not order.forces:
        yield "请列明借调的人员、车辆和起止日期"
    if len(order.parts()) < (0 if elevates(rules) else needs.courts):
        yield f"{rules.name}应下发至至少 {needs.courts} 个法院"
