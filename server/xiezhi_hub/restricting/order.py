"""Work for the writer: giving an order about who reads a matter."""

import os
from dataclasses import dataclass

from sqlalchemy import Connection

from xiezhi.v1 import event_pb2
from xiezhi.v1 import restriction_service_pb2 as pb
from xiezhi_domain.errors import InvalidInput, Reason, WrongState
from xiezhi_domain.evidence.parts import SALT_BYTES
from xiezhi_domain.terms import EventKind
from xiezhi_hub.confidentiality import find_matter
from xiezhi_hub.erasing.drafts import LONGEST_TEXT, require_ended
from xiezhi_hub.restricting.reading import restriction_message
from xiezhi_hub.ruling.directory import rule_on_directory_event
from xiezhi_hub.ruling.own import own_directory_event
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.ledger import Ledger, RequestKey
from xiezhi_journal.restrictions import (
    ORDER_PART,
    find_restriction,
    ordered_restriction,
    restriction_facts,
)
from xiezhi_wire.caller import Caller


@dataclass(frozen=True, slots=True)
class OrderRestriction:
    """Give *order*. Answers with it as it went into the log, serialised."""

    seat: Seat
    request: RequestKey
    caller: Caller
    order: pb.RestrictionOrder

    def prepare(self, ledger: Ledger) -> None:
        """Ask whether it was done before."""
        ledger.want_request(self.request)

    def run(self, ledger: Ledger) -> bytes:
        """Order it; the same request again orders nothing and has the same answer.

        :raises NotFound: UNKNOWN_INSTRUCTION.
        :raises WrongState: the matter is open, or is as ordered already.
        :raises InvalidInput: no reason, or no ground.
        """
        answered = ledger.answered(self.request)
        if answered is not None:
            return answered
        order = _checked(ledger.connection, self.order)
        order.ordered_by = self.caller.name
        with ledger.connection.begin_nested():
            answer = self._give(ledger, order)
        ledger.remember(self.request, answer)
        return answer

    def _give(self, ledger: Ledger, order: pb.RestrictionOrder) -> bytes:
        content = order.SerializeToString(deterministic=True)
        part = event_pb2.BodyPart(name=ORDER_PART, salt=os.urandom(SALT_BYTES), content=content)
        body, kind = event_pb2.Body(parts=[part]), EventKind.RESTRICTION_ORDERED
        event = own_directory_event(ledger, self.seat, kind, restriction_facts(order), body)
        log_index = ledger.head.log_size
        ruling = rule_on_directory_event(ledger, event, self.seat)
        assert ruling.accepted, f"the hub refused its own order: {ruling.reason}"
        given = ordered_restriction(event.header, event.body, log_index, ruling.at)
        message = restriction_message(ledger.connection, given)
        return pb.OrderRestrictionResponse(restriction=message).SerializeToString()


def _checked(connection: Connection, wanted: pb.RestrictionOrder) -> pb.RestrictionOrder:
    """Return the order as it would be given, the matter by its id."""
    matter = require_ended(connection, find_matter(connection, wanted.instruction_id.strip()))
    known = find_restriction(connection, matter)
    if wanted.restricted == (known is not None and known.restricted):
        text = "该事项已限制查阅" if wanted.restricted else "该事项未限制查阅"
        raise WrongState(Reason.WRONG_STATE, text)
    return pb.RestrictionOrder(
        instruction_id=matter,
        restricted=wanted.restricted,
        reason=_text(wanted.reason, "order.reason"),
        legal_ground=_text(wanted.legal_ground, "order.legal_ground"),
    )


def _text(text: str, field: str) -> str:
    stripped = text.strip()
    if not 0 < len(stripped) <= LONGEST_TEXT:
        raise InvalidInput.in_field(field, f"必填，最长 {LONGEST_TEXT} 个字；请勿写入姓名、证件号码等")
    return stripped
