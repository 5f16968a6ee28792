"""The steps that a course of a matter is made of, as data: the table of docs/coverage.md reads them without playing."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.integration.moves.contract import methods

from xiezhi_domain.rulebook import KindRules

if TYPE_CHECKING:
    from tests.integration.moves.play import Play

MACHINE = ""
"""Stands for a method where a machine acts of itself."""


@dataclass(frozen=True)
class Call:
    """One call. *who*: `party/person`, such as `receiver/field`. It has to add *makes* to the history, in this order,
    and the machines *then*. What *content* does not say is filled in as the rulebook asks for it.
    """

    who: str
    method: str
    makes: tuple[str, ...]
    then: tuple[str, ...] = ()
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Drafted:
    """The sender drafts an order and has it approved, *orally* by the first approver; nothing leaves his court."""

    receiver: str = "receiver"
    orally: bool = False
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseDrafted:
    """The sender drafts the delegation of a whole case and has it approved."""


@dataclass(frozen=True)
class HandoverDrafted:
    """The sender drafts a request for a handover and has it approved."""


@dataclass(frozen=True)
class DecisionDrafted:
    """The superior drafts a decision on a handover, with a limit of so many days (0: none)."""

    decision: int
    days: int = 0


@dataclass(frozen=True)
class ApplicationDrafted:
    """The sender drafts an application to share in a distribution and has it approved."""


@dataclass(frozen=True)
class UrgeDrafted:
    """The superior drafts a 督办."""


@dataclass(frozen=True)
class ReplyDrafted:
    """The court that is urged drafts its reply."""


@dataclass(frozen=True)
class Prepared:
    """Somebody gets ready what the next call needs; nothing happens to the matter."""

    what: Callable[["Play"], Awaitable[None]]


@dataclass(frozen=True)
class Wait:
    """Days pass."""

    days: int


@dataclass(frozen=True)
class Cut:
    """The line of a party is cut."""

    party: str


@dataclass(frozen=True)
class Doing:
    """What machines do: *what* happens is a method of `Play`, and it has to add *makes* to the history."""

    what: str
    makes: tuple[str, ...]


Step = (
    Call
    | Drafted
    | HandoverDrafted
    | DecisionDrafted
    | CaseDrafted
    | ApplicationDrafted
    | UrgeDrafted
    | ReplyDrafted
    | Prepared
    | Wait
    | Cut
    | Doing
)


@dataclass(frozen=True)
class Course:
    """A matter from its beginning, step by step. It is played with every kind on *ladder* that it fits."""

    name: str
    ladder: str
    steps: tuple[Step, ...]
    by_telephone: bool = False
    approved: bool = False

    def cells(self) -> Iterator[tuple[str, str]]:
        """Each method with the kind of event that it has to make here; machines have no method."""
        for step in self.steps:
            if isinstance(step, Call):
                yield from ((step.method, event) for event in step.makes)
                yield from ((MACHINE, event) for event in step.then)
            elif isinstance(step, Doing):
                yield from ((MACHINE, event) for event in step.makes)

    def fits(self, rules: KindRules) -> bool:
        """Whether the kind has this course: its ladder, services that are for it, 电话先行 or approvals where it needs
        them.
        """
        made = {event for step in self.steps if isinstance(step, Call | Doing) for event in step.makes}
        if rules.ladder != self.ladder or not made <= rules.moves.keys():
            return False
        called = {step.method for step in self.steps if isinstance(step, Call)}
        served = all(not methods()[name].kinds or rules.kind in methods()[name].kinds for name in called)
        allowed = (bool(rules.phone_first_acts) or not self.by_telephone) and (
            rules.is_approved or not self.approved
        )
        return rules.ladder == self.ladder and served and allowed


def at_node(who: str, method: str, *makes: str, then: tuple[str, ...] = (), **content: Any) -> Call:
    """A call of `InstructionService`; another service is named."""
    name = method if "." in method else f"InstructionService.{method}"
    return Call(who, name, makes, then, content)


def at_hub(who: str, method: str, *makes: str, then: tuple[str, ...] = (), **content: Any) -> Call:
    """A call of `SuperiorService`; another service is named."""
    name = method if "." in method else f"SuperiorService.{method}"
    return Call(f"hub/{who}", name, makes, then, content)
