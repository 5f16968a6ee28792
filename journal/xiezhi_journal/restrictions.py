"""Matters whose reading the superior has restricted (限制查阅, ADR 0018): the orders, and who reads on."""

from collections.abc import Collection
from dataclasses import astuple, dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, false, literal, or_, select

from xiezhi.v1 import event_pb2
from xiezhi.v1 import restriction_service_pb2 as pb
from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.canonical_json import JsonObject, exact_fields
from xiezhi_domain.events.header import Header
from xiezhi_domain.terms import EventKind, Role
from xiezhi_journal import tables
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.proofs import part_content
from xiezhi_journal.tables import restriction as table

ORDER_PART: Final = "order"
_FACTS: Final = {"matter": str, "restricted": bool}
_READS_ON: Final = Role.COURT_LEADER
"""Who may read a restricted matter, at every court that holds it; each look is on record."""

_MOST: Final = 500
"""Ids asked for at once."""
NAMED: Final = tables.instruction.alias("named_matter")
# Names of their own: inside a query on the same tables these would be taken for the query's.
_NAMING, _EVENT, _RULING = (
    each.alias(f"naming_{each.name}") for each in (tables.instruction, tables.event, tables.ruling)
)


@dataclass(frozen=True, slots=True)
class Restriction:
    """A row of `restriction`: the last order about a matter. `ordered_at` is in ms."""

    instruction: str
    order_id: str
    log_index: int
    ordered_at: int
    restricted: bool
    content: bytes

    @property
    def order(self) -> pb.RestrictionOrder:
        """What was ordered, why, on what ground, by whom."""
        return pb.RestrictionOrder.FromString(self.content)


def restriction_facts(order: pb.RestrictionOrder) -> JsonObject:
    """Return the facts of the header of the event that gives *order*."""
    return {"matter": order.instruction_id, "restricted": order.restricted}


def ordered_restriction(header: Header, body: event_pb2.Body | None, log_index: int, at: int) -> Restriction:
    """Return the order that an accepted event gives.

    :raises FormatError: header and body do not say the same.
    """
    facts = exact_fields(header.facts, _FACTS, EventKind.RESTRICTION_ORDERED.zh)
    content = part_content(body or event_pb2.Body(), ORDER_PART)
    if restriction_facts(pb.RestrictionOrder.FromString(content)) != facts:
        raise FormatError(f"{EventKind.RESTRICTION_ORDERED.zh}的内容与事件头不符")
    matter, restricted = str(facts["matter"]), bool(facts["restricted"])
    return Restriction(matter, header.id, log_index, at, restricted, content)


def note_restriction(ledger: Ledger, restriction: Restriction) -> None:
    """Keep an order, unless one that came after it is known."""
    known = find_restriction(ledger.connection, restriction.instruction)
    if known is None or known.log_index < restriction.log_index:
        ledger.put_row(table.name, (restriction.instruction,), astuple(restriction))


def find_restriction(connection: Connection, instruction: str) -> Restriction | None:
    """Return the last order about a matter; None if there is none."""
    row = connection.execute(select(table).where(table.c.instruction == instruction)).one_or_none()
    return None if row is None else restriction_of(row)


def restriction_of(row: Any) -> Restriction:
    """Return the order that a row is."""
    return Restriction(*row)


def readable(instruction: ColumnElement[str], roles: Collection[Role]) -> ColumnElement[bool]:
    """Return the condition on the column *instruction* under which somebody with *roles* may read of a matter."""
    return ~unreadable(instruction, roles)


def unreadable(instruction: ColumnElement[str], roles: Collection[Role]) -> ColumnElement[bool]:
    """Return the condition on the column *instruction* under which reading of a matter is restricted to others.

    What has ended itself and names a restricted matter, such as a 督办 about it, tells of it and is read by the same
    people.
    """
    if _READS_ON in roles:
        return false()
    restricted = select(table.c.instruction).where(table.c.restricted)
    telling = naming(NAMED.c.instruction.in_(restricted)).where(~_NAMING.c.open)
    return or_(instruction.in_(restricted), instruction.in_(telling))


def naming(hidden: ColumnElement[bool]) -> Select[tuple[str]]:
    """Return the query for the matters that, when they began, named one that is *hidden*: a condition on `NAMED`."""
    return (
        select(_NAMING.c.instruction)
        .join(_EVENT, _EVENT.c.instruction == _NAMING.c.instruction)
        .join(tables.naming, tables.naming.c.position == _EVENT.c.position)
        .join(_RULING, _RULING.c.position == _EVENT.c.position)
        .join(NAMED, NAMED.c.instruction == tables.naming.c.named)
        .where(_RULING.c.accepted, hidden)
    )


def outside(connection: Connection, matters: Collection[str], hidden: ColumnElement[bool]) -> frozenset[str]:
    """Return those of *matters*, by id, that are not *hidden*: a condition on rows of `instruction`."""
    row, ids, found = tables.instruction.c.instruction, sorted(matters), set[str]()
    for start in range(0, len(ids), _MOST):
        some = row.in_(ids[start : start + _MOST])
        found.update(connection.scalars(select(row).where(some, hidden)))
    return frozenset(ids) - found


def readable_among(
    connection: Connection, matters: Collection[str], roles: Collection[Role]
) -> frozenset[str]:
    """Return those of *matters*, by id, that somebody with *roles* may read of."""
    return outside(connection, matters, unreadable(tables.instruction.c.instruction, roles))


def is_readable(connection: Connection, instruction: str, roles: Collection[Role]) -> bool:
    """Return whether somebody with *roles* may read of a matter."""
    return bool(connection.scalar(select(readable(literal(instruction), roles))))
