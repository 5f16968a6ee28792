"""Old case and new case: what courts have recorded of an order, and whether the balance went over once, to the fen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.terms import EventKind

_STATES_BALANCE: Final[Mapping[str, str]] = {EventKind.ISSUED: "claim", EventKind.ORDER_CHANGED: "balance"}
_Told = Iterable[tuple[str, JsonObject]]


@dataclass(frozen=True, slots=True)
class Succession:
    """What became of the cases of one order. Sums in fen, by court; `balances` are what the superior ordered last.

    `moved` counts the open matters that were moved to the new court.
    """

    balances: Mapping[str, int] = field(default_factory=dict)
    closed: Mapping[str, int] = field(default_factory=dict)
    filed: Mapping[str, int] = field(default_factory=dict)
    moved: int = 0

    def unfinished(self, old_courts: Iterable[str], new_court: str) -> tuple[str, ...]:
        """Return, in words, why the order cannot be closed yet; *new_court* is the superior where it elevates."""
        said = [f"{court} 尚未登记原案销案" for court in sorted(set(old_courts) - self.closed.keys())]
        if new_court not in self.filed:
            said.append(f"{new_court} 尚未登记新案立案")
        elif not said and sum(self.closed.values()) != self.filed[new_court]:
            old, new = sum(self.closed.values()), self.filed[new_court]
            said.append(
                f"原案销案余额 {old} 分与新案立案金额 {new} 分不符，请核对后由法院更正或由本院变更决定"
            )
        return tuple(said)


def expected_balance(history: _Told) -> int:
    """Return the balance, in fen, that a court was told last, from the events of its own matter."""
    balance = 0
    for kind, facts in history:
        value = facts.get(_STATES_BALANCE.get(kind, ""))
        balance = value if isinstance(value, int) else balance
    return balance


def succession_of(histories: Iterable[tuple[str, _Told]], superior: str) -> Succession:
    """Return what the matters of one order say, each the events of one court; *superior* issued them."""
    found = Succession()
    for court, told in histories:
        history = list(told)
        found = replace(found, balances={**found.balances, court: expected_balance(history)})
        for kind, facts in history:
            found = _after(found, court, kind, facts, superior)
    return found


def _after(found: Succession, court: str, kind: str, facts: JsonObject, superior: str) -> Succession:
    balance, moved = facts.get("balance"), facts.get("moved")
    if kind == EventKind.OLD_CASE_CLOSED and isinstance(balance, int):
        return replace(found, closed={**found.closed, court: balance})
    if kind == EventKind.NEW_CASE_FILED and isinstance(balance, int):
        return replace(found, filed={**found.filed, court: balance})
    if kind == EventKind.CASE_ELEVATED and isinstance(balance, int):
        # With several old courts the superior files for each of them: one event in the matter of each.
        return replace(found, filed={**found.filed, superior: found.filed.get(superior, 0) + balance})
    if kind == EventKind.MATTERS_MOVED and isinstance(moved, int):
        return replace(found, moved=found.moved + moved)
    return found
