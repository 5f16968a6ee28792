"""Ending a 督办: what it was about loses the mark in the same transaction."""

from dataclasses import dataclass

from xiezhi_hub.superior.acting import SuperiorAct
from xiezhi_hub.urging.marking import unmark
from xiezhi_journal.ledger import Ledger


@dataclass(frozen=True, slots=True)
class EndUrge:
    """Work for the writer: *act* closes or revokes a 督办; answers as it does."""

    act: SuperiorAct

    def prepare(self, ledger: Ledger) -> None:
        """Ask for what the act needs."""
        self.act.prepare(ledger)

    def run(self, ledger: Ledger) -> bytes:
        """End it, and take the mark off; a repetition finds none any more."""
        answer = self.act.run(ledger)
        unmark(ledger, self.act.seat, self.act.instruction)
        return answer
