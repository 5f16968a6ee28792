"""What readers ask of deadlines: those of a matter, open ones by court, what was fired, proposed, told, moved."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal_column, or_, select, text

from xiezhi_journal import tables
from xiezhi_journal.reading.lists import of_a_trial
from xiezhi_journal.reading.paging import Page, token_after

_DEADLINE, _FIRING, _NOTICE = tables.deadline, tables.firing, tables.notice
_MATTER = tables.instruction
_OPEN: ColumnElement[bool] = literal_column("deadline.open")
_RUNNING = "RUNNING"
_FIELDS = (
    *("instruction", "clock", "round", "kind", "owner", "started_at", "due_at", "state", "ended_at"),
    *("verdict", "provisional", "pauses"),
)


class DeadlineRow(NamedTuple):
    """One deadline and its matter; times in ms, 0 where there is none; `view` is the fold.

    `pauses` are all adjustments, in order, as JSON: `[start, end]`, or `[not before]`.
    """

    instruction: str
    clock: str
    round: int
    kind: str
    owner: str
    started_at: int
    due_at: int
    state: str
    ended_at: int
    verdict: str
    provisional: bool
    pauses: str
    number: str
    sender: str
    receiver: str
    view: str


class ProposalRow(NamedTuple):
    """A rung that was fired, and the deadline as it is now."""

    deadline: DeadlineRow
    due_at: int
    step: str
    rung: str
    planned_at: int
    decision: str


@dataclass(frozen=True, slots=True)
class DeadlineFilters:
    """Which open deadlines a list shows; an empty filter shows all. Times in ms; `due_from` itself is shown."""

    court: str = ""
    clock: str = ""
    due_from: int = 0
    due_before: int = 0
    overdue_at: int = 0


def deadlines_of_matter(connection: Connection, instruction: str) -> list[DeadlineRow]:
    """Return the deadlines of a matter in the order in which they were started."""
    query = _deadlines().where(_DEADLINE.c.instruction == instruction)
    return _rows(connection, query.order_by(_DEADLINE.c.started_at, _DEADLINE.c.due_at, _DEADLINE.c.clock))


def open_deadlines(
    connection: Connection, filters: DeadlineFilters, page: Page, also: ColumnElement[bool] | None = None
) -> tuple[list[DeadlineRow], str]:
    """Return a page of open deadlines, those due first before the others, and the token of the next one.

    *also* is a further condition on `tables.instruction`.

    :raises InvalidInput: a token of another list.
    """
    query = _deadlines().where(*_wanted(filters, also))
    after = page.after(int, str, str)
    if after is not None:
        due_at, instruction, clock = after
        matter = _DEADLINE.c.instruction
        same = and_(_DEADLINE.c.due_at == due_at, matter == instruction, _DEADLINE.c.clock > clock)
        later = and_(_DEADLINE.c.due_at == due_at, matter > instruction)
        query = query.where(or_(_DEADLINE.c.due_at > due_at, later, same))
    query = query.order_by(_DEADLINE.c.due_at, _DEADLINE.c.instruction, _DEADLINE.c.clock)
    rows = _rows(connection, query.limit(page.size + 1))
    shown = rows[: page.size]
    last = shown[-1] if len(rows) > len(shown) else None
    return shown, token_after(last.due_at, last.instruction, last.clock) if last else ""


def count_matters_due(connection: Connection, filters: DeadlineFilters, also: ColumnElement[bool]) -> int:
    """Return how many matters have deadlines that `open_deadlines` would list on all its pages."""
    query = (
        select(func.count(_DEADLINE.c.instruction.distinct()))
        .join_from(_DEADLINE, _MATTER, _MATTER.c.instruction == _DEADLINE.c.instruction)
        .where(*_wanted(filters, also))
    )
    return connection.scalar(query) or 0


def _wanted(filters: DeadlineFilters, also: ColumnElement[bool] | None) -> list[ColumnElement[bool]]:
    row = _DEADLINE.c
    wanted = [_OPEN] if also is None else [_OPEN, also]
    if filters.court:
        wanted.append(row.owner == filters.court)
    if filters.clock:
        wanted.append(row.clock == filters.clock)
    if filters.due_from:
        wanted.append(row.due_at >= filters.due_from)
    if filters.due_before:
        wanted.append(row.due_at < filters.due_before)
    if filters.overdue_at:
        wanted += [row.due_at < filters.overdue_at, row.state == _RUNNING]
    return wanted


def overdue_matters(connection: Connection, instructions: list[str], now: int) -> set[str]:
    """Return which of *instructions* have a deadline of their receiver that has run out at *now* (ms)."""
    query = (
        select(_DEADLINE.c.instruction)
        .join(_MATTER, _MATTER.c.instruction == _DEADLINE.c.instruction)
        .where(
            _DEADLINE.c.instruction.in_(instructions),
            _OPEN,
            _DEADLINE.c.state == _RUNNING,
            _DEADLINE.c.due_at < now,
            _DEADLINE.c.owner == _MATTER.c.receiver,
        )
    )
    return set(connection.scalars(query))


def proposals(connection: Connection, court: str, limit: int, also: ColumnElement[bool]) -> list[ProposalRow]:
    """Return up to *limit* rungs that people have still to decide on, oldest first; of *court*, empty for all.

    What belongs to a trial is left out; *also* is a further condition on `tables.instruction`.
    """
    fired = (_FIRING.c.due_at, _FIRING.c.step, _FIRING.c.rung, _FIRING.c.planned_at, _FIRING.c.decision)
    query = (
        _deadlines()
        .add_columns(*(column.label(f"fired_{column.name}") for column in fired))
        .join(
            _FIRING,
            and_(
                _FIRING.c.instruction == _DEADLINE.c.instruction,
                _FIRING.c.clock == _DEADLINE.c.clock,
                _FIRING.c.round == _DEADLINE.c.round,
            ),
        )
        .where(text("NOT firing.automatic AND firing.decided_at = 0"), ~of_a_trial(), also)
        .order_by(
            _FIRING.c.fired_at, _FIRING.c.planned_at, _FIRING.c.instruction, _FIRING.c.clock, _FIRING.c.step
        )
        .limit(limit)
    )
    if court:
        query = query.where(_FIRING.c.owner == court)
    width = len(DeadlineRow._fields)
    return [ProposalRow(DeadlineRow(*row[:width]), *row[width:]) for row in connection.execute(query)]


def notices(connection: Connection, court: str, after: int, limit: int) -> list[Any]:
    """Return up to *limit* notices after number *after*, oldest first; of *court*, empty for all."""
    query = select(_NOTICE).where(_NOTICE.c.id > after).order_by(_NOTICE.c.id).limit(limit)
    if court:
        query = query.where(_NOTICE.c.court == court)
    return list(connection.execute(query))


def moved_deadlines(
    connection: Connection, event_id: str, page: Page, also: ColumnElement[bool]
) -> tuple[list[Any], str]:
    """Return a page of what an entry of the log has moved, and the token of the next one.

    *also* is a condition on `tables.instruction`.

    :raises InvalidInput: a token of another list.
    """
    table = tables.moved_deadline
    query = select(table, _MATTER.c.number).where(table.c.event_id == event_id, also)
    query = query.join_from(table, _MATTER, _MATTER.c.instruction == table.c.instruction)
    after = page.after(str, str, int)
    if after is not None:
        matter, clock, round_ = after
        same = and_(table.c.instruction == matter, table.c.clock == clock, table.c.round > round_)
        later = and_(table.c.instruction == matter, table.c.clock > clock)
        query = query.where(or_(table.c.instruction > matter, later, same))
    query = query.order_by(table.c.instruction, table.c.clock, table.c.round)
    rows = list(connection.execute(query.limit(page.size + 1)))
    shown = rows[: page.size]
    last = shown[-1] if len(rows) > len(shown) else None
    return shown, token_after(last.instruction, last.clock, last.round) if last else ""


def numbers_of(connection: Connection, matters: Collection[str]) -> dict[str, str]:
    """Return the numbers of matters by their ids; those that are not here are left out."""
    query = select(_MATTER.c.instruction, _MATTER.c.number).where(_MATTER.c.instruction.in_(matters))
    return {row.instruction: row.number for row in connection.execute(query)}


def _deadlines() -> Select[Any]:
    columns = [_DEADLINE.c[field] for field in _FIELDS]
    # At a node pending events count too; at the hub there are none.
    view = case((_MATTER.c.view != "", _MATTER.c.view), else_=_MATTER.c.accepted)
    matter = (_MATTER.c.number, _MATTER.c.sender, _MATTER.c.receiver, view)
    return select(*columns, *matter).join_from(
        _DEADLINE, _MATTER, _MATTER.c.instruction == _DEADLINE.c.instruction
    )


def _rows(connection: Connection, query: Select[Any]) -> list[DeadlineRow]:
    return [DeadlineRow(*row) for row in connection.execute(query)]
