"""Issuing an approved decision."""

from dataclasses import dataclass, replace

from xiezhi.v1 import disposal_decision_service_pb2 as pb
from xiezhi.v1 import event_pb2
from xiezhi.v1.instruction_pb2 import ActionReceipt
from xiezhi_desk.accounts.store import get_account
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_hub.disposal.drafts import DECISIONS, StoredDecision
from xiezhi_hub.disposal.orders import decision_facts, event_of, until_of
from xiezhi_hub.ruling.rule import Seat
from xiezhi_hub.superior.acting import PartContent, SuperiorAct, SuperiorMove, accepted_history
from xiezhi_hub.superior.people import Person
from xiezhi_hub.urging.drafts import DraftState, require_seen
from xiezhi_hub.urging.issue import hand_on_documents
from xiezhi_journal.ledger import Ledger, RequestKey


@dataclass(frozen=True, slots=True)
class IssueDecision:
    """Work for the writer: *draft* is approved by *person* and issued; answers with an `ApproveDecisionResponse`."""

    seat: Seat
    request: RequestKey
    person: Person
    draft: StoredDecision
    opinion: str
    seen: str

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matter, and whether the request was answered before."""
        ledger.want_matter(self.draft.instruction)
        ledger.want_request(self.request)
        ledger.want_request(self._of_the_event)

    @property
    def _of_the_event(self) -> RequestKey:
        """The key under which the event's own receipt is kept: this request has another answer."""
        return replace(self.request, method=f"{self.request.method}/event")

    def run(self, ledger: Ledger) -> bytes:
        """Issue it, if the ladder allows it now.

        :raises WrongState: it was decided on; the matter waits for no such decision.
        :raises NotAllowed: SAME_PERSON, its author; WRONG_ROLE.
        :raises Conflict: STALE_BASE; it does not say what was read.
        """
        answered = ledger.answered(self.request)
        if answered is not None:
            return answered
        draft = DECISIONS.get_waiting(ledger.connection, self.draft.draft_id)
        if draft.author == self.person.account_id:
            raise NotAllowed(Reason.SAME_PERSON)
        require_seen(draft, self.seen)
        order = pb.DecisionOrder.FromString(draft.content)
        view = accepted_history(ledger, draft.instruction)
        rules = ledger.rulebooks[view.rulebook].rules(view.kind, view.sender, view.receiver)
        kind = event_of(ledger.connection, order, view, rules, ledger.now)
        move = SuperiorMove(
            kind, decision_facts(kind, order), self._parts(ledger, draft, order), until=until_of(order)
        )
        act = SuperiorAct(self.seat, self._of_the_event, self.person, draft.instruction, move)
        receipt = ActionReceipt.FromString(act.run(ledger))
        response = pb.ApproveDecisionResponse(receipt=receipt).SerializeToString()
        ledger.remember(self.request, response)
        decided = replace(
            draft,
            state=DraftState.ISSUED,
            decided_by=self.person.account_id,
            decided_at=ledger.now,
            opinion=self.opinion,
        )
        with ledger.connection.begin_nested():
            DECISIONS.put(ledger.connection, decided)
            hand_on_documents(ledger, draft.draft_id, draft.instruction, self.seat.court, order.documents)
        return response

    def _parts(self, ledger: Ledger, draft: StoredDecision, order: pb.DecisionOrder) -> list[PartContent]:
        author = get_account(ledger.connection, draft.author)
        approval = event_pb2.ApprovalRecord(
            drafted_by=event_pb2.Actor(account_id=author.account_id, officer=author.officer),
            drafted_at=to_timestamp(draft.drafted_at),
            approved_by=self.person.actor,
            approved_at=to_timestamp(ledger.now),
            opinion=self.opinion,
        )
        prose = event_pb2.Prose(text=order.ground.strip(), contact=author.officer)
        parts = [("approval", approval.SerializeToString()), ("prose", prose.SerializeToString())]
        if order.documents:
            papers = event_pb2.DocumentList(documents=order.documents)
            parts.append(("documents", papers.SerializeToString()))
        return parts
