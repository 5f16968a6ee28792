"""Taking a step on the ladder: one action of a person, one or two events."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from xiezhi.v1 import document_pb2, event_pb2, instruction_pb2
from xiezhi_desk.terms import PAPER_TYPES, STATES
from xiezhi_domain.errors import NotAllowed, NotFound, Reason
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.ladder.conditions import missing
from xiezhi_domain.ladder.explain import as_error
from xiezhi_domain.ladder.refusal import not_on_the_ladder
from xiezhi_domain.rulebook import KindRules, Move, Side
from xiezhi_domain.terms import EventKind, Role, State
from xiezhi_journal import tables
from xiezhi_journal.ledger import Ledger, RequestKey
from xiezhi_journal.matter import Matter
from xiezhi_journal.proofs import part_content
from xiezhi_node.acting.compose import PartContent
from xiezhi_node.acting.own import OwnEvent, add_own_event, base_of, rulebook_of
from xiezhi_node.documents import documents_of
from xiezhi_node.seat import Seat


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts: account, roles, and the part that names the person to the other court."""

    account_id: str
    roles: frozenset[Role]
    actor: event_pb2.Actor


@dataclass(frozen=True, slots=True)
class MoveTaken:
    """One event of an action.

    `only_in`: left out in any other state. `other_person_than`: the last event of that kind must have been made
    by somebody else (terms.md: proposing and approving never by one person).
    """

    kind: EventKind
    facts: JsonObject = field(default_factory=dict)
    parts: Sequence[PartContent] = ()
    documents: Sequence[bytes] = ()
    assignee: tuple[str, str] | None = None
    only_in: State | None = None
    other_person_than: EventKind | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """Work for the writer: an action of *person* on a matter; answers with an `ActionReceipt`, serialised."""

    seat: Seat
    request: RequestKey
    person: Person
    instruction: str
    moves: Sequence[MoveTaken]
    base_event_id: str = ""

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matter and whether the request was answered before."""
        ledger.want_matter(self.instruction)
        ledger.want_request(self.request)

    def run(self, ledger: Ledger) -> bytes:
        """Take the moves in order, all or none."""
        answered = ledger.answered(self.request)
        if answered is not None:
            return answered
        response = receipt(self.take(ledger)).SerializeToString()
        ledger.remember(self.request, response)
        return response

    def take(self, ledger: Ledger) -> Matter:
        """Take the moves in order and return the matter after them; nothing is remembered of the request.

        :raises DomainError: UNKNOWN_INSTRUCTION; the person may not, or the ladder does not allow it now.
        """
        matter = ledger.matter(self.instruction)
        if matter is None or matter.view is None:
            raise NotFound(Reason.UNKNOWN_INSTRUCTION)
        for index, move in enumerate(self.moves):
            if move.only_in is None or move.only_in is matter.state:
                matter = self._take(ledger, matter, move, self.base_event_id if index == 0 else "")
        return matter

    def _take(self, ledger: Ledger, matter: Matter, move: MoveTaken, base_event_id: str) -> Matter:
        assert matter.view is not None, "checked by run"
        view = matter.view
        event = OwnEvent(move.kind, view.other_court(self.seat.court), {}, ())
        rules = rulebook_of(ledger, matter, event).rules(view.kind, view.sender, view.receiver)
        known = rules.moves.get(move.kind)
        if known is None:
            raise as_error(not_on_the_ladder(rules, move.kind), matter.state)
        facts = {**move.facts, "role": self._role(known)}
        if move.other_person_than is not None:
            self._require_other_person(ledger, move.other_person_than)
        if EventKind.RECUSED in matter.view.times:
            self._require_not_recused(ledger, move, rules.moves[EventKind.RECUSED].citation.source)
        parts = [("actor", self.person.actor.SerializeToString()), *move.parts]
        documents = named_documents(ledger, self.instruction, move.documents)
        self._require_enclosures(matter, move, rules, documents)
        if documents:
            parts.append(("documents", event_pb2.DocumentList(documents=documents).SerializeToString()))
        labels = matter.labels
        if move.assignee is not None:
            labels = labels._replace(officer=move.assignee[0], officer_name=move.assignee[1])
        base = base_of(ledger, matter, base_event_id)
        return add_own_event(
            ledger, self.seat, matter, replace(event, facts=facts, parts=parts, base=base), labels
        )

    def _require_enclosures(
        self, matter: Matter, move: MoveTaken, rules: KindRules, documents: Sequence[document_pb2.Document]
    ) -> None:
        """Let no step be taken without the papers that the rulebook asks for with it.

        They are checked here, where they lie: the header does not say what goes along.
        """
        assert matter.view is not None, "checked by take"
        side = Side.SENDER if matter.view.sender == self.seat.court else Side.RECEIVER
        present = [PAPER_TYPES.from_proto(each.paper_type, "documents") for each in documents]
        refused = missing(rules.missing_enclosures(move.kind, side, present))
        if refused is not None:
            raise as_error(refused, matter.state)

    def _role(self, move: Move) -> str:
        fitting = sorted(self.person.roles & move.roles)
        if not fitting:
            raise NotAllowed(Reason.WRONG_ROLE)
        return fitting[0]

    def _require_other_person(self, ledger: Ledger, kind: EventKind) -> None:
        if self.person.account_id in self._actors(ledger, kind)[:1]:
            raise NotAllowed(Reason.SAME_PERSON)

    def _require_not_recused(self, ledger: Ledger, move: MoveTaken, source: str) -> None:
        """Let nobody act, or be given the matter, who has withdrawn from it."""
        recused = self._actors(ledger, EventKind.RECUSED)
        if self.person.account_id in recused:
            raise NotAllowed(Reason.FORBIDDEN, recused_message(source), metadata={"source": source})
        if move.assignee is not None and move.assignee[0] in recused:
            message = f"该承办人已回避，请另选（依据：{source}）"
            raise NotAllowed(Reason.FORBIDDEN, message, metadata={"source": source})

    def _actors(self, ledger: Ledger, kind: EventKind) -> list[str]:
        """Return the accounts of this court that made the events of *kind*, the last first."""
        event, body = tables.event, tables.body
        query = (
            select(body.c.content)
            .join(event, event.c.position == body.c.position)
            .where(
                event.c.instruction == self.instruction,
                event.c.kind == kind,
                event.c.court == self.seat.court,
            )
            .order_by(event.c.position.desc())
        )
        contents = (event_pb2.Body.FromString(each) for each in ledger.connection.scalars(query))
        return [event_pb2.Actor.FromString(part_content(each, "actor")).account_id for each in contents]


def recused_message(source: str) -> str:
    """Return what somebody is told who has withdrawn from a matter."""
    return f"您已回避，不得再办理该事项（依据：{source}）"


def named_documents(ledger: Ledger, instruction: str, hashes: Sequence[bytes]) -> list[document_pb2.Document]:
    """Return documents of the instruction, as they lie on this node.

    :raises NotFound: DOCUMENT_MISSING, if one is not there; nothing is sent that cannot be brought.
    """
    found: list[document_pb2.Document] = (
        documents_of(ledger.connection, instruction, hashes) if hashes else []
    )
    if len(found) != len(set(hashes)):
        raise NotFound(Reason.DOCUMENT_MISSING)
    return found


def receipt(matter: Matter) -> instruction_pb2.ActionReceipt:
    """Return what an action did, for the one who acted."""
    return instruction_pb2.ActionReceipt(
        instruction_id=matter.id,
        event_id=matter.last_event,
        state=STATES.to_proto(matter.state),
        pending=bool(matter.pending),
        matter_number=matter.number,
    )
