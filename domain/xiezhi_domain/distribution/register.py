"""One distribution as the events of its matters have made it, at the court that presides or at one that takes part.

Each creditor's share is carried by a matter of its own. What concerns all is told in every one of them, word for word,
so that a single matter shows the whole plan; here it counts once. The fold does not depend on which matter is read
first, nor on how often one is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from xiezhi_domain.distribution.plan import Correction, Plan, correction_of, plan_of
from xiezhi_domain.distribution.shares import Claim
from xiezhi_domain.ladder.facts import item_sums
from xiezhi_domain.terms import EventKind

DEBTOR = 0
"""The party that is no claim: the debtor."""


class Entry(NamedTuple):
    """An event, by its id, of a matter that carries a share."""

    id: str
    matter: str
    kind: str
    facts: dict[str, Any]


class Receipt(NamedTuple):
    """When (ms) and how (a code) a party was served with a paper."""

    received: int
    way: str


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection of a party against a plan, handed in at *handed_in* (ms), on a *ground* (a code).

    Its id is that of the event `PlanObjected`, or what the presiding court gave to one of its own parties.
    """

    id: str
    plan: int
    party: int
    handed_in: int
    ground: str
    correction: Correction


@dataclass(frozen=True, slots=True)
class Member:
    """A matter that carries the share of one claim. Sums in fen.

    `plan` is the plan that it was told last, 0 for none; `payments` what was settled for every claim, None before that
    and after what opens it again; `due` what the claim itself is to get of that, `paid` what was paid of it. `left`:
    the claim takes no part any more.
    """

    claim: Claim
    debtor: str
    plan: int = 0
    payments: Mapping[int, int] | None = None
    deposited: int = 0
    remainder: int = 0
    due: int = 0
    paid: int = 0
    payments_made: int = 0
    left: bool = False
    is_disputed: bool = False
    is_released: bool = False
    notified: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Register:
    """A distribution.

    `receipts`: of the plan with that number, or of an objection and of what opposes it, by (event, what, party).
    `counters`: (objection, party) → when (ms) the counter-objection was handed in. `suits`: objection → when filed.
    """

    members: Mapping[str, Member] = field(default_factory=dict)
    plan: Plan | None = None
    receipts: Mapping[tuple[str, str, int], Receipt] = field(default_factory=dict)
    objections: Mapping[str, Objection] = field(default_factory=dict)
    counters: Mapping[tuple[str, int], int] = field(default_factory=dict)
    suits: Mapping[str, int] = field(default_factory=dict)

    @property
    def taking_part(self) -> dict[str, Member]:
        """The matters whose claims take part."""
        return {matter: member for matter, member in self.members.items() if not member.left}

    @property
    def parties(self) -> list[int]:
        """Who has to be served: the claims of the plan and the debtor."""
        return [DEBTOR, *(claim.number for claim in self.plan.claims)] if self.plan else []

    @property
    def own_parties(self) -> frozenset[int]:
        """The parties that no matter stands for: creditors of the presiding court, and the debtor."""
        return frozenset(self.parties) - {member.claim.number for member in self.members.values()}

    @property
    def objections_to_the_plan(self) -> list[Objection]:
        """The objections to the plan in force, in the order in which they were handed in."""
        number = self.plan.number if self.plan else 0
        found = [each for each in self.objections.values() if each.plan == number]
        return sorted(found, key=lambda each: (each.handed_in, each.id))

    @property
    def is_settled(self) -> bool:
        """Whether the plan was settled in every matter that takes part."""
        members = self.taking_part.values()
        return bool(members) and all(member.payments is not None for member in members)

    @property
    def deposited(self) -> int:
        """What is still deposited, in fen."""
        members = self.taking_part.values()
        return max((0 if member.is_released else member.deposited for member in members), default=0)


def register_of(entries: Iterable[Entry]) -> Register:
    """Return the distribution that *entries* make, those of one matter in their order.

    :raises FormatError: facts that no move of the ladder has.
    """
    members: dict[str, Member] = {}
    plans: dict[int, Plan] = {}
    receipts: dict[tuple[str, str, int], Receipt] = {}
    objections: dict[str, Objection] = {}
    counters: dict[tuple[str, int], int] = {}
    suits: dict[str, int] = {}
    for id_, matter, kind, facts in entries:
        if kind == EventKind.PARTICIPATION_ADMITTED:
            claim = Claim(facts["claim"], facts["amount"], facts["rank"])
            members[matter] = Member(claim, facts["debtor"])
        member = members.get(matter)
        if member is None:
            continue
        members[matter] = _after(member, kind, facts)
        match kind:
            case EventKind.PLAN_ISSUED:
                plans[facts["plan"]] = plan_of(facts)
            case EventKind.PLAN_OBJECTED:
                objections[id_] = _objection(id_, facts)
            case EventKind.OBJECTION_NOTIFIED:
                objections[facts["objection"]] = _objection(facts["objection"], facts)
            case EventKind.COUNTER_OBJECTED | EventKind.COUNTER_OBJECTION_TOLD:
                counters[facts["objection"], facts["party"]] = facts["handed_in"]
            case EventKind.SUIT_PROVED:
                suits[facts["objection"]] = facts["filed"]
            case _ if kind in RECEIPTS:
                what = str(facts["plan"]) if kind == EventKind.PLAN_RECEIVED else facts["objection"]
                receipts[kind, what, facts["party"]] = Receipt(facts["received"], facts["way"])
    plan = plans[max(plans)] if plans else None
    return Register(members, plan, receipts, objections, counters, suits)


RECEIPTS = frozenset(
    {EventKind.PLAN_RECEIVED, EventKind.OBJECTION_RECEIVED, EventKind.COUNTER_OBJECTION_RECEIVED}
)
"""Events that record the service of a paper on a party."""


def _objection(id_: str, facts: dict[str, Any]) -> Objection:
    return Objection(
        id_, facts["plan"], facts["party"], facts["handed_in"], facts["ground"], correction_of(facts)
    )


def _after(member: Member, kind: str, facts: dict[str, Any]) -> Member:
    match kind:
        case EventKind.PLAN_ISSUED:
            return replace(member, plan=facts["plan"], payments=None, deposited=0, due=0)
        case EventKind.OBJECTION_NOTIFIED:
            known = member.notified | {facts["objection"]}
            return replace(member, notified=known, payments=None, deposited=0, due=0)
        case EventKind.COUNTER_OBJECTION_TOLD:
            return replace(member, told=member.told | {facts["objection"]})
        case EventKind.PLAN_SETTLED | EventKind.UNDISPUTED_SETTLED:
            payments = item_sums(facts, "payments")
            return replace(
                member,
                payments=payments,
                due=payments.get(member.claim.number, 0),
                deposited=facts.get("deposited", 0),
                remainder=facts["remainder"],
                is_disputed=kind == EventKind.UNDISPUTED_SETTLED,
            )
        case EventKind.DEPOSIT_RELEASED:
            more = item_sums(facts, "payments").get(member.claim.number, 0)
            return replace(member, due=member.due + more, is_released=True)
        case EventKind.SHARE_PAID:
            return replace(member, paid=member.paid + facts["paid"], payments_made=member.payments_made + 1)
        case EventKind.WITHDRAWN | EventKind.DISTRIBUTION_ENDED:
            return replace(member, left=True)
    return member
