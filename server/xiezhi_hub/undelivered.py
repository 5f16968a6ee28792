"""Matters that have not arrived: the hub's own court says so in the log (protocol §4)."""

import asyncio
import math
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy import Connection, select

from xiezhi_domain.calendar import WorkingCalendar, shipped_calendar
from xiezhi_domain.clocks.period import end_of_period
from xiezhi_domain.errors import DomainError
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.ladder.instruction import decode_instruction
from xiezhi_domain.rulebook import Rulebook
from xiezhi_domain.terms import EventKind, State
from xiezhi_hub.hub_journal import HubJournal
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.ruling.own import own_event
from xiezhi_hub.ruling.rule import Seat, rule_on
from xiezhi_journal import tables
from xiezhi_journal.ledger import Ledger

_log = structlog.get_logger(__name__)

LOOK_EVERY_SECONDS: Final = 60.0
_LIMIT: Final = "delivered"


class Undelivered:
    """Looks for matters that were issued and have not arrived within the rulebook's hours."""

    def __init__(self, journal: HubJournal, seat: Seat, gate: Gate) -> None:
        self._journal = journal
        self._seat = seat
        self._gate = gate

    async def run(self) -> None:
        """Look every minute, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            try:
                await self.look()
            except DomainError as error:
                _log.warning("undelivered_not_looked_for", reason=error.reason)

    async def look(self) -> int:
        """Log `Undelivered` for each such matter; returns for how many."""
        if not self._gate.is_open:
            return 0
        now = self._journal.clock()
        found = await self._journal.read(lambda connection: _late(connection, self._journal.rulebooks, now))
        works = [LogUndelivered(instruction, self._seat) for instruction in found]
        answers = await self._journal.writer.submit_all(works)
        return sum(answer is True for answer in answers)


@dataclass(frozen=True, slots=True)
class LogUndelivered:
    """Work for the writer: `Undelivered`, made, ruled on and fed in one transaction. Done once for a matter."""

    instruction: str
    seat: Seat

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matter."""
        ledger.want_matter(self.instruction)

    def run(self, ledger: Ledger) -> bool:
        """Log it, unless it has arrived meanwhile; returns whether it was logged."""
        matter = ledger.matter(self.instruction)
        if matter is None or matter.accepted is None or not _is_under_way(matter.accepted):
            return False
        history = matter.accepted
        # Every party is told; the header names one, and no court writes to itself.
        to = history.receiver if history.sender == self.seat.court else history.sender
        event = own_event(ledger, self.seat, EventKind.UNDELIVERED, history.id, to, history.head, {})
        return rule_on(ledger, event, self.seat).accepted


def _late(connection: Connection, rulebooks: dict[str, Rulebook], now: int) -> list[str]:
    table = tables.instruction
    query = select(table.c.accepted).where(table.c.open, table.c.state == State.IN_TRANSIT)
    under_way = [decode_instruction(text) for text in connection.scalars(query)]
    calendar = shipped_calendar()
    return [
        matter.id
        for matter in under_way
        if _is_under_way(matter) and now >= _arrival_due(matter, rulebooks, calendar)
    ]


def _is_under_way(matter: Instruction) -> bool:
    return matter.state is State.IN_TRANSIT and EventKind.UNDELIVERED not in matter.times


def _arrival_due(matter: Instruction, rulebooks: dict[str, Rulebook], calendar: WorkingCalendar) -> float:
    """Return until when (ms) the matter has to arrive; never, where its rulebook has no limit for it."""
    limit = rulebooks[matter.rulebook].kind(matter.kind).limits.get(_LIMIT)
    if limit is None:
        return math.inf
    amount, unit = limit.period(urgent=matter.urgent)
    begun = max(at for kind, at in matter.times.items() if kind in limit.starts)
    return end_of_period(begun, amount, unit, calendar)
