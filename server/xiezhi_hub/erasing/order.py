"""Work for the writer: giving an order to erase, and the hub's own answer to one."""

import os
from dataclasses import dataclass, replace

from xiezhi.v1 import erasure_service_pb2 as pb
from xiezhi.v1 import event_pb2
from xiezhi_domain.errors import InvalidInput, NotAllowed, Reason
from xiezhi_domain.evidence.parts import SALT_BYTES
from xiezhi_domain.terms import EventKind
from xiezhi_hub.erasing.drafts import ERASURES, LONGEST_TEXT, StoredErasure, require_ended
from xiezhi_hub.erasing.reading import erasure_message, name_of
from xiezhi_hub.ruling.directory import rule_on_directory_event
from xiezhi_hub.ruling.own import own_directory_event
from xiezhi_hub.ruling.rule import Seat
from xiezhi_hub.urging.drafts import DraftState, require_seen
from xiezhi_journal.erasures import (
    HUB,
    ORDER_PART,
    Erasure,
    answer_to,
    answered_facts,
    change_erasure,
    ordered_erasure,
    ordered_facts,
)
from xiezhi_journal.ledger import Ledger, RequestKey
from xiezhi_wire.caller import Caller


@dataclass(frozen=True, slots=True)
class OrderErasure:
    """Approve the draft *draft_id*, which says what was *seen*, and give the order. Answers with it, serialised."""

    seat: Seat
    request: RequestKey
    caller: Caller
    draft_id: str
    seen: str
    opinion: str

    def prepare(self, ledger: Ledger) -> None:
        """Ask whether it was done before."""
        ledger.want_request(self.request)

    def run(self, ledger: Ledger) -> bytes:
        """Order it; the same request again orders nothing and has the same answer.

        :raises NotFound: no such draft.
        :raises WrongState: it was decided on, or the matter is open again.
        :raises NotAllowed: SAME_PERSON.
        :raises Conflict: STALE_BASE, it says something else than was seen.
        :raises InvalidInput: an opinion that is too long.
        """
        answered = ledger.answered(self.request)
        if answered is not None:
            return answered
        draft = ERASURES.get_waiting(ledger.connection, self.draft_id)
        self._check(ledger, draft)
        with ledger.connection.begin_nested():
            answer = self._order(ledger, draft)
        ledger.remember(self.request, answer)
        return answer

    def _check(self, ledger: Ledger, draft: StoredErasure) -> None:
        if draft.author in self.caller.accounts:
            raise NotAllowed(Reason.SAME_PERSON, "清除决定应由拟稿人以外的人员审批")
        require_seen(draft, self.seen)
        if len(self.opinion) > LONGEST_TEXT:
            raise InvalidInput.in_field("opinion", f"审批意见最长 {LONGEST_TEXT} 个字")
        require_ended(ledger.connection, draft.instruction)

    def _order(self, ledger: Ledger, draft: StoredErasure) -> bytes:
        order = draft.order
        order.drafted_by = name_of(ledger.connection, draft.author)
        order.approved_by = self.caller.name
        event = own_directory_event(
            ledger, self.seat, EventKind.ERASURE_ORDERED, ordered_facts(order), _body(order)
        )
        log_index = ledger.head.log_size
        ruling = rule_on_directory_event(ledger, event, self.seat)
        assert ruling.accepted, f"the hub refused its own order: {ruling.reason}"
        issued = replace(
            draft,
            state=DraftState.ISSUED,
            decided_by=self.caller.account_id,
            decided_at=ledger.now,
            opinion=self.opinion,
        )
        ERASURES.put(ledger.connection, issued)
        erasure = ordered_erasure(event.header, event.body, log_index, ruling.at)
        message = erasure_message(ledger.connection, erasure, self.seat.court)
        return pb.ApproveErasureResponse(erasure=message).SerializeToString()


@dataclass(frozen=True, slots=True)
class AnswerOfHub:
    """The hub's own answer: nothing of what *erasure* means is left here."""

    seat: Seat
    erasure: Erasure

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing."""

    def run(self, ledger: Ledger) -> None:
        """Answer, once: a hub that has its answer back after it lost something makes no other."""
        answer = answer_to(ledger.connection, self.erasure, self.seat.court, HUB)
        if not answer:
            facts = answered_facts(self.erasure, HUB)
            event = own_directory_event(ledger, self.seat, EventKind.ERASED, facts)
            rule_on_directory_event(ledger, event, self.seat)
            answer = event.header.id
        change_erasure(ledger.connection, self.erasure, {"answer_id": answer})


def _body(order: pb.ErasureOrder) -> event_pb2.Body:
    part = event_pb2.BodyPart(
        name=ORDER_PART, salt=os.urandom(SALT_BYTES), content=order.SerializeToString(deterministic=True)
    )
    return event_pb2.Body(parts=[part])
