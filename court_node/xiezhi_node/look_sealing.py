"""The seal of a day's looks at a node."""

from dataclasses import dataclass

from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.terms import EventKind
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import Ledger
from xiezhi_node.acting.stream import add_stream_event
from xiezhi_node.seat import Seat


@dataclass(frozen=True, slots=True)
class SealOfNode:
    """Work for the writer: one day's seal."""

    seat: Seat
    facts: JsonObject

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing."""

    def run(self, ledger: Ledger) -> None:
        """Make it.

        :raises Unavailable: RECOVERING.
        """
        add_stream_event(ledger, self.seat, EventKind.LOOKS_SEALED, self.facts)


async def seal_looks(journal: Journal, seat: Seat, facts: JsonObject) -> None:
    """Seal a day.

    :raises DomainError: not now.
    """
    await journal.submit(SealOfNode(seat, facts))
