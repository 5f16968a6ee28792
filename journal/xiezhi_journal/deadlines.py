"""Deadlines as rows: kept with every accepted event at the hub, made again from histories where all else moves them.

What the clocks of a matter have become stays in the writer's cache; a matter that is not there is read again from its
events, in the same transaction.
"""

import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, delete, select

from xiezhi_domain.clocks import Accepted, Clocks, Deadline, Setting, advance, moment_of, plan_of, stages_of
from xiezhi_domain.clocks.replay import Stage
from xiezhi_domain.escalation import first_look
from xiezhi_domain.events.header import Header, decode_header
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.rulebook import KindRules
from xiezhi_journal import tables
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.clockwork import Clockwork, clockwork_of, read_clockwork
from xiezhi_journal.ledger import CACHED_MATTERS, Ledger
from xiezhi_journal.matter import Rulebooks

_CACHE: Final = "clocks"
_CHUNK: Final = 400


def follow_event(ledger: Ledger, header: Header, at: int, after: Instruction, *, first: bool) -> None:
    """Run the clocks of a matter on: the hub accepted *header* at *at* (ms), which made the matter *after*.

    *first*: it is the matter's first event.
    """
    rules = ledger.rulebooks[after.rulebook].rules(after.kind, after.sender, after.receiver)
    plan, clockwork = plan_of(rules), clockwork_of(ledger)
    before = None if first else _clocks_of(ledger, after.id, clockwork)
    setting = clockwork.setting(ledger.connection, ledger.court)
    clocks = advance(before, moment_of(header, at, after), plan, setting)
    if clocks is before:
        return
    _remember(ledger, after.id, clocks)
    unchanged = set(map(id, before.deadlines)) if before else set()
    for deadline in clocks.deadlines:
        if deadline.clock in plan.duties and id(deadline) not in unchanged:
            put_deadline(ledger, after, deadline, rules, clockwork)


def put_deadline(
    ledger: Ledger, matter: Instruction, deadline: Deadline, rules: KindRules, clockwork: Clockwork
) -> None:
    """Keep the row of one deadline as it has become."""
    key = (matter.id, deadline.clock, deadline.round)
    ledger.put_row(tables.deadline.name, key, deadline_row(matter, deadline, rules, clockwork))


def deadline_row(
    matter: Instruction, deadline: Deadline, rules: KindRules, clockwork: Clockwork
) -> tuple[Any, ...]:
    """Return the row of one deadline, in the order of the table's columns."""
    next_at = first_look(deadline, rules.limits[deadline.clock], clockwork.rules, clockwork.calendar)
    adjustments = [list(each) for each in deadline.adjustments]
    return (
        matter.id,
        deadline.clock,
        deadline.round,
        matter.kind,
        deadline.owner,
        deadline.started_at,
        deadline.due_at,
        str(deadline.state),
        deadline.is_open,
        deadline.ended_at,
        str(deadline.verdict or ""),
        deadline.provisional,
        json.dumps(adjustments) if adjustments else "",
        next_at,
    )


def forget_clocks(ledger: Ledger) -> None:
    """Drop what is cached: something moved deadlines without an event of their matters."""
    before = ledger.cache.extras.pop(_CACHE, None)
    if before is not None:
        ledger.on_undo(lambda: ledger.cache.extras.__setitem__(_CACHE, before))


def stages_by_matter(
    connection: Connection, rulebooks: Rulebooks, setting: Setting, only: Iterable[str] | None = None
) -> Iterator[list[Stage]]:
    """Yield what each event made of each matter and its deadlines, matter by matter; of *only* these if given."""
    for history in histories(connection, only):
        yield list(stages_of(history, rulebooks, setting))


def histories(connection: Connection, only: Iterable[str] | None = None) -> Iterator[list[Accepted]]:
    """Yield the accepted events of matters, matter by matter; of *only* these if given."""
    event, ruling = tables.event, tables.ruling
    query = (
        select(event.c.instruction, event.c.header, ruling.c.seq, ruling.c.ruled_at)
        .join(ruling, ruling.c.position == event.c.position)
        .join(tables.instruction, tables.instruction.c.instruction == event.c.instruction)
        .where(ruling.c.accepted)
        .order_by(event.c.instruction, ruling.c.seq)
    )
    parts = [query] if only is None else [query.where(event.c.instruction.in_(part)) for part in _parts(only)]
    for part in parts:
        rows = connection.execute(part, execution_options={"yield_per": _CHUNK})
        for _, group in groupby(rows, key=attrgetter("instruction")):
            yield [Accepted(row.seq, decode_header(row.header), row.ruled_at) for row in group]


def rows_of(stage: Stage, rulebooks: Rulebooks, clockwork: Clockwork) -> list[tuple[Any, ...]]:
    """Return the rows of a matter's deadlines as its last event left them."""
    matter = stage.after
    rules = rulebooks[matter.rulebook].rules(matter.kind, matter.sender, matter.receiver)
    duties = plan_of(rules).duties
    return [
        deadline_row(matter, deadline, rules, clockwork)
        for deadline in stage.clocks.deadlines
        if deadline.clock in duties
    ]


def rebuild_deadlines(connection: Connection, court: str, rulebooks: Rulebooks) -> None:
    """Make the rows of the hub of *court* again from the accepted histories; what was fired stays as it was."""
    clockwork = read_clockwork(connection)
    connection.execute(delete(tables.deadline))
    rows: list[tuple[Any, ...]] = []
    for stages in stages_by_matter(connection, rulebooks, clockwork.setting(connection, court)):
        rows += rows_of(stages[-1], rulebooks, clockwork)
        if len(rows) >= _CHUNK:
            insert_rows(connection, tables.deadline, rows)
            rows = []
    insert_rows(connection, tables.deadline, rows)


def clocks_of(ledger: Ledger, instruction: str) -> Clocks | None:
    """Return the clocks of a matter as they are now in this transaction; None if there is none."""
    return _clocks_of(ledger, instruction, clockwork_of(ledger))


def _clocks_of(ledger: Ledger, instruction: str, clockwork: Clockwork) -> Clocks | None:
    found = _cached(ledger).get(instruction)
    if found is None:
        setting = clockwork.setting(ledger.connection, ledger.court)
        for stages in stages_by_matter(ledger.connection, ledger.rulebooks, setting, [instruction]):
            found = stages[-1].clocks
    return found


def _remember(ledger: Ledger, instruction: str, clocks: Clocks) -> None:
    cached = _cached(ledger)
    before = cached.get(instruction)
    cached[instruction] = clocks
    cached.move_to_end(instruction)
    if len(cached) > CACHED_MATTERS:
        cached.popitem(last=False)
    ledger.on_undo(lambda: _restore(cached, instruction, before))


def _restore(cached: "OrderedDict[str, Clocks]", instruction: str, before: Clocks | None) -> None:
    if before is None:
        cached.pop(instruction, None)
    else:
        cached[instruction] = before


def _cached(ledger: Ledger) -> "OrderedDict[str, Clocks]":
    found: OrderedDict[str, Clocks] = ledger.cache.extras.setdefault(_CACHE, OrderedDict())
    return found


def _parts(values: Iterable[str]) -> Iterator[list[str]]:
    listed = list(values)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]
