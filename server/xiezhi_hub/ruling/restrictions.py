"""Ruling on orders about who reads a matter (ADR 0018)."""

from xiezhi_domain.errors import DomainError, Reason
from xiezhi_domain.ladder import Refusal
from xiezhi_hub.ruling.check import CheckedEvent
from xiezhi_hub.ruling.erasures import holders_of
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.restrictions import note_restriction, ordered_restriction


def wrong_restriction(ledger: Ledger, event: CheckedEvent, hub_key: str) -> Refusal | None:
    """Judge an order: the hub alone gives it, about a matter that it has ruled on."""
    if event.header.key != hub_key:
        return Refusal(Reason.WRONG_COURT)
    try:
        order = ordered_restriction(event.header, event.body, ledger.head.log_size, ledger.now)
    except DomainError as error:
        return Refusal(error.reason, detail=error.message)
    return None if holders_of(ledger, order.instruction) else Refusal(Reason.UNKNOWN_INSTRUCTION)


def enter_restriction(ledger: Ledger, event: CheckedEvent, log_index: int, at: int) -> list[str]:
    """Keep an accepted order; returns the courts that are told: those that hold the matter."""
    order = ordered_restriction(event.header, event.body, log_index, at)
    note_restriction(ledger, order)
    return sorted(holders_of(ledger, order.instruction) | {event.header.sender})
