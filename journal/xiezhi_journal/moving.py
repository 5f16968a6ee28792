"""Moving deadlines of many matters at once: a published calendar, a recorded outage (protocol §10, practice.md §4)."""

import hashlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, select

from xiezhi_domain.clocks import Accepted, stages_of
from xiezhi_journal import tables
from xiezhi_journal.clockwork import Clockwork, change_clockwork, clockwork_of
from xiezhi_journal.deadlines import forget_clocks, histories, rows_of
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.matter import Rulebooks

_TABLE = tables.deadline
_NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})


class Moved(NamedTuple):
    """A deadline that is due at another moment (ms) than before."""

    instruction: str
    clock: str
    round: int
    owner: str
    due_before: int
    due_after: int


class Move(NamedTuple):
    """What another calendar or outage makes of deadlines: the rows that change, and the ends that move."""

    rows: list[tuple[Any, ...]]
    moved: list[Moved]

    @property
    def digest(self) -> str:
        """SHA-256 in hex of the list of what moved, one line each, in order."""
        lines = (f"{m.instruction} {m.clock} {m.round} {m.due_before} {m.due_after}\n" for m in self.moved)
        return hashlib.sha256("".join(lines).encode()).hexdigest()


class Standing(NamedTuple):
    """What stands before a move: what *connection* reads, and what a writer's transaction has not written yet."""

    connection: Connection
    court: str
    rulebooks: Rulebooks
    clockwork: Clockwork
    rows: Mapping[tuple[Any, ...], tuple[Any, ...]] = _NOTHING
    events: Mapping[str, list[Accepted]] = _NOTHING


def standing_of(ledger: Ledger) -> Standing:
    """Return what stands in a transaction of the writer."""
    rows = ledger.puts.get(_TABLE.name, {})
    return Standing(
        ledger.connection, ledger.court, ledger.rulebooks, clockwork_of(ledger), rows, _unwritten(ledger)
    )


def due_from(at: int) -> ColumnElement[bool]:
    """Return the condition of being due at *at* (ms) or later: nothing after the end of a period moves it."""
    return _TABLE.c.due_at >= at


def charged_to(court: str, since: int) -> ColumnElement[bool]:
    """Return the condition of being charged to *court* and due at *since* (ms) or later."""
    return (_TABLE.c.owner == court) & (_TABLE.c.due_at >= since)


def find_move(standing: Standing, after: Clockwork, affected: ColumnElement[bool]) -> Move:
    """Return what *after* would make of the matters with *affected* deadlines."""
    connection, rulebooks = standing.connection, standing.rulebooks
    query = select(_TABLE.c.instruction).where(affected).distinct().order_by(_TABLE.c.instruction)
    matters = sorted({*connection.scalars(query), *standing.events})
    setting = after.setting(connection, standing.court)
    move = Move([], [])
    before = _rows_before(standing, matters)
    written = {history[0].header.instruction: history for history in histories(connection, matters)}
    for matter in matters:
        history = [*written.get(matter, ()), *standing.events.get(matter, ())]
        *_, last = stages_of(history, rulebooks, setting)
        for row in rows_of(last, rulebooks, after):
            old = before.get(row[:3])
            if old != row:
                move.rows.append(row)
            if old is not None and _due(old) != _due(row):
                move.moved.append(Moved(row[0], row[1], row[2], row[4], _due(old), _due(row)))
    return move


def carry_out(ledger: Ledger, event_id: str, after: Clockwork, move: Move) -> None:
    """Let *after* hold and write what it moves, on record under the event that moved it."""
    change_clockwork(ledger, after)
    forget_clocks(ledger)
    for row in move.rows:
        ledger.put_row(_TABLE.name, row[:3], row)
    for moved in move.moved:
        ledger.add_row(tables.moved_deadline.name, (event_id, *moved))


def _due(row: tuple[Any, ...]) -> int:
    due: int = row[6]
    return due


def _rows_before(standing: Standing, matters: Iterable[str]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    listed = list(matters)
    for start in range(0, len(listed), 400):
        query = select(_TABLE).where(_TABLE.c.instruction.in_(listed[start : start + 400]))
        found |= {tuple(row[:3]): tuple(row) for row in standing.connection.execute(query)}
    return found | dict(standing.rows)


def _unwritten(ledger: Ledger) -> dict[str, list[Accepted]]:
    """Return the accepted events of matters that this transaction has added and not written yet."""
    found: dict[str, list[Accepted]] = {}
    matters = {matter for matter, _, _ in ledger.puts.get(_TABLE.name, {})}
    for new in (*ledger.own, *ledger.events):
        known = ledger.known(new.header.id)
        ruling = known.ruling if known else None
        if ruling and ruling.accepted and new.header.instruction in matters:
            accepted = Accepted(ruling.seq, new.header, ruling.at)
            found.setdefault(new.header.instruction, []).append(accepted)
    return found
