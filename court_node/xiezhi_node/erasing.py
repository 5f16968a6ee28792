"""The node's answer to an order to erase (protocol §14)."""

from dataclasses import dataclass

from xiezhi_domain.terms import EventKind
from xiezhi_journal.erasures import NODE, Erasure, answer_to, answered_facts, change_erasure
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import Ledger
from xiezhi_node.acting.stream import add_stream_event
from xiezhi_node.seat import Seat


@dataclass(frozen=True, slots=True)
class AnswerOfNode:
    """Work for the writer: tell the hub that nothing of what *erasure* means is left here."""

    seat: Seat
    erasure: Erasure

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing."""

    def run(self, ledger: Ledger) -> None:
        """Answer, once: a restored node that has its answer back makes no other.

        :raises Unavailable: RECOVERING; whether it has answered is not known yet.
        """
        self.seat.catching_up.check()
        answer = answer_to(ledger.connection, self.erasure, self.seat.court, NODE)
        if not answer:
            facts = answered_facts(self.erasure, NODE)
            answer = add_stream_event(ledger, self.seat, EventKind.ERASED, facts)
        change_erasure(ledger.connection, self.erasure, {"answer_id": answer})


async def answer_order(journal: Journal, seat: Seat, erasure: Erasure) -> None:
    """Answer an order that was followed.

    :raises DomainError: not now.
    """
    await journal.submit(AnswerOfNode(seat, erasure))
