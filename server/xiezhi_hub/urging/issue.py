"""Issuing an approved 督办: one matter for each court, with a number, a clock and a reply of its own."""

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from xiezhi.v1 import case_pb2, document_pb2, event_pb2, instruction_pb2, urge_pb2, urge_service_pb2
from xiezhi_desk.accounts.store import get_account
from xiezhi_desk.documents.store import add_document, list_documents
from xiezhi_desk.erasing.drafts import note_handed_on
from xiezhi_desk.terms import PAPER_TYPES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.clocks.period import end_of_period
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.events.ids import uuid7
from xiezhi_domain.ladder import IssuedFacts, Step
from xiezhi_domain.rulebook import KindRules, rulebook_in_force
from xiezhi_domain.rulebook.model import Unit
from xiezhi_domain.terms import Kind, Role
from xiezhi_hub.ruling.own import own_event
from xiezhi_hub.ruling.rule import Seat
from xiezhi_hub.superior.acting import body_of, enter_own, receipt
from xiezhi_hub.superior.people import Person
from xiezhi_hub.urging.drafts import URGES, DraftState, MatterDraft, require_seen
from xiezhi_hub.urging.marking import mark
from xiezhi_hub.urging.numbers import next_number
from xiezhi_journal.clockwork import clockwork_of
from xiezhi_journal.ledger import Ledger, RequestKey

_URGENT_LANE, _NORMAL_LANE = 1, 2


@dataclass(frozen=True, slots=True)
class IssueUrge:
    """Work for the writer: a draft is approved by *person* and issued; answers with an `ApproveUrgeResponse`."""

    seat: Seat
    request: RequestKey
    person: Person
    draft_id: str
    opinion: str
    seen: str

    def prepare(self, ledger: Ledger) -> None:
        """Ask whether the request was answered before."""
        ledger.want_request(self.request)

    def run(self, ledger: Ledger) -> bytes:
        """Issue it to all its courts, or to none.

        :raises NotFound: no such draft.
        :raises WrongState: it was decided on.
        :raises NotAllowed: SAME_PERSON, its author; WRONG_ROLE.
        :raises Conflict: STALE_BASE; it was written anew since it was read.
        """
        answered = ledger.answered(self.request)
        if answered is not None:
            return answered
        draft = URGES.get_waiting(ledger.connection, self.draft_id)
        if draft.author == self.person.account_id:
            raise NotAllowed(Reason.SAME_PERSON)
        require_seen(draft, self.seen)
        order = urge_pb2.UrgeOrder.FromString(draft.content)
        receipts = [self._issue(ledger, draft, order, target) for target in order.targets]
        response = urge_service_pb2.ApproveUrgeResponse(receipts=receipts).SerializeToString()
        ledger.remember(self.request, response)
        decided = replace(
            draft,
            state=DraftState.ISSUED,
            decided_by=self.person.account_id,
            decided_at=ledger.now,
            opinion=self.opinion,
        )
        with ledger.connection.begin_nested():
            URGES.put(ledger.connection, decided)
            for issued in receipts:
                hand_on_documents(
                    ledger, draft.draft_id, issued.instruction_id, self.seat.court, order.documents
                )
        return response

    def _issue(
        self, ledger: Ledger, draft: MatterDraft, order: urge_pb2.UrgeOrder, target: urge_pb2.UrgeTarget
    ) -> instruction_pb2.ActionReceipt:
        rulebook = rulebook_in_force(ledger.rulebooks.values(), to_date(ledger.now))
        rules = rulebook.rules(Kind.SUPERVISION, self.seat.court, target.court)
        role = self._role(draft, rules)
        instruction = uuid7(ledger.now, os.urandom(10))
        event = own_event(
            ledger,
            self.seat,
            rules.start.kind,
            instruction,
            target.court,
            Step(),
            {**_facts(ledger, self.seat, order, target, rules), "role": role},
            self._body(ledger, draft, order, target),
            rulebook.hash,
        )
        enter_own(ledger, event, None, self.seat)
        mark(ledger, self.seat, instruction, target.instruction_ids)
        return receipt(ledger, instruction)

    def _role(self, draft: MatterDraft, rules: KindRules) -> str:
        """Return the role in which it is issued: the author's, or else that of the one who approves.

        :raises NotAllowed: WRONG_ROLE, who approves is not who the rulebook wants.
        """
        if not all(self.person.roles & step for step in rules.approval_chain(())):
            raise NotAllowed(Reason.WRONG_ROLE)
        authors = {Role(role) for role in draft.author_roles.split()}
        fitting = sorted(authors & rules.start.roles)
        return fitting[0] if fitting else self.person.role_for(rules.start)

    def _body(
        self, ledger: Ledger, draft: MatterDraft, order: urge_pb2.UrgeOrder, target: urge_pb2.UrgeTarget
    ) -> event_pb2.Body:
        author = get_account(ledger.connection, draft.author)
        actor = event_pb2.Actor(account_id=author.account_id, officer=author.officer)
        approval = event_pb2.ApprovalRecord(
            drafted_by=actor,
            drafted_at=to_timestamp(draft.drafted_at),
            approved_by=self.person.actor,
            approved_at=to_timestamp(ledger.now),
            opinion=self.opinion,
        )
        own = urge_pb2.UrgeOrder()
        own.CopyFrom(order)
        del own.targets[:]
        own.targets.append(target)
        del own.documents[:]
        prose = event_pb2.Prose(text=f"{order.subject}\n{order.requirement}", contact=author.officer)
        return body_of(
            [
                ("actor", actor.SerializeToString()),
                ("approval", approval.SerializeToString()),
                ("case", case_pb2.Case(case_number=order.case_number).SerializeToString()),
                ("prose", prose.SerializeToString()),
                ("urge", own.SerializeToString()),
                ("documents", event_pb2.DocumentList(documents=order.documents).SerializeToString()),
            ]
        )


def hand_on_documents(
    ledger: Ledger,
    draft_id: str,
    instruction: str,
    court: str,
    named: Iterable[document_pb2.Document] | None = None,
) -> None:
    """Say that a matter has the documents of *draft_id*, before any node can ask for them, and what it came from.

    Of a draft that may have been written anew only those that it has *named* to the end: what was taken out stays here.
    """
    note_handed_on(ledger.connection, draft_id, instruction)
    wanted = None if named is None else {document.sha256 for document in named}
    for stored in list_documents(ledger.connection, draft_id):
        if wanted is not None and stored.spec.sha256 not in wanted:
            continue
        own = replace(stored, spec=replace(stored.spec, instruction=instruction), stored_at=ledger.now)
        add_document(ledger.connection, own, court)


def _facts(
    ledger: Ledger, seat: Seat, order: urge_pb2.UrgeOrder, target: urge_pb2.UrgeTarget, rules: KindRules
) -> JsonObject:
    handle, calendar = rules.limits["handle"], clockwork_of(ledger).calendar
    if order.urgent and handle.urgent_unit is Unit.HOURS:
        due = end_of_period(ledger.now, handle.urgent_amount, handle.urgent_unit, calendar)
    else:
        due = end_of_period(ledger.now, order.limit_days, Unit.DAYS, calendar)
    more: JsonObject = {"about": order.about}
    if target.instruction_ids:
        more["links"] = list(target.instruction_ids)
    return IssuedFacts(
        kind=rules.kind,
        number=next_number(ledger, seat.court, rules),
        lane=_URGENT_LANE if order.urgent else _NORMAL_LANE,
        urgent=order.urgent,
        limit_days=order.limit_days,
        due=due,
        items={},
        papers=Counter(PAPER_TYPES.from_proto(each.paper_type, "documents") for each in order.documents),
        documents=len(order.documents),
        more=more,
    ).encode()
