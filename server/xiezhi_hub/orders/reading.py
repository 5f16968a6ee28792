"""An order with what became of it at all its courts: its matters have one bundle, issued in one transaction."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, select

from xiezhi.v1 import order_pb2
from xiezhi_desk.orders import accepted_facts, order_at_court, order_of, to_order
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.orders.form import ORDERS, Part
from xiezhi_domain.orders.succession import succession_of
from xiezhi_domain.rulebook import Rulebook
from xiezhi_domain.terms import State
from xiezhi_hub.orders.staying import staying
from xiezhi_hub.ruling.rule import Seat
from xiezhi_hub.supervision.summary import to_summary
from xiezhi_journal import tables
from xiezhi_journal.reading import MatterRow, history, is_overdue, read_summary

_row = tables.instruction.c
_NEAR_MS: Final = 600_000
"""The matters of one order are issued in one transaction, each with the next free moment of the log."""


def require_order(connection: Connection, instruction: str) -> MatterRow:
    """Return the row of a matter that is an order.

    :raises NotFound: UNKNOWN_INSTRUCTION, there is none.
    """
    row = read_summary(connection, instruction)
    if row is None or row.kind not in ORDERS:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION, "找不到该决定，请核对编号")
    return row


def matters_of(connection: Connection, row: MatterRow) -> list[str]:
    """Return the matters of the order that *row* belongs to, by their courts."""
    query = (
        select(_row.instruction)
        .where(
            _row.kind == row.kind,
            _row.sender == row.sender,
            _row.issued_at.between(row.issued_at - _NEAR_MS, row.issued_at + _NEAR_MS),
        )
        .order_by(_row.receiver)
    )
    mine = _bundle(connection, row.instruction)
    return [each for each in connection.scalars(query) if _bundle(connection, each) == mine]


def _bundle(connection: Connection, instruction: str) -> str:
    event = tables.event.c
    header = connection.scalar(
        select(event.header).where(event.instruction == instruction).order_by(event.position).limit(1)
    )
    return str(decode_header(header).facts.get("bundle", "")) if header else ""


def read_order(
    connection: Connection, instruction: str, seat: Seat, rulebooks: Mapping[str, Rulebook], now: int
) -> order_pb2.IssuedOrder:
    """Return the order as it stands at *now* (ms), with the matters of its cases that stay with the old courts.

    :raises NotFound: UNKNOWN_INSTRUCTION, there is none.
    """
    row = require_order(connection, instruction)
    found = order_pb2.IssuedOrder()
    for each in matters_of(connection, row):
        rows, summary = history(connection, each, bodies=True), read_summary(connection, each)
        assert summary is not None, "just listed in this transaction"
        order, approval = order_of(rows)
        found.order.CopyFrom(order)
        found.approval.CopyFrom(approval)
        late = is_overdue(summary, now)
        found.courts.append(order_at_court(to_summary(summary, late=late), order, rows))
    found.unfinished.extend(unfinished(connection, row, seat))
    found.kept.extend(staying(connection, found.order, rulebooks))
    return found


def unfinished(connection: Connection, row: MatterRow, seat: Seat) -> tuple[str, ...]:
    """Return, in words, why the balance has not gone over yet; nothing where the order moves no case."""
    matters = matters_of(connection, row)
    order, _ = order_of(history(connection, row.instruction, bodies=True))
    if not order.new_court:
        return ()
    told, revoked = [], set()
    for each in matters:
        rows = history(connection, each)
        summary = read_summary(connection, each)
        assert summary is not None, "just listed in this transaction"
        told.append((summary.receiver, accepted_facts(rows)))
        if summary.state is State.REVOKED:
            revoked.add(summary.receiver)
    parts = to_order(order, seat.court).parts()
    old = {court for court, each in parts.items() if Part.OLD_COURT in each} - revoked
    return succession_of(told, seat.court).unfinished(old, order.new_court) if old else ()
