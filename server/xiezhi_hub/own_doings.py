"""What the hub makes by itself about its own data: answers to orders to erase, seals of its record of looks."""

from dataclasses import dataclass

from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.terms import EventKind
from xiezhi_hub.erasing.order import AnswerOfHub
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.ruling.directory import rule_on_directory_event
from xiezhi_hub.ruling.own import own_directory_event
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.erasures import Erasure
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import Ledger


@dataclass(frozen=True, slots=True)
class SealOfHub:
    """Work for the writer: the seal of one day's looks."""

    seat: Seat
    facts: JsonObject

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing."""

    def run(self, ledger: Ledger) -> None:
        """Make it."""
        event = own_directory_event(ledger, self.seat, EventKind.LOOKS_SEALED, self.facts)
        rule_on_directory_event(ledger, event, self.seat)


@dataclass(frozen=True, slots=True)
class OwnDoings:
    """Makes them while the hub is open.

    :raises Unavailable: RECOVERING.
    """

    journal: Journal
    seat: Seat
    gate: Gate

    async def answer(self, erasure: Erasure) -> None:
        """Tell that nothing of what an order means is left here."""
        self.gate.require_open()
        await self.journal.submit(AnswerOfHub(self.seat, erasure))

    async def seal_looks(self, facts: JsonObject) -> None:
        """Seal a day's looks."""
        self.gate.require_open()
        await self.journal.submit(SealOfHub(self.seat, facts))
