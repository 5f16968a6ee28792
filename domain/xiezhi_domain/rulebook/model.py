"""What a rulebook says, as types."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.terms import Act, Action, PaperType, Role, State, SubjectRole


class Side(StrEnum):
    """Which court may make a move."""

    SENDER = "sender"
    RECEIVER = "receiver"
    BOTH = "both"
    HUB = "hub"


class Unit(StrEnum):
    """What a limit counts."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule comes from, and whether its text has been confirmed (law-and-practice.md)."""

    source: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Move:
    """One move of a ladder: which event leads from which states to which.

    `to` is None where the state stays. `remembers` keeps the state left, for the move that `resumes` it.
    `exact` moves are refused on a stale base, all others commute with what happened meanwhile. A move that is
    not `exact` and changes no state never makes another's base stale. Only a move that `reports` may state
    outcomes of items, only one that `rejects` may take them back; one that `completes` needs all of them.
    """

    kind: str
    action: Action | None
    side: Side
    roles: frozenset[Role]
    origins: frozenset[State]
    to: State | None
    citation: Citation
    exact: bool = False
    starts: bool = False
    remembers: bool = False
    resumes: bool = False
    after: frozenset[str] = frozenset()
    reports: bool = False
    completes: bool = False
    rejects: bool = False

    @property
    def commutes(self) -> bool:
        """Whether another event may ignore that this one happened after its base."""
        return not self.exact and self.to is None and not self.resumes and not self.starts


@dataclass(frozen=True, slots=True)
class Limit:
    """A period: how long, in which unit, for the urgent class too where it differs."""

    name: str
    amount: int
    unit: Unit
    urgent_amount: int
    urgent_unit: Unit
    citation: Citation


@dataclass(frozen=True, slots=True)
class PaperRule:
    """Papers that must go with any of `acts` (empty: with every matter), each with its reason."""

    acts: frozenset[Act]
    papers: tuple[PaperType, ...]
    reason: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class KindRules:
    """Everything that holds for one kind of matter."""

    kind: str
    name: str
    number_word: str
    moves: Mapping[str, Move]
    limits: Mapping[str, Limit]
    papers: tuple[PaperRule, ...]
    acts: frozenset[Act]
    subject_roles: frozenset[SubjectRole]
    drafting_roles: Mapping[Action, frozenset[Role]]
    item_reasons: Mapping[str, str]
    return_reasons: Mapping[str, str]
    rejection_reasons: Mapping[str, str]
    min_limit_days: int
    max_limit_days: int
    max_items: int
    confidential: bool
    machine_receipt: bool

    def missing_papers(
        self, acts: frozenset[Act], present: frozenset[PaperType]
    ) -> list[tuple[PaperType, PaperRule]]:
        """Return the papers that *acts* need and that are not *present*, each with the rule asking for it."""
        return [
            (paper, rule)
            for rule in self.papers
            if not rule.acts or rule.acts & acts
            for paper in rule.papers
            if paper not in present
        ]

    def move_for(self, action: Action) -> Move | None:
        """Return the move that *action* makes, or None if it makes none in this kind."""
        return next((move for move in self.moves.values() if move.action is action), None)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One immutable version of the rules."""

    hash: str
    content: bytes
    version: str
    kinds: Mapping[str, KindRules]

    def kind(self, kind: str) -> KindRules:
        """Return the rules of *kind*.

        :raises NotFound: UNKNOWN_KIND.
        """
        found = self.kinds.get(kind)
        if found is None:
            raise NotFound(Reason.UNKNOWN_KIND, metadata={"kind": kind})
        return found
