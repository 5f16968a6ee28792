"""The rulebook that this node uses for new matters now: of those that it holds, the one in force by its date."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from xiezhi_domain.court_time import to_date
from xiezhi_domain.rulebook import Rulebook, rulebook_in_force


@dataclass(frozen=True, slots=True)
class RulebooksInForce:
    """What the journal holds, asked for each time: a publication is there as soon as its event is stored.

    All that a node holds its hub has published, so that one published ahead comes into force by the clock alone.
    """

    held: Mapping[str, Rulebook]
    clock: Callable[[], int]

    def now(self) -> Rulebook:
        """Return the one for new matters."""
        return rulebook_in_force(list(self.held.values()), to_date(self.clock()))

    def pinned(self, hash_: str) -> Rulebook:
        """Return the one that a matter pins; the one for new matters where it pins none, or while it is not here."""
        return self.held.get(hash_) or self.now()
