"""Discarding a draft that was never issued. Its number is not given again: the row stays and says where it went."""

from dataclasses import dataclass, replace

from sqlalchemy import update

from xiezhi_domain.terms import Action
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.tables import returned_work
from xiezhi_node.drafting.works import DraftRequest, drafted


@dataclass(frozen=True, slots=True)
class Discard:
    """Work for the writer: a draft is given up for good, by its author or by who acts in his place.

    Its papers are named by nothing any more: `collect_unreferenced` deletes them.
    """

    request: DraftRequest
    stands_in_for: frozenset[str]
    reason: str

    def prepare(self, ledger: Ledger) -> None:
        """Ask for what it needs."""
        self.request.prepare(ledger)

    def run(self, ledger: Ledger) -> bytes:
        """Discard it, and take off the desk what the hub had refused of it."""
        request = self.request
        answered = ledger.answered(request.request)
        if answered is not None:
            return answered
        matter, draft = drafted(ledger, request)
        after = request.advance(
            ledger, matter, Action.DISCARD, draft.author, stands_in_for=self.stands_in_for
        )
        step = request.step(ledger, Action.DISCARD, self.reason)
        response = request.store(ledger, after, replace(draft, remark=self.reason), step)
        refused = returned_work.c.instruction == request.instruction
        ledger.connection.execute(update(returned_work).where(refused).values(dismissed=True))
        return response
