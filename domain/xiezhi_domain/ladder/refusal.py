"""Why an event may not happen."""

from dataclasses import dataclass, field, replace

from xiezhi_domain.errors import Reason
from xiezhi_domain.rulebook.model import KindRules
from xiezhi_domain.rulebook.move import Citation


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason; `winner` is the id of the event that stands against it, if one does.

    `detail` names a field or a condition for programs, `text` says it in Chinese; `source` is the article or rule that
    forbids it: that of a period or a paper, or of the move; empty where no single rule does.
    """

    reason: Reason
    winner: str = ""
    detail: str = ""
    text: str = field(default="", compare=False)
    source: str = field(default="", compare=False)

    def under(self, citation: Citation) -> "Refusal":
        """Return it with the source of *citation*, unless a rule of its own forbids it."""
        return self if self.source else replace(self, source=citation.source)


def not_on_the_ladder(rules: KindRules, kind: str, winner: str = "") -> Refusal:
    """Return the refusal of a step that the ladder has not, by the article that keeps it off where there is one."""
    bar = rules.bars.get(kind)
    if bar is None:
        return Refusal(Reason.WRONG_STATE, winner, text=f"{rules.name}没有此项操作")
    return Refusal(Reason.WRONG_STATE, winner, text=bar.text, source=bar.citation.source)
