"""Issuing an approved order to all its courts or to none: a matter for each, with number, clock and reports."""

import os
from collections import Counter
from dataclasses import dataclass, replace

from xiezhi.v1 import case_pb2, event_pb2, instruction_pb2, order_pb2, order_service_pb2
from xiezhi_desk.accounts.store import get_account
from xiezhi_desk.orders import to_order
from xiezhi_desk.terms import PAPER_TYPES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.clocks.period import end_of_period
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import NotAllowed, Reason, WrongState
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.events.ids import uuid7
from xiezhi_domain.ladder import IssuedFacts, Step
from xiezhi_domain.rulebook import KindRules, Rulebook, rulebook_in_force
from xiezhi_domain.rulebook.model import Unit
from xiezhi_domain.terms import EventKind, Role
from xiezhi_hub.orders.checks import lacking
from xiezhi_hub.orders.handovers import enter_in_handovers
from xiezhi_hub.ruling.own import own_event
from xiezhi_hub.ruling.rule import Seat
from xiezhi_hub.superior.acting import SuperiorAct, SuperiorMove, body_of, enter_own, receipt
from xiezhi_hub.superior.people import Person
from xiezhi_hub.urging.drafts import ORDERS, DraftState, MatterDraft, require_seen
from xiezhi_hub.urging.issue import hand_on_documents
from xiezhi_hub.urging.numbers import next_number
from xiezhi_journal.clockwork import clockwork_of
from xiezhi_journal.ledger import Ledger, RequestKey

_NORMAL_LANE = 2


@dataclass(frozen=True, slots=True)
class IssueOrder:
    """Work for the writer: a draft is approved by *person* and issued; answers with an `ApproveOrderResponse`."""

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
        """Issue it to all its courts, decide what it grants, enter it in handovers whose ruling it is; or do nothing.

        :raises NotFound: no such draft.
        :raises WrongState: it was decided on, or lacks something.
        :raises NotAllowed: SAME_PERSON, its author; WRONG_ROLE.
        :raises Conflict: STALE_BASE; it was written anew since it was read.
        """
        answered = ledger.answered(self.request)
        if answered is not None:
            return answered
        draft = ORDERS.get_waiting(ledger.connection, self.draft_id)
        if draft.author == self.person.account_id:
            raise NotAllowed(Reason.SAME_PERSON)
        require_seen(draft, self.seen)
        order = order_pb2.CourtOrder.FromString(draft.content)
        rulebook = rulebook_in_force(ledger.rulebooks.values(), to_date(ledger.now))
        missing = "；".join(lacking(order, rulebook, self.seat))
        if missing:
            raise WrongState(Reason.WRONG_STATE, f"该决定还不能下发：{missing}")
        courts = sorted(to_order(order, self.seat.court).parts())
        receipts = [self._issue(ledger, draft, order, court, rulebook) for court in courts]
        for instruction in order.request_ids:
            self._grant(ledger, instruction, order, receipts[0].matter_number)
        numbers = {each.instruction_id: each.matter_number for each in receipts}
        enter_in_handovers(ledger, self.seat, self.request, self.person, order, numbers)
        response = order_service_pb2.ApproveOrderResponse(receipts=receipts).SerializeToString()
        ledger.remember(self.request, response)
        decided = replace(
            draft,
            state=DraftState.ISSUED,
            decided_by=self.person.account_id,
            decided_at=ledger.now,
            opinion=self.opinion,
        )
        with ledger.connection.begin_nested():
            ORDERS.put(ledger.connection, decided)
            for issued in receipts:
                hand_on_documents(
                    ledger, draft.draft_id, issued.instruction_id, self.seat.court, order.documents
                )
        return response

    def _issue(
        self, ledger: Ledger, draft: MatterDraft, order: order_pb2.CourtOrder, court: str, rulebook: Rulebook
    ) -> instruction_pb2.ActionReceipt:
        rules = rulebook.rules(order.kind, self.seat.court, court)
        role = self._role(draft, rules)
        instruction = uuid7(ledger.now, os.urandom(10))
        event = own_event(
            ledger,
            self.seat,
            rules.start.kind,
            instruction,
            court,
            Step(),
            {**_facts(ledger, self.seat, draft, order, court, rules), "role": role},
            self._body(ledger, draft, order),
            rulebook.hash,
        )
        enter_own(ledger, event, None, self.seat)
        return receipt(ledger, instruction)

    def _role(self, draft: MatterDraft, rules: KindRules) -> str:
        """Return the role in which it is issued: the author's, or else that of the one who approves.

        :raises NotAllowed: WRONG_ROLE, who approves is not who the rulebook wants.
        """
        if not all(self.person.roles & step for step in rules.approval_chain(())):
            raise NotAllowed(Reason.WRONG_ROLE)
        fitting = sorted({Role(role) for role in draft.author_roles.split()} & rules.start.roles)
        return fitting[0] if fitting else self.person.role_for(rules.start)

    def _body(self, ledger: Ledger, draft: MatterDraft, order: order_pb2.CourtOrder) -> event_pb2.Body:
        author = get_account(ledger.connection, draft.author)
        actor = event_pb2.Actor(account_id=author.account_id, officer=author.officer)
        approval = event_pb2.ApprovalRecord(
            drafted_by=actor,
            drafted_at=to_timestamp(draft.drafted_at),
            approved_by=self.person.actor,
            approved_at=to_timestamp(ledger.now),
            opinion=self.opinion,
        )
        said = order_pb2.CourtOrder()
        said.CopyFrom(order)
        del said.documents[:]
        prose = event_pb2.Prose(text=f"{order.subject}\n{order.requirement}", contact=author.officer)
        number = order.cases[0].case_number if order.cases else ""
        return body_of(
            [
                ("actor", actor.SerializeToString()),
                ("approval", approval.SerializeToString()),
                ("case", case_pb2.Case(case_number=number).SerializeToString()),
                ("prose", prose.SerializeToString()),
                ("order", said.SerializeToString()),
                ("documents", event_pb2.DocumentList(documents=order.documents).SerializeToString()),
            ]
        )

    def _grant(self, ledger: Ledger, instruction: str, order: order_pb2.CourtOrder, number: str) -> None:
        """Decide the request that the order grants, by the same person in the same transaction."""
        text = event_pb2.Prose(text=f"已作出{order.subject}，决定编号 {number}").SerializeToString()
        move = SuperiorMove(EventKind.REQUEST_DECIDED, {"result": "GRANTED"}, [("prose", text)])
        SuperiorAct(self.seat, self.request, self.person, instruction, move).make(ledger)


def _facts(
    ledger: Ledger, seat: Seat, draft: MatterDraft, order: order_pb2.CourtOrder, court: str, rules: KindRules
) -> JsonObject:
    calendar = clockwork_of(ledger).calendar
    # The bundle ties the matters of one order together.
    more: JsonObject = {
        "about": order.about,
        "bundle": draft.draft_id,
        "claim": to_order(order, seat.court).balance_of(court),
    }
    if order.request_ids or order.handover_ids:
        more["links"] = [*order.request_ids, *order.handover_ids]
    return IssuedFacts(
        kind=rules.kind,
        number=next_number(ledger, seat.court, rules),
        lane=_NORMAL_LANE,
        urgent=False,
        limit_days=order.limit_days,
        due=end_of_period(ledger.now, order.limit_days, Unit.DAYS, calendar),
        items={},
        papers=Counter(PAPER_TYPES.from_proto(each.paper_type, "documents") for each in order.documents),
        documents=len(order.documents),
        more=more,
    ).encode()
