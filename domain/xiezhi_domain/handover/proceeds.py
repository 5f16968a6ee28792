"""What became of the proceeds of a property, in fen: every fen that came in is accounted for.

disposed = costs + distributed + reserved + remainder; what was reserved for a first claim that no effective document
confirms yet (法释〔2016〕6号 第3条) is later released or returned, to the fen.
"""

from collections.abc import Iterable
from typing import NamedTuple

from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.ladder.facts import item_sums
from xiezhi_domain.terms import EventKind


class Proceeds(NamedTuple):
    """Sums in fen. `disposed` is what the property brought; `shares` what each claim got, by its number.

    `reserved` was set aside for the first claim, of which `released` went to it and `returned` to the others or the
    debtor later. `is_distributed` says whether anything was distributed yet.
    """

    disposed: int = 0
    costs: int = 0
    shares: tuple[tuple[int, int], ...] = ()
    reserved: int = 0
    remainder: int = 0
    released: int = 0
    returned: int = 0
    is_distributed: bool = False

    @property
    def distributed(self) -> int:
        """What the claims got together, released reserves not included."""
        return sum(fen for _, fen in self.shares)

    @property
    def held(self) -> int:
        """What is still set aside."""
        return self.reserved - self.released - self.returned

    @property
    def is_balanced(self) -> bool:
        """Whether every fen is accounted for; before a distribution nothing is to be."""
        spent = self.costs + self.distributed + self.reserved + self.remainder
        return self.held >= 0 and (not self.is_distributed or self.disposed == spent)


def proceeds_of(events: Iterable[tuple[str, JsonObject]]) -> Proceeds:
    """Return what *events*, kinds with their facts, say of the money, in their order.

    :raises FormatError: a fact is not of its shape; the hub accepts none such.
    """
    proceeds = Proceeds()
    for kind, facts in events:
        proceeds = after_event(proceeds, kind, facts)
    return proceeds


def after_event(proceeds: Proceeds, kind: str, facts: JsonObject) -> Proceeds:
    """Return the proceeds after one event."""
    match kind:
        case EventKind.DISPOSAL_REPORTED:
            return proceeds._replace(disposed=_fen(facts, "disposed"))
        case EventKind.PROCEEDS_DISTRIBUTED:
            return proceeds._replace(
                disposed=_fen(facts, "disposed"),
                costs=_fen(facts, "costs"),
                shares=tuple(item_sums(facts, "shares").items()),
                reserved=_fen(facts, "reserved"),
                remainder=_fen(facts, "remainder"),
                is_distributed=True,
            )
        case EventKind.RESERVE_RELEASED:
            return proceeds._replace(released=_fen(facts, "released"), returned=_fen(facts, "returned"))
        case _:
            return proceeds


def _fen(facts: JsonObject, name: str) -> int:
    value = facts.get(name, 0)
    return value if isinstance(value, int) else 0
