"""Closing an order (归结): by who decided it, and not before the balance has gone over to the fen."""

from dataclasses import dataclass

from xiezhi_domain.errors import Reason, WrongState
from xiezhi_hub.orders.reading import require_order, unfinished
from xiezhi_hub.superior.acting import SuperiorAct
from xiezhi_journal.ledger import Ledger


@dataclass(frozen=True, slots=True)
class CloseOrder:
    """Work for the writer: *act* closes an order at one court; answers as it does."""

    act: SuperiorAct

    def prepare(self, ledger: Ledger) -> None:
        """Ask for what the act needs."""
        self.act.prepare(ledger)

    def run(self, ledger: Ledger) -> bytes:
        """Close it.

        :raises WrongState: a case was not struck off or filed yet, or the sums differ.
        """
        if ledger.answered(self.act.request) is None:
            row = require_order(ledger.connection, self.act.instruction)
            missing = "；".join(unfinished(ledger.connection, row, self.act.seat))
            if missing:
                raise WrongState(Reason.WRONG_STATE, f"该决定还不能归结：{missing}")
        return self.act.run(ledger)
