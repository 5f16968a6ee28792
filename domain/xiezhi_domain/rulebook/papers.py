"""Papers that the rulebook asks for: with a matter, with its result, with later steps."""

from collections.abc import Iterable
from dataclasses import dataclass

from xiezhi_domain.rulebook.move import Citation, Side
from xiezhi_domain.terms import Act, PaperType


@dataclass(frozen=True, slots=True)
class PaperRule:
    """Papers that must go with any of `acts` (empty: with every matter), each with its reason.

    `optional` ones are offered and never asked for. `one_of`: any one of the papers will do. `local` rules are a
    court's own additions (本地要求).
    """

    acts: frozenset[Act]
    papers: tuple[PaperType, ...]
    reason: str
    citation: Citation
    optional: bool = False
    one_of: bool = False
    local: bool = False

    def missing(self, present: Iterable[str]) -> tuple[PaperType, ...]:
        """Return the papers of this rule that are not *present*; none if the rule is content."""
        if self.optional or (self.one_of and any(paper in present for paper in self.papers)):
            return ()
        lacking = tuple(paper for paper in self.papers if paper not in present)
        return lacking[:1] if self.one_of else lacking


@dataclass(frozen=True, slots=True)
class Enclosure:
    """Papers that go with any of the later steps `moves` where a court on one of `sides` (empty: any) makes it."""

    moves: frozenset[str]
    sides: frozenset[Side]
    papers: PaperRule

    def holds_for(self, move: str, side: Side) -> bool:
        """Return whether it says anything of *move* where a court on *side* makes it."""
        return move in self.moves and (not self.sides or side in self.sides)
