"""An action of the superior: one event of the hub's own court, judged, logged and fed in one transaction.

What the rulebook does not allow is refused to the person, with the rule that says so, and leaves no entry in the log.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from xiezhi.v1 import event_pb2, instruction_pb2
from xiezhi_desk.terms import STATES
from xiezhi_domain.errors import NotFound, Reason, WrongState
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.evidence.parts import SALT_BYTES
from xiezhi_domain.ladder import Instruction, Step, decide
from xiezhi_domain.ladder.explain import as_error
from xiezhi_domain.ladder.refusal import not_on_the_ladder
from xiezhi_domain.rulebook import KindRules, Move, NewDue
from xiezhi_hub.ruling.check import CheckedEvent
from xiezhi_hub.ruling.own import own_event
from xiezhi_hub.ruling.rule import Seat, rule_on
from xiezhi_hub.superior.due import new_due
from xiezhi_hub.superior.people import Person
from xiezhi_journal.clockwork import clockwork_of
from xiezhi_journal.ledger import Ledger, RequestKey

PartContent = tuple[str, bytes]
"""A part's name and its bytes: a message of the contract, serialised."""


@dataclass(frozen=True, slots=True)
class SuperiorMove:
    """What is done: the kind of event, the facts that people choose, the parts of its body.

    `court` is put in a party's place, where the move does that; `until` (ms) is an end of the period that a person
    grants.
    """

    kind: str
    facts: JsonObject = field(default_factory=dict)
    parts: Sequence[PartContent] = ()
    court: str = ""
    until: int = 0


@dataclass(frozen=True, slots=True)
class SuperiorAct:
    """Work for the writer: *move* of *person* on a matter; answers with an `ActionReceipt`, serialised."""

    seat: Seat
    request: RequestKey
    person: Person
    instruction: str
    move: SuperiorMove
    base_event_id: str = ""

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matter, what the person had seen of it, and whether the request was answered before."""
        ledger.want_matter(self.instruction)
        ledger.want_event(self.base_event_id)
        ledger.want_request(self.request)

    def run(self, ledger: Ledger) -> bytes:
        """Make the event; the same request again makes none and has the same answer.

        :raises NotFound: UNKNOWN_INSTRUCTION; BASE_UNKNOWN.
        :raises DomainError: the ladder does not allow it now; says under which rule.
        """
        answered = ledger.answered(self.request)
        if answered is not None:
            return answered
        self.make(ledger)
        response = receipt(ledger, self.instruction).SerializeToString()
        ledger.remember(self.request, response)
        return response

    def make(self, ledger: Ledger) -> None:
        """Make the event, as part of a work that remembers its own answer.

        :raises DomainError: as `run`.
        """
        history = accepted_history(ledger, self.instruction)
        rules = ledger.rulebooks[history.rulebook].rules(history.kind, history.sender, history.receiver)
        known = rules.moves.get(self.move.kind)
        if known is None:
            raise as_error(not_on_the_ladder(rules, self.move.kind), history.state)
        event = self._event(ledger, history, rules, known)
        enter_own(ledger, event, history, self.seat)

    def _event(self, ledger: Ledger, history: Instruction, rules: KindRules, known: Move) -> CheckedEvent:
        move = self.move
        facts = {**move.facts, "role": self.person.role_for(known)}
        if known.due is not None and (move.until or known.due is not NewDue.ORDERED):
            calendar = clockwork_of(ledger).calendar
            facts["due"] = new_due(known.due, history, rules, ledger.now, calendar, move.until)
        return own_event(
            ledger,
            self.seat,
            move.kind,
            history.id,
            move.court or _addressee(history, self.seat.court),
            self._base(ledger, history),
            facts,
            body_of([("actor", self.person.actor.SerializeToString()), *move.parts]),
        )

    def _base(self, ledger: Ledger, history: Instruction) -> Step:
        if not self.base_event_id or self.base_event_id == history.head.id:
            return history.head
        known = ledger.known(self.base_event_id)
        if known is None or known.ruling is None:
            raise NotFound(Reason.BASE_UNKNOWN)
        return Step(known.ruling.seq, known.id, known.hash)


def accepted_history(ledger: Ledger, instruction: str) -> Instruction:
    """Return a matter as its accepted events made it.

    :raises NotFound: UNKNOWN_INSTRUCTION.
    """
    matter = ledger.matter(instruction)
    if matter is None or matter.accepted is None:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION)
    return matter.accepted


def enter_own(ledger: Ledger, event: CheckedEvent, history: Instruction | None, seat: Seat) -> None:
    """Log and feed an event of the hub's own court, if the ladder allows it.

    :raises DomainError: it does not.
    """
    pinned = history.rulebook if history else event.header.rulebook
    footing = ledger.footing(history, event.header.base)
    calendar = clockwork_of(ledger).calendar
    refusal = decide(history, event.header, footing, ledger.rulebooks[pinned], seat.court, calendar)
    if refusal is not None:
        raise as_error(refusal, history.state if history else None)
    ruling = rule_on(ledger, event, seat)
    if not ruling.accepted:
        raise WrongState(Reason(ruling.reason))


def receipt(ledger: Ledger, instruction: str) -> instruction_pb2.ActionReceipt:
    """Return what an action did, for the one who acted; the hub's own events are never pending."""
    history = accepted_history(ledger, instruction)
    return instruction_pb2.ActionReceipt(
        instruction_id=history.id,
        event_id=history.head.id,
        state=STATES.to_proto(history.state),
        matter_number=history.number,
    )


def body_of(parts: Sequence[PartContent]) -> event_pb2.Body:
    """Return the body of *parts*, with a new salt for each."""
    body = event_pb2.Body()
    for name, content in parts:
        body.parts.add(name=name, salt=os.urandom(SALT_BYTES), content=content)
    return body


def _addressee(history: Instruction, hub_court: str) -> str:
    """Return the party that the header names; every party is told, and no court writes to itself."""
    return history.receiver if history.receiver != hub_court else history.sender
