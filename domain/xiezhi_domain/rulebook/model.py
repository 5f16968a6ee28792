"""What a rulebook says, as types."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.rulebook.content import Content
from xiezhi_domain.rulebook.grounds import Ground
from xiezhi_domain.rulebook.move import (
    Bar,
    Citation,
    FactRule,
    FactType,
    MatterOverlay,
    Move,
    NewDue,
    Party,
    Side,
)
from xiezhi_domain.rulebook.papers import Enclosure, PaperRule
from xiezhi_domain.terms import Act, Action, Channel, Outcome, PaperType, Role, State, SubjectRole

__all__ = [
    "ApprovalStep",
    "Bar",
    "Citation",
    "Enclosure",
    "FactRule",
    "FactType",
    "KindRules",
    "Limit",
    "MatterOverlay",
    "Move",
    "NewDue",
    "OwnRules",
    "Owner",
    "PaperRule",
    "Party",
    "Rulebook",
    "Scope",
    "Side",
    "Unit",
]

_MADE = frozenset({Outcome.DONE, Outcome.PARTLY_DONE})


class Unit(StrEnum):
    """What a limit counts; `percent` is a share of the matter's own period.

    Hours and minutes run through nights and holidays, `working_minutes` in the courts' working hours alone. A month
    ends on the day of the same number, or on the last of its month (民法典 202).
    """

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    WORKING_MINUTES = "working_minutes"
    PERCENT = "percent"


class Owner(StrEnum):
    """Who is charged when a limit runs out."""

    SENDER = "sender"
    RECEIVER = "receiver"
    SUPERIOR = "superior"


class Scope(StrEnum):
    """To which matters a limit applies."""

    ALL = "all"
    URGENT = "urgent"
    PHONE_FIRST = "phone_first"
    ORAL_CONSENT = "oral_consent"


@dataclass(frozen=True, slots=True)
class Limit:
    """A period: how long, in which unit, for the urgent class too where it differs, and when its clock runs.

    `starts` are kinds of events, the last of which wins, or names of other limits: then it starts as soon as that
    one is met or has run out (the receiver's clock of practice.md §4 starts with the limit `arrival`). `stops` are
    the events that meet it; a final state ends it too. It does not run while the matter is in a state of
    `paused_in`. Where an event of `restarts` happens, it is due no earlier than the limit named there allows,
    counted from that event; naming the limit itself gives the whole period afresh. `owner` is charged with a breach
    and warned so many working days before as `warn` says. What is no `duty` is only a window or a gap: the ladder
    judges by it, nobody is late. `needs_call`: in the urgent class it runs out only if a call was logged before.
    `logs` is the event that the hub's own court enters in the log when it has run out; empty for none.
    """

    name: str
    title: str
    amount: int
    unit: Unit
    urgent_amount: int
    urgent_unit: Unit
    citation: Citation
    starts: frozenset[str] = frozenset()
    stops: frozenset[str] = frozenset()
    paused_in: frozenset[State] = frozenset()
    restarts: Mapping[str, str] = field(default_factory=dict)
    owner: Owner = Owner.RECEIVER
    warn: tuple[int, ...] = ()
    duty: bool = True
    scope: Scope = Scope.ALL
    needs_call: bool = False
    logs: str = ""

    def period(self, *, urgent: bool) -> tuple[int, Unit]:
        """Return amount and unit for the class of a matter."""
        return (self.urgent_amount, self.urgent_unit) if urgent else (self.amount, self.unit)


@dataclass(frozen=True, slots=True)
class ApprovalStep:
    """One approval before the seal: by one of `roles`, for any of `acts` (empty: all), from `above` fen on."""

    roles: frozenset[Role]
    acts: frozenset[Act]
    above: int
    citation: Citation


@dataclass(frozen=True, slots=True, weakref_slot=True)
class KindRules:
    """Everything that holds for one kind of matter between two courts.

    What others work out of it (`clocks.plan`) is let go with it.
    """

    kind: str
    name: str
    ladder: str
    number_word: str
    moves: Mapping[str, Move]
    limits: Mapping[str, Limit]
    papers: tuple[PaperRule, ...]
    feedback: tuple[PaperRule, ...]
    enclosures: tuple[Enclosure, ...]
    approval: tuple[ApprovalStep, ...]
    acts: frozenset[Act]
    subject_roles: frozenset[SubjectRole]
    act_roles: Mapping[Act, frozenset[SubjectRole]]
    content: Content
    phone_first_acts: frozenset[Act]
    drafting_roles: Mapping[Action, frozenset[Role]]
    overlays: Mapping[str, MatterOverlay]
    reasons: Mapping[str, Mapping[str, str]]
    min_limit_days: int
    max_limit_days: int
    max_items: int
    confidential: bool
    machine_receipt: bool
    complete_papers: bool
    within_province: bool
    """Whether it may be sent to a court of the sender's own province."""
    same_level: bool
    """Whether it may be sent to courts of the sender's own level alone."""
    channel: Channel
    grounds: Mapping[str, Ground]
    """Legal bases of which an order has to name one; empty where the kind asks for none."""
    bars: Mapping[str, Bar]
    """Kinds of events of other ladders that the law keeps off this one, each with the article."""
    start: Move = field(init=False)
    receipts: Mapping[str, str] = field(init=False)
    """Which event an arriving one is answered with by machine: kind of event → kind of its receipt."""

    def __post_init__(self) -> None:
        """Find the starting move and the receipts."""
        start = next(move for move in self.moves.values() if move.starts)
        receipts = {kind: move.kind for move in self.moves.values() for kind in move.receipt}
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "receipts", receipts if self.machine_receipt else {})

    @property
    def item_reasons(self) -> Mapping[str, str]:
        """Why an item was not done: code → Chinese."""
        return self.reasons["item"]

    @property
    def return_reasons(self) -> Mapping[str, str]:
        """Why a matter is returned: code → Chinese."""
        return self.reasons["return"]

    @property
    def rejection_reasons(self) -> Mapping[str, str]:
        """Why a result is rejected: code → Chinese."""
        return self.reasons["rejection"]

    def missing_papers(
        self, acts: frozenset[Act], present: frozenset[PaperType]
    ) -> list[tuple[PaperType, PaperRule]]:
        """Return the papers that *acts* need and that are not *present*, each with the rule asking for it."""
        asked = (rule for rule in self.papers if not rule.acts or rule.acts & acts)
        return [(paper, rule) for rule in asked for paper in rule.missing(present)]

    def missing_feedback(
        self, items: Mapping[int, str], outcomes: Mapping[int, tuple[str, str]], present: Iterable[str]
    ) -> list[tuple[PaperType, PaperRule]]:
        """Return the papers that a completion lacks: what was done of *items* needs its proof (practice.md §10)."""
        done = {items[number] for number, (outcome, _) in outcomes.items() if outcome in _MADE}
        asked = (rule for rule in self.feedback if not rule.acts or rule.acts & done)
        return [(paper, rule) for rule in asked for paper in rule.missing(present)]

    def missing_enclosures(
        self, move: str, side: Side, present: Iterable[str]
    ) -> list[tuple[PaperType, PaperRule]]:
        """Return the papers that *move* of a court on *side* needs and that are not *present*, each with its rule."""
        present = frozenset(present)
        asked = (each.papers for each in self.enclosures if each.holds_for(move, side))
        return [(paper, rule) for rule in asked for paper in rule.missing(present)]

    def approval_chain(self, acts: Iterable[str], amount: int = 0) -> tuple[frozenset[Role], ...]:
        """Return who approves before the seal, one after the other; empty where the seal follows at once.

        *amount* is the sum of the order in fen.
        """
        acts = frozenset(acts)
        return tuple(
            step.roles
            for step in self.approval
            if (not step.acts or step.acts & acts) and amount >= step.above
        )

    @property
    def is_approved(self) -> bool:
        """Whether any of its acts has to be approved before the seal."""
        return any(self.approval_chain([act]) for act in self.acts)

    def roles_for(self, act: Act) -> frozenset[SubjectRole]:
        """Return the roles in the case that *act* may be directed at without a ground of its own (practice.md §9)."""
        return self.act_roles.get(act, self.subject_roles)

    def moves_for(self, action: Action) -> tuple[Move, ...]:
        """Return the moves that *action* makes: more than one where the state or the decision chooses."""
        return tuple(move for move in self.moves.values() if move.action is action)


@dataclass(frozen=True, slots=True)
class OwnRules:
    """What courts may lay over the rulebook (`own_rules`).

    `alone` are the keys that need nobody's consent, where they hold within `alone_days` from today; no court may want
    them later than `latest_days` from today.
    """

    alone: frozenset[str] = frozenset()
    alone_days: int = 0
    latest_days: int = 0
    citation: Citation = field(default_factory=lambda: Citation("", confirmed=False))


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One immutable version of the rules, in force for new matters from `valid_from` until a later one.

    Shown by what names it: asyncio writes down the result of a task whenever it hands Ctrl-C back, all rules at once.
    """

    hash: str
    content: bytes = field(repr=False)
    version: str
    valid_from: date
    kinds: Mapping[str, KindRules] = field(repr=False)
    """The rules of each kind without any court's overlay."""
    local: Callable[[str, str, str], KindRules] | None = field(default=None, compare=False, repr=False)
    """The rules of a kind between two courts, where the rulebook has overlays (`overlay.LocalRules`)."""
    grace_days: int = 0
    """For how long after `valid_from` the hub still takes new matters under the rulebook before (`versions`)."""
    own_rules: OwnRules = field(default_factory=OwnRules, repr=False)

    @property
    def public_kinds(self) -> frozenset[str]:
        """The kinds that are not confidential (保密办理).

        One that this rulebook does not know is confidential, too, until another says otherwise.
        """
        return frozenset(kind for kind, rules in self.kinds.items() if not rules.confidential)

    def kind(self, kind: str) -> KindRules:
        """Return the rules of *kind* as they hold where no overlay does.

        :raises NotFound: UNKNOWN_KIND.
        """
        found = self.kinds.get(kind)
        if found is None:
            raise NotFound(Reason.UNKNOWN_KIND, metadata={"kind": kind})
        return found

    def rules(self, kind: str, sender: str, receiver: str) -> KindRules:
        """Return the rules of *kind* between two courts, their provinces' and their own overlays included.

        :raises NotFound: UNKNOWN_KIND.
        """
        if self.local is None or kind not in self.kinds:
            return self.kind(kind)
        return self.local(kind, sender, receiver)

    def reasons(self, table: str) -> Mapping[str, str]:
        """Return the codes of a table of reasons with their words, of all ladders that have it."""
        return {
            code: words
            for rules in self.kinds.values()
            for code, words in rules.reasons.get(table, {}).items()
        }
