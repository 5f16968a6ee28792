"""Issuing: how an approved and sealed order becomes sequence 1 of a matter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xiezhi_domain.calendar import WorkingCalendar, end_of_day_ms
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import NotAllowed, Reason, WrongState
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.ladder import IssuedFacts
from xiezhi_domain.ladder.fold import starting_move
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.rulebook.model import Unit
from xiezhi_domain.terms import Act, PaperType, State
from xiezhi_journal.ledger import Ledger, RequestKey
from xiezhi_journal.matter import Labels, Matter
from xiezhi_node.acting.act import Person, receipt
from xiezhi_node.acting.channel import require_platform
from xiezhi_node.acting.compose import PartContent
from xiezhi_node.acting.numbers import next_number
from xiezhi_node.acting.own import OwnEvent, add_own_event
from xiezhi_node.seat import Seat

HOUR_MS = 60 * 60 * 1000
URGENT_LANE, NORMAL_LANE, BULK_LANE = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Order:
    """What is going to be issued, made by the service of its kind.

    `parts` are those of the order itself, its `documents` (so many) included. That these lie here was checked when
    the order was made: nothing is sent that cannot be brought. `sums` are the amounts ordered, in fen, by item;
    `more` are facts that only some orders have (`IssuedFacts.more`).
    """

    kind: str
    receiver: str
    limit_days: int
    urgent: bool
    bulk: bool
    items: Mapping[int, Act]
    papers: Mapping[PaperType, int]
    documents: int
    parts: Sequence[PartContent]
    labels: Labels
    sums: Mapping[int, int] = field(default_factory=dict)
    more: JsonObject = field(default_factory=dict)

    def facts(self) -> JsonObject:
        """Return the facts that only some orders have."""
        if not self.sums:
            return self.more
        return {**self.more, "ordered": [[number, fen] for number, fen in self.sums.items()]}


@dataclass(frozen=True, slots=True)
class Issue:
    """Work for the writer: the last step of a draft, or an order that a program brings approved.

    `from_draft`: the matter must wait for its seal; otherwise it must be new. Answers with an `ActionReceipt`.
    """

    seat: Seat
    request: RequestKey
    person: Person
    instruction: str
    order: Order
    from_draft: bool

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matter and whether the request was answered before."""
        ledger.want_matter(self.instruction)
        ledger.want_request(self.request)

    def run(self, ledger: Ledger) -> bytes:
        """Store the first event of the matter."""
        answered = ledger.answered(self.request)
        if answered is not None:
            return answered
        require_platform(ledger, self.order.kind, self.seat.court, self.order.receiver)
        rulebook = self.seat.rulebook
        rules = rulebook.rules(self.order.kind, self.seat.court, self.order.receiver)
        matter = self._matter(ledger, rules)
        event = self._event(ledger, matter, rules, rulebook.hash)
        after = add_own_event(ledger, self.seat, matter, event, self.order.labels)
        response = receipt(after).SerializeToString()
        ledger.remember(self.request, response)
        return response

    def _matter(self, ledger: Ledger, rules: KindRules) -> Matter:
        matter = ledger.matter(self.instruction)
        if self.from_draft:
            if matter is None or matter.local_state is not State.AWAITING_SEAL:
                raise WrongState(Reason.WRONG_STATE)
            return matter
        if matter is not None:
            raise WrongState(Reason.WRONG_STATE, "该事项编号已使用")
        number = next_number(ledger, self.seat, rules)
        return draft_matter(self.instruction, number, self.seat.court, self.order, ledger.now)

    def _event(self, ledger: Ledger, matter: Matter, rules: KindRules, pinned: str) -> OwnEvent:
        order = self.order
        move = starting_move(rules)
        fitting = sorted(self.person.roles & move.roles)
        if not fitting:
            raise NotAllowed(Reason.WRONG_ROLE)
        facts = IssuedFacts(
            kind=order.kind,
            number=matter.number,
            lane=_lane(order),
            urgent=order.urgent,
            limit_days=order.limit_days,
            due=due_at(ledger.now, order.limit_days, rules, self.seat.calendar, urgent=order.urgent),
            items=order.items,
            papers={str(paper): count for paper, count in order.papers.items()},
            documents=order.documents,
            more=order.facts(),
        )
        parts = [("actor", self.person.actor.SerializeToString()), *order.parts]
        return OwnEvent(
            kind=move.kind,
            to=order.receiver,
            facts={**facts.encode(), "role": fitting[0]},
            parts=parts,
            rulebook=pinned,
        )


def draft_matter(instruction: str, number: str, court: str, order: Order, now: int) -> Matter:
    """Return a matter that has no event yet."""
    return Matter(
        id=instruction,
        kind=order.kind,
        number=number,
        sender=court,
        receiver=order.receiver,
        item_count=len(order.items),
        local_state=State.DRAFT,
        accepted=None,
        view=None,
        pending=(),
        labels=order.labels,
        updated_at=now,
    )


def due_at(now: int, days: int, rules: KindRules, calendar: WorkingCalendar, *, urgent: bool) -> int:
    """Return when a matter has to be done, in ms, as this court sees it; the hub's clock binds (protocol §10).

    Days are calendar days, the day of the event not counted, rolled to a working day (民诉法 85); hours run
    through nights and holidays.
    """
    limit = rules.limits["handle"]
    if urgent and limit.urgent_unit is Unit.HOURS:
        return now + limit.urgent_amount * HOUR_MS
    return end_of_day_ms(calendar.add_days_rolled(to_date(now), days))


def _lane(order: Order) -> int:
    if order.urgent:
        return URGENT_LANE
    return BULK_LANE if order.bulk else NORMAL_LANE


__all__ = ["Issue", "Order", "draft_matter", "due_at"]
