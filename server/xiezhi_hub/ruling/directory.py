"""Ruling on key and directory events: a court's own stream, about no matter (protocol §6)."""

from dataclasses import dataclass

from sqlalchemy import select

from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.events.header import Header
from xiezhi_domain.events.ids import stream_id
from xiezhi_domain.events.kinds import KEY_EVENTS
from xiezhi_domain.keyring import decide_key_event
from xiezhi_domain.ladder import Refusal, Step
from xiezhi_domain.terms import EventKind
from xiezhi_hub.ruling.check import CheckedEvent
from xiezhi_hub.ruling.rule import Seat, log_ruling, make_ruling
from xiezhi_journal import tables
from xiezhi_journal.feeds import append_to_feed
from xiezhi_journal.keyrings import apply_key_event, keyring_of, last_step
from xiezhi_journal.ledger import Ledger

DIRECTORY_LANE = 1
"""Keys travel with the urgent matters, before what they sign can arrive."""


@dataclass(frozen=True, slots=True)
class RuleOnDirectoryEvent:
    """Work for the writer: one ruling on an event of a court's own stream, fed to every joined court.

    `enrolling` says that it came with a join token of that court.
    """

    event: CheckedEvent
    seat: Seat
    enrolling: bool = False

    def prepare(self, ledger: Ledger) -> None:
        """Ask whether the event was ruled on before."""
        ledger.want_event(self.event.header.id)

    def run(self, ledger: Ledger) -> None:
        """Rule, log, feed; nothing if it was done before."""
        header = self.event.header
        if ledger.known(header.id) is not None:
            return
        head = last_step(ledger.connection, stream_id(header.sender))
        refusal = self._refusal(ledger, head)
        ruling = make_ruling(ledger, head, refusal)
        known = ledger.append(
            header, self.event.data, self.event.body_bytes, self.event.push_bytes, self.event.journal_position
        )
        log_index, leaf = log_ruling(ledger, known, self.event.data, ruling)
        if not ruling.accepted:
            append_to_feed(ledger, header.sender, DIRECTORY_LANE, log_index, leaf)
            return
        if header.kind in KEY_EVENTS:
            apply_key_event(ledger, header, log_index)
        for court in sorted(joined_courts(ledger) | {header.sender}):
            append_to_feed(ledger, court, DIRECTORY_LANE, log_index, leaf)

    def _refusal(self, ledger: Ledger, head: Step) -> Refusal | None:
        header = self.event.header
        if header.base.id != head.id or header.base.hash != head.hash:
            return Refusal(Reason.STALE_BASE, head.id)
        if header.kind == EventKind.RULEBOOK_PUBLISHED:
            return None if header.sender == self.seat.court else Refusal(Reason.WRONG_COURT)
        superior = _superior(header, self.seat)
        return decide_key_event(keyring_of(ledger), header, superior=superior, enrolling=self.enrolling)


def joined_courts(ledger: Ledger) -> set[str]:
    """Return the courts that have joined this hub, as this transaction sees them."""
    court = tables.court
    return set(ledger.connection.scalars(select(court.c.code).where(court.c.joined_at > 0)))


def _superior(header: Header, seat: Seat) -> str:
    try:
        return seat.courts.get(header.sender).superior or ""
    except NotFound:
        return ""
