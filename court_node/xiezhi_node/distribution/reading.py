"""The matters of a distribution, and what their events make of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, select

from xiezhi.v1 import event_pb2
from xiezhi_domain.clocks.period import end_of_period
from xiezhi_domain.distribution.register import Entry, Register, register_of
from xiezhi_domain.distribution.standing import Periods, Standing
from xiezhi_domain.errors import InvalidInput, NotFound, Reason
from xiezhi_domain.events.header import Header, decode_header
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import EventKind, Kind
from xiezhi_journal import tables
from xiezhi_journal.matter import from_row
from xiezhi_journal.reading import HistoryRow, history
from xiezhi_node.confidentiality import find_visible
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a matter as it stands here; its body says what the header does not."""

    header: Header
    row: HistoryRow

    @property
    def body(self) -> event_pb2.Body:
        """The body; empty where it was erased."""
        return event_pb2.Body.FromString(self.row.body or b"")


@dataclass(frozen=True)
class Known:
    """What this court knows of a distribution: the events of its matters, refused ones left out.

    `heads` are the last events of the matters; `now` is ms since 1970.
    """

    id: str
    seat: Seat
    matters: Mapping[str, Sequence[Told]]
    heads: Mapping[str, str]
    courts: Mapping[str, str]
    rules: KindRules
    now: int

    @cached_property
    def register(self) -> Register:
        """The distribution, own events included that the hub has not ruled on."""
        return self._register(lambda _row: True)

    @cached_property
    def accepted(self) -> Register:
        """The distribution as far as the hub has accepted it."""
        return self._register(lambda row: row.accepted is True)

    @property
    def standing(self) -> Standing:
        """How it stands now, under the periods of the rulebook."""
        limits, calendar = self.rules.limits, self.seat.calendar

        def end(name: str) -> Callable[[int], int]:
            limit = limits[name]
            return lambda received: end_of_period(received, limit.amount, limit.unit, calendar)

        return Standing(self.register, Periods(end("objection"), end("counter"), end("suit")), self.now)

    def last(self, *kinds: EventKind) -> Told | None:
        """Return the last event of one of *kinds*, of whichever matter."""
        told = [each for events in self.matters.values() for each in events if each.header.kind in kinds]
        return max(told, key=lambda each: each.row.position, default=None)

    def _register(self, counts: Callable[[HistoryRow], bool]) -> Register:
        return register_of(
            Entry(told.header.id, matter, told.header.kind, told.header.facts)
            for matter, events in self.matters.items()
            for told in events
            if counts(told.row)
        )


def known_of_matter(connection: Connection, seat: Seat, caller: Caller, matter: str, now: int) -> Known:
    """Return what *matter* alone shows of its distribution.

    :raises NotFound: UNKNOWN_INSTRUCTION, there is no such matter for the caller.
    """
    row = find_visible(connection, caller, seat.rulebook, matter)
    if row.kind != Kind.DISTRIBUTION:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION)
    return _known(connection, seat, caller, "", [matter], now)


def known_by_id(connection: Connection, seat: Seat, caller: Caller, distribution: str, now: int) -> Known:
    """Return the distribution that this court presides over.

    :raises NotFound: UNKNOWN_INSTRUCTION, it presides over none of that id.
    """
    matters = matters_of(connection, seat, distribution)
    if not matters:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION, "本院没有主持该参与分配，请核对编号")
    return _known(connection, seat, caller, distribution, matters, now)


def known_at(
    connection: Connection, seat: Seat, caller: Caller, distribution: str, matter: str, now: int
) -> Known:
    """Return the distribution as either names it: by its id, or by a matter of it.

    At the presiding court a matter leads to the whole.

    :raises InvalidInput: neither or both are given.
    :raises NotFound: UNKNOWN_INSTRUCTION.
    """
    if bool(distribution) is bool(matter):
        raise InvalidInput.in_field("distribution_id", "请填写参与分配编号或者事项编号，二者选一")
    if distribution:
        return known_by_id(connection, seat, caller, distribution, now)
    known = known_of_matter(connection, seat, caller, matter, now)
    if known.id and matters_of(connection, seat, known.id):
        return known_by_id(connection, seat, caller, known.id, now)
    return known


def matters_of(connection: Connection, seat: Seat, distribution: str) -> list[str]:
    """Return the matters of a distribution over which this court presides, in the order of their admission."""
    event, matter = tables.event.c, tables.instruction.c
    query = (
        select(event.instruction, event.header)
        .join(tables.instruction, matter.instruction == event.instruction)
        .where(
            matter.kind == Kind.DISTRIBUTION,
            matter.receiver == seat.court,
            event.kind == EventKind.PARTICIPATION_ADMITTED,
        )
        .order_by(event.position)
    )
    admitted = connection.execute(query)
    found = (row for row in admitted if decode_header(row.header).facts["distribution"] == distribution)
    return list(dict.fromkeys(row.instruction for row in found))


def _known(
    connection: Connection, seat: Seat, caller: Caller, distribution: str, matters: Sequence[str], now: int
) -> Known:
    rows = {matter: find_visible(connection, caller, seat.rulebook, matter) for matter in matters}
    events = {matter: _told(connection, matter) for matter in matters}
    first = rows[matters[0]]
    return Known(
        id=distribution or _distribution_of(events[matters[0]]),
        seat=seat,
        matters=events,
        heads={matter: row.last_event for matter, row in rows.items()},
        courts={matter: row.sender for matter, row in rows.items()},
        rules=_rules(seat, first),
        now=now,
    )


def _rules(seat: Seat, row: Row[Any]) -> KindRules:
    """Return the rules that a matter pins; those in force for one that was never issued."""
    view = from_row(row, ()).view
    if view is not None:
        return seat.rules_of(view)
    return seat.rulebook.rules(Kind.DISTRIBUTION, row.sender, row.receiver)


def _told(connection: Connection, matter: str) -> list[Told]:
    """Return the events of a matter but for refused ones and those that were made on top of a refused one."""
    pending = tables.pending.c
    dropped = select(pending.position).where(pending.instruction == matter, pending.dropped)
    left_out = frozenset(connection.scalars(dropped))
    rows = history(connection, matter, bodies=True)
    return [
        Told(decode_header(row.header), row)
        for row in rows
        if row.accepted is not False and row.position not in left_out
    ]


def _distribution_of(events: Sequence[Told]) -> str:
    admitted = (each for each in events if each.header.kind == EventKind.PARTICIPATION_ADMITTED)
    return next((str(each.header.facts["distribution"]) for each in admitted), "")
