"""A move of a ladder, as a type: who may make which event when, and what it does to the matter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from xiezhi_domain.terms import Action, Appeal, Mark, Role, State


class Side(StrEnum):
    """Which court may make a move. The superior is the court of the home hub; `hub` says that its machine does."""

    SENDER = "sender"
    RECEIVER = "receiver"
    SUPERIOR = "superior"
    HUB = "hub"


class Party(StrEnum):
    """The party whom a move replaces by the court that it is addressed to."""

    SENDER = "sender"
    RECEIVER = "receiver"


class NewDue(StrEnum):
    """How far a move may shift the end of the period that its fact `due` states."""

    EXTEND = "extend"
    """Later than now, by the limit `extension` at most, and not beyond what was asked."""
    AFRESH = "afresh"
    """The whole period again, from the move on."""
    PAUSE = "pause"
    """Later by the time for which the matter was suspended."""
    REDO = "redo"
    """As it is, or the limit `redo` from the move on."""
    ORDERED = "ordered"
    """As the superior orders it: by the limit `ordered` from the move on at most."""


class FactType(StrEnum):
    """What a fact of a header may be: nothing that people write, nothing personal."""

    CODE = "code"
    TIME = "time"
    COUNT = "count"
    FLAG = "flag"
    COURT = "court"
    ID = "id"
    IDS = "ids"
    PAPERS = "papers"
    SUMS = "sums"
    TIMES = "times"
    DAY = "day"
    DATES = "dates"
    SEIZURES = "seizures"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule comes from, and whether its text has been confirmed (law-and-practice.md)."""

    source: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class FactRule:
    """A fact that a header may carry. `table` names the reasons that a CODE is one of."""

    name: str
    type: FactType
    required: bool
    table: str = ""
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MatterOverlay:
    """What lies over a matter from the move that opens it to the one that closes it.

    `words` say it in refusals. `mark` is shown beside the state meanwhile. `appeal`: the common superior has to decide,
    and finds the matter in the list of those that wait for this decision.
    """

    words: str
    mark: Mark | None = None
    appeal: Appeal | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """Why a step that other ladders have is not on this one: in words for court staff, and where that stands."""

    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Move:
    """One move of a ladder: which event leads from which states to which, and under which conditions.

    `to` is None where the state stays. `remembers` keeps the state left on a stack, for the move that `resumes` it.
    `exact` moves are refused on a stale base, all others commute with what happened meanwhile. A move that is
    not `exact` and changes no state never makes another's base stale. Only a move that `reports` may state
    outcomes of items, only one that `rejects` may take them back; one that `completes` needs all of them.

    `after`: events that have happened; `once`: at most once in a matter; `reworks`: so many rejections before.
    `after_for`: for a reason code, the event that must have happened. `waits`: in a state, the limit that must have
    run out; `window`: the limit within which it must be made; `gap`: the limit that must have passed since it was
    made last; `awaits`: an event that must have answered since an overlay that it needs was opened, or the limit for
    it have run out; `breaches`: limits of which one must have been broken. `done_before`: what it reports was done
    before that event. An overlay is a name that a move `opens`, others need, forbid or close; `opens_for`: flags
    of the order with which a matter begins, and the overlay that each opens. What `supplies` must bring every paper
    that the acts of the matter need. `beyond`: facts that are days, and the limit in days that has to
    lie between the move and each. `balances`: facts that are sums, and the facts that together have to make each up.

    `same`: facts that have to be what an earlier event says: `Event.fact`, or `Event` for its id. `logged`: facts that
    are the place in the hub's log of the event that another fact names; `linked`: the fact with the matters of the
    superior that have to name this one. Both are judged by the hub, on its own log.
    `lasts`: for the side that suspends, the limit within which the fact `until` has to lie; it is stated with the
    reasons `until_for` and no others. What `lengthens` moves that end, counted from where it was.
    """

    kind: str
    action: Action | None
    sides: frozenset[Side]
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
    facts: tuple[FactRule, ...] = ()
    receipt: frozenset[str] = frozenset()
    """The kinds of events whose arrival the addressed court's machine states with this one."""
    once: bool = False
    reworks: int = 0
    urgent_only: bool = False
    after_for: Mapping[str, str] = field(default_factory=dict)
    waits: Mapping[State, str] = field(default_factory=dict)
    awaits: Mapping[str, str] = field(default_factory=dict)
    window: str = ""
    gap: str = ""
    breaches: frozenset[str] = frozenset()
    done_before: str = ""
    supplies: bool = False
    opens: str = ""
    opens_for: Mapping[str, str] = field(default_factory=dict)
    closes: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    forbids: frozenset[str] = frozenset()
    forgets: frozenset[str] = frozenset()
    """Events that it undoes: for windows and repetitions they have not happened."""
    changes: Party | None = None
    due: NewDue | None = None
    pauses: bool = False
    unpauses: bool = False
    makes_ordinary: bool = False
    beyond: Mapping[str, str] = field(default_factory=dict)
    balances: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    logged: Mapping[str, str] = field(default_factory=dict)
    linked: str = ""
    lasts: Mapping[Side, str] = field(default_factory=dict)
    until_for: frozenset[str] = frozenset()
    lengthens: bool = False
    keeps: frozenset[str] = frozenset()
    """What later moves of the ladder have to repeat of this one, as they name it in `same`."""

    # What decide and fold ask for every event, worked out once.
    fact_names: frozenset[str] = field(init=False, default=frozenset())
    required_facts: frozenset[str] = field(init=False, default=frozenset())
    commutes: bool = field(init=False, default=False)
    """Whether another event may ignore that this one happened after its base."""
    is_plain: bool = field(init=False, default=False)
    """Whether it does no more than lead to a state, and needs no more than a court, a role and a state."""

    def __post_init__(self) -> None:
        """Work out what follows from the rest."""
        names = {fact.name for fact in self.facts}
        names |= {"role"} if self.roles else set()
        names |= {"outcomes", "controlled"} if self.reports else set()
        names |= {"rejections"} if self.rejects else set()
        set_ = object.__setattr__
        set_(self, "fact_names", frozenset(names))
        set_(self, "required_facts", frozenset(fact.name for fact in self.facts if fact.required))
        stays = self.to is None and not self.resumes and not self.starts
        set_(self, "commutes", stays and not self.exact and self.changes is None)
        set_(self, "is_plain", not any(getattr(self, name) for name in _RARE))


_RARE = [
    "after_for",
    "once",
    "reworks",
    "urgent_only",
    "waits",
    "awaits",
    "window",
    "gap",
    "breaches",
    "done_before",
    "supplies",
    "opens",
    "closes",
    "needs",
    "forbids",
    "forgets",
    "changes",
    "due",
    "pauses",
    "unpauses",
    "makes_ordinary",
    "beyond",
    "balances",
    "same",
    "logged",
    "linked",
    "lasts",
    "until_for",
    "lengthens",
    "keeps",
]
"""Conditions and effects that few moves have; the others are decided on and folded without a look at them."""
