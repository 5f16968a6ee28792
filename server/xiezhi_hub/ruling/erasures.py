"""Ruling on orders to erase and on what their holders answer (protocol §14, ADR 0013)."""

from sqlalchemy import Connection, select

from xiezhi_domain.errors import DomainError, Reason
from xiezhi_domain.events.canonical_json import exact_fields
from xiezhi_domain.events.header import Header
from xiezhi_domain.ladder import Refusal
from xiezhi_hub.ruling.check import CheckedEvent
from xiezhi_journal import tables
from xiezhi_journal.erasures import (
    ANSWERED_FACTS,
    HUB,
    NODE,
    find_erasure,
    note_order,
    ordered_erasure,
    orders_about,
)
from xiezhi_journal.feeds import append_to_feed
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.restrictions import find_restriction


def wrong_order(ledger: Ledger, event: CheckedEvent, hub_key: str) -> Refusal | None:
    """Judge an order: the hub alone gives it, about a matter that it has ruled on."""
    if event.header.key != hub_key:
        return Refusal(Reason.WRONG_COURT)
    try:
        erasure = ordered_erasure(event.header, event.body, ledger.head.log_size, ledger.now)
    except DomainError as error:
        return Refusal(error.reason, detail=error.message)
    return None if holders_of(ledger, erasure.instruction) else Refusal(Reason.UNKNOWN_INSTRUCTION)


def wrong_answer(ledger: Ledger, header: Header, hub_key: str) -> Refusal | None:
    """Judge an answer: of a holder, to an order, once; the hub's own has the hub's key, and no other has it."""
    try:
        facts = exact_fields(header.facts, ANSWERED_FACTS, "清除回报")
    except DomainError as error:
        return Refusal(error.reason, detail=error.message)
    holder = HUB if header.key == hub_key else NODE
    order = find_erasure(ledger.connection, str(facts["order"]))
    if order is None or facts["holder"] != holder:
        return Refusal(Reason.MALFORMED, detail="没有这项清除决定，或回报者不是所称的一方")
    if holder == NODE and header.sender not in holders_of(ledger, order.instruction):
        return Refusal(Reason.WRONG_COURT)
    return Refusal(Reason.WRONG_STATE) if _answered(ledger, order.order_id, header.sender, holder) else None


def enter_order(ledger: Ledger, event: CheckedEvent, log_index: int, at: int) -> list[str]:
    """Keep an accepted order, to be followed here, too; returns the courts that are told."""
    erasure = ordered_erasure(event.header, event.body, log_index, at)
    note_order(ledger, erasure)
    return sorted(holders_of(ledger, erasure.instruction) | {event.header.sender})


def enter_answer(ledger: Ledger, header: Header, at: int, hub_court: str) -> list[str]:
    """Keep an accepted answer; returns the courts that are told."""
    facts = exact_fields(header.facts, ANSWERED_FACTS, "清除回报")
    key = (str(facts["order"]), header.sender, str(facts["holder"]))
    ledger.put_row(tables.erasure_answer.name, key, (*key, facts["parts"], facts["documents"], at))
    return sorted({header.sender, hub_court})


def append_orders(ledger: Ledger, court: str, instruction: str, lane: int) -> None:
    """Give a court that becomes a party the orders about the matter, whose history it gets as they have left it.

    Those to erase, and the last one about who reads it.
    """
    ruling, event = tables.ruling, tables.event
    restriction = find_restriction(ledger.connection, instruction)
    orders = [(each.order_id, each.log_index) for each in orders_about(ledger.connection, instruction)]
    if restriction is not None:
        orders.append((restriction.order_id, restriction.log_index))
    for order_id, log_index in orders:
        query = (
            select(ruling.c.leaf)
            .join(event, event.c.position == ruling.c.position)
            .where(event.c.event_id == order_id)
        )
        leaf = ledger.connection.scalar(query)
        if leaf is not None and not _is_fed(ledger.connection, court, log_index):
            append_to_feed(ledger, court, lane, log_index, leaf)


def holders_of(ledger: Ledger, instruction: str) -> set[str]:
    """Return the courts that got anything of a matter on their feeds: their nodes hold it."""
    feed, ruling, event = tables.feed, tables.ruling, tables.event
    query = (
        select(feed.c.court)
        .join(ruling, ruling.c.log_index == feed.c.log_index)
        .join(event, event.c.position == ruling.c.position)
        .where(event.c.instruction == instruction)
        .distinct()
    )
    entries = set(ledger.accepted_entries(instruction))
    unwritten = {row[0] for row in ledger.rows.get(feed.name, ()) if row[3] in entries}
    return set(ledger.connection.scalars(query)) | unwritten


def _answered(ledger: Ledger, order_id: str, court: str, holder: str) -> bool:
    table = tables.erasure_answer
    query = select(table.c.at).where(
        table.c.order_id == order_id, table.c.court == court, table.c.holder == holder
    )
    unwritten = ledger.puts.get(table.name, {})
    return (order_id, court, holder) in unwritten or ledger.connection.scalar(query) is not None


def _is_fed(connection: Connection, court: str, log_index: int) -> bool:
    feed = tables.feed
    query = select(feed.c.feed_seq).where(feed.c.court == court, feed.c.log_index == log_index).limit(1)
    return connection.scalar(query) is not None
