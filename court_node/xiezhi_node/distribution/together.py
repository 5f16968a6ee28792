"""Events in matters of one distribution: all of them in one transaction, or none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from google.protobuf.message import Message

from xiezhi.v1.instruction_pb2 import ActionReceipt
from xiezhi_domain.errors import Conflict, NotFound, Reason
from xiezhi_journal.ledger import Ledger, RequestKey
from xiezhi_node.acting.act import Act, MoveTaken, Person, receipt
from xiezhi_node.seat import Seat


@dataclass(frozen=True, slots=True)
class Together:
    """Work for the writer: *moves* of *person* by matter; answers with what *answer* makes of their receipts.

    What the moves say was worked out on matters whose last events were *heads*. If anything has happened since in one
    of them, nothing is done: shares that were worked out on less would lose or double something.
    """

    seat: Seat
    request: RequestKey
    person: Person
    heads: Mapping[str, str]
    moves: Mapping[str, MoveTaken]
    answer: Callable[[list[ActionReceipt]], Message]

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matters and whether the request was answered before."""
        for matter in self.heads:
            ledger.want_matter(matter)
        ledger.want_request(self.request)

    def run(self, ledger: Ledger) -> bytes:
        """Make the events, all or none."""
        answered = ledger.answered(self.request)
        if answered is not None:
            return answered
        self._require_unchanged(ledger)
        receipts = [
            receipt(Act(self.seat, self.request, self.person, matter, [move]).take(ledger))
            for matter, move in self.moves.items()
        ]
        response = self.answer(receipts).SerializeToString()
        ledger.remember(self.request, response)
        return response

    def _require_unchanged(self, ledger: Ledger) -> None:
        for id_, head in self.heads.items():
            matter = ledger.matter(id_)
            if matter is None:
                raise NotFound(Reason.UNKNOWN_INSTRUCTION)
            if matter.last_event != head:
                raise Conflict(Reason.STALE_BASE, "参与分配的事项有新的进展，请刷新后重试")
