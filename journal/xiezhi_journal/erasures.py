"""Orders to erase as rows, and the events that order and answer them (protocol §14)."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields, replace
from typing import Any, Final

from sqlalchemy import Connection, select, update

from xiezhi.v1 import erasure_service_pb2 as pb
from xiezhi.v1 import event_pb2
from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.canonical_json import JsonObject, exact_fields
from xiezhi_domain.events.header import Header, decode_header
from xiezhi_domain.events.ids import stream_id
from xiezhi_domain.terms import EventKind
from xiezhi_journal import tables
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.proofs import part_content
from xiezhi_journal.tables import erasure as table

ORDER_PART: Final = "order"
ORDERED_FACTS: Final = {"matter": str, "whole": bool}
ANSWERED_FACTS: Final = {"order": str, "holder": str, "parts": int, "documents": int}
NODE, HUB = "NODE", "HUB"
_ORDERED: Final = "ordered"
_AGAIN: Final = -1
"""`done_at` of an order that has to be followed again; following it begins with 0."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """A row of `erasure`: an order, and how far this program has come with it. Times are in ms."""

    order_id: str
    instruction: str
    log_index: int
    ordered_at: int
    content: bytes
    parts: int = 0
    documents: int = 0
    done_at: int = 0
    answer_id: str = ""

    @property
    def order(self) -> pb.ErasureOrder:
        """What is to be erased."""
        return pb.ErasureOrder.FromString(self.content)

    @property
    def due(self) -> bool:
        """Whether something of it may be left here."""
        return self.done_at <= 0

    @property
    def key(self) -> tuple[str]:
        """The primary key."""
        return (self.order_id,)

    def row(self) -> tuple[Any, ...]:
        """Return it as a row of the table."""
        return astuple(self)


def ordered_facts(order: pb.ErasureOrder) -> JsonObject:
    """Return the facts of the header of the event that gives *order*."""
    return {"matter": order.instruction_id, "whole": order.whole}


def ordered_erasure(header: Header, body: event_pb2.Body | None, log_index: int, at: int) -> Erasure:
    """Return the order that an accepted event gives, with nothing done of it yet.

    :raises FormatError: header and body do not say the same.
    """
    facts = exact_fields(header.facts, ORDERED_FACTS, "清除决定")
    content = part_content(body or event_pb2.Body(), ORDER_PART)
    if ordered_facts(pb.ErasureOrder.FromString(content)) != facts:
        raise FormatError("清除决定的内容与事件头不符")
    return Erasure(header.id, str(facts["matter"]), log_index, at, content)


def answered_facts(erasure: Erasure, holder: str) -> JsonObject:
    """Return the facts of a holder's answer: what it erased."""
    return {
        "order": erasure.order_id,
        "holder": holder,
        "parts": erasure.parts,
        "documents": erasure.documents,
    }


def note_order(ledger: Ledger, erasure: Erasure) -> None:
    """Keep an order that has to be followed here; one that is known is kept as it is."""
    if find_erasure(ledger.connection, erasure.order_id) is None:
        ledger.put_row(table.name, erasure.key, erasure.row())
        _ordered(ledger).add(erasure.instruction)


def is_ordered(ledger: Ledger, instruction: str) -> bool:
    """Return whether there is an order about a matter. Asked for every item of a feed; an undone item may leave one."""
    return instruction in _ordered(ledger)


def _ordered(ledger: Ledger) -> set[str]:
    found: set[str] | None = ledger.cache.extras.get(_ORDERED)
    if found is None:
        found = set(ledger.connection.scalars(select(table.c.instruction)))
        ledger.cache.extras[_ORDERED] = found
    return found


def find_erasure(connection: Connection, order_id: str) -> Erasure | None:
    """Return an order; None if it is not known."""
    row = connection.execute(select(table).where(table.c.order_id == order_id)).one_or_none()
    return None if row is None else erasure_of(row)


def orders_about(connection: Connection, instruction: str) -> list[Erasure]:
    """Return the orders about a matter, in the order of the log."""
    query = select(table).where(table.c.instruction == instruction).order_by(table.c.log_index)
    return [erasure_of(row) for row in connection.execute(query)]


def erased_documents(connection: Connection, instruction: str) -> set[bytes]:
    """Return the hashes of the documents that orders about a matter name."""
    return {sha256 for each in orders_about(connection, instruction) for sha256 in each.order.documents}


def unfinished(connection: Connection) -> list[Erasure]:
    """Return the orders with which this program is not done, or that it has not answered, oldest first."""
    open_ = (table.c.done_at <= 0) | (table.c.answer_id == "")
    return [
        erasure_of(row) for row in connection.execute(select(table).where(open_).order_by(table.c.log_index))
    ]


def all_orders(connection: Connection) -> list[Erasure]:
    """Return all orders, in the order of the log."""
    return [erasure_of(row) for row in connection.execute(select(table).order_by(table.c.log_index))]


def begin_again(connection: Connection, instruction: str) -> None:
    """Follow all orders about a matter once more: something of it has come that was logged before them."""
    connection.execute(update(table).where(table.c.instruction == instruction).values(done_at=_AGAIN))


def answer_to(connection: Connection, erasure: Erasure, court: str, holder: str) -> str:
    """Return the id of the event by which *holder* of *court* has answered an order; empty if none.

    One that is not ruled on yet counts; what was refused, or said by another court in this one's stream, does not.
    """
    event, ruling = tables.event.c, tables.ruling
    query = (
        select(event.event_id, event.header)
        .join(ruling, ruling.c.position == event.position, isouter=True)
        .where(
            event.instruction == stream_id(court),
            event.court == court,
            event.kind == EventKind.ERASED,
            ruling.c.accepted.is_not(False),
        )
    )
    for row in connection.execute(query):
        facts = decode_header(row.header).facts
        if (facts.get("order"), facts.get("holder")) == (erasure.order_id, holder):
            return str(row.event_id)
    return ""


def change_erasure(connection: Connection, erasure: Erasure, changed: Mapping[str, Any]) -> Erasure:
    """Keep how far this program has come; returns the row as it is then."""
    connection.execute(update(table).where(table.c.order_id == erasure.order_id).values(**changed))
    return replace(erasure, **changed)


def begin(connection: Connection, erasure: Erasure, parts: int) -> Erasure:
    """Note that the journal has nothing more of it at this moment; returns the row as it is then.

    Call it in the transaction that erases: `finish` tells by it whether something has come since.
    """
    return change_erasure(connection, erasure, {"parts": parts, "done_at": 0})


def finish(connection: Connection, erasure: Erasure, documents: int, at: int) -> bool:
    """Note that nothing is left, and return True; False if something has come since `begin`, and all goes on again."""
    unchanged = (table.c.order_id == erasure.order_id) & (table.c.done_at == 0)
    done = connection.execute(update(table).where(unchanged).values(documents=documents, done_at=at))
    return bool(done.rowcount)


def erasure_of(row: Any) -> Erasure:
    """Return the order that a row is."""
    return Erasure(**{field.name: getattr(row, field.name) for field in fields(Erasure)})
