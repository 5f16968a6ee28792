"""Lists of matters, from the projection alone: no bodies, no folds."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    and_,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)

from xiezhi_domain.matternumber import TRIAL_MARK
from xiezhi_domain.terms import Appeal, DeadlineState, Mark, State
from xiezhi_journal import tables
from xiezhi_journal.reading.paging import Page, token_after

_TABLE = tables.instruction
_FIELDS = (
    *("instruction", "number", "kind", "sender", "receiver", "sent", "state", "open", "urgent", "pending"),
    *("case_number", "subject_names", "officer", "officer_name"),
    *("issued_at", "due_at", "updated_at", "item_count", "result", "last_event"),
    *("overlays", "marks", "appeals"),
)
_SEARCHED = (_TABLE.c.case_number, _TABLE.c.number, _TABLE.c.subject_names)
_PEOPLE = (_TABLE.c.subject_names, _TABLE.c.officer_name)
_CASE = (_TABLE.c.case_number,)
_BRACKETS = frozenset("()（）〔〕[]［］【】")

OPEN: ColumnElement[bool] = literal_column("instruction.open")
"""The condition of the partial indexes: SQLite uses them only where it is written exactly as they have it."""

SENT: ColumnElement[bool] = literal_column("instruction.sent")
"""The condition of the partial index on the matters that a court has sent for a case, in its own words too."""


class Box(Enum):
    """Which matters of a court a list shows."""

    ALL = "all"
    SENT = "委托事项"
    RECEIVED = "受托事项"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list shows; an empty filter shows everything but discarded drafts: those are listed by their state alone.

    `overdue_at` is the moment (ms) at which to be overdue, `due_from` the first at which to be due and `due_before` the
    first at which no more. `text`, `case_number` and `person` are pieces of what they are looked for in.
    """

    box: Box = Box.ALL
    states: frozenset[State] = frozenset()
    kinds: frozenset[str] = frozenset()
    open_only: bool = False
    other_court: str = ""
    text: str = ""
    overdue_at: int = 0
    officer: str = ""
    case_number: str = ""
    person: str = ""
    due_from: int = 0
    due_before: int = 0


@dataclass(frozen=True, slots=True)
class MatterRow:
    """One line of a list: `tables.instruction` without the folds. Times are in ms, 0 where there is none."""

    instruction: str
    number: str
    kind: str
    sender: str
    receiver: str
    sent: bool
    state: State
    open: bool
    urgent: bool
    pending: int
    case_number: str
    subject_names: str
    officer: str
    officer_name: str
    issued_at: int
    due_at: int
    updated_at: int
    item_count: int
    result: str
    last_event: str
    overlays: str = ""
    marks: tuple[Mark, ...] = ()
    appeals: tuple[Appeal, ...] = ()


def shows_mark(mark: Mark) -> ColumnElement[bool]:
    """Return the condition on rows of `instruction` that an overlay shows *mark*."""
    return _holds(_TABLE.c.marks, mark)


WAITS: ColumnElement[bool] = literal_column("instruction.appeals <> ''")
"""The condition of the partial index on the matters that wait for any decision of the superior, in its own words."""


def waits_for(appeal: Appeal) -> ColumnElement[bool]:
    """Return the condition on rows of `instruction` that they wait for this decision of the superior."""
    return _holds(_TABLE.c.appeals, appeal)


def _holds(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    return (" " + column + " ").contains(f" {word} ", autoescape=True)


@dataclass(frozen=True, slots=True)
class MatterPage:
    """Rows of a list and the token of the page after them, empty at the end."""

    rows: Sequence[MatterRow]
    next_token: str


def list_instructions(
    connection: Connection, filters: Filters, page: Page, also: ColumnElement[bool] | None = None
) -> MatterPage:
    """Return a page of matters, newest first; *also* is a further condition on `tables.instruction`.

    :raises InvalidInput: a token of another list.
    """
    query = _matters().where(*_conditions(filters)).order_by(_TABLE.c.instruction.desc())
    if also is not None:
        query = query.where(also)
    after = page.after(str)
    if after is not None:
        query = query.where(_TABLE.c.instruction < after[0])
    rows = [row for part in _parts(filters) for row in _read(connection, query.where(*part), page)]
    rows.sort(key=attrgetter("instruction"), reverse=True)
    return _page(rows, page, lambda last: token_after(last.instruction))


def count_instructions(connection: Connection, filters: Filters, also: ColumnElement[bool]) -> int:
    """Return how many matters `list_instructions` would list on all its pages."""
    query = select(func.count()).select_from(_TABLE).where(*_conditions(filters), also)
    return sum(connection.scalar(query.where(*part)) or 0 for part in _parts(filters))


def overdue(connection: Connection, late: ColumnElement[bool], page: Page) -> MatterPage:
    """Return a page of the matters that `is_late_of` finds, longest overdue first.

    :raises InvalidInput: a token of another list.
    """
    query = _matters().where(late)
    after = page.after(int, str)
    if after is not None:
        due_at, instruction = after
        later = and_(_TABLE.c.due_at == due_at, _TABLE.c.instruction > instruction)
        query = query.where(_TABLE.c.due_at >= due_at, or_(_TABLE.c.due_at > due_at, later))
    rows = _read(connection, query.order_by(_TABLE.c.due_at, _TABLE.c.instruction), page)
    return _page(rows, page, lambda last: token_after(last.due_at, last.instruction))


def is_late_of(court: str, now: int) -> ColumnElement[bool]:
    """Return the condition that *court* (empty: any court) has received a matter and is late with it at *now* (ms).

    At the hub, whose rows of deadlines say who is late. What belongs to a trial is left out.
    """
    late = and_(OPEN, receiver_is_late(now), ~of_a_trial())
    return and_(late, _TABLE.c.receiver == court) if court else late


def count_matters(connection: Connection, wanted: ColumnElement[bool]) -> int:
    """Return how many matters are *wanted*."""
    return connection.scalar(select(func.count()).select_from(_TABLE).where(wanted)) or 0


def of_a_trial() -> ColumnElement[bool]:
    """Return the condition under which a matter is one of a trial (practice.md §18 ⑧): its number says so."""
    return _TABLE.c.number.contains(TRIAL_MARK, autoescape=True)


def receiver_is_late(now: int) -> ColumnElement[bool]:
    """Return the condition that a deadline of a matter's receiver has run out at *now* (ms); at the hub.

    Read once for all matters: asked for each, SQLite would go through what its receiver is late with.
    """
    deadline = tables.deadline
    late = select(deadline.c.instruction, deadline.c.owner).where(
        deadline.c.state == DeadlineState.RUNNING, deadline.c.due_at < now, literal_column("deadline.open")
    )
    return tuple_(_TABLE.c.instruction, _TABLE.c.receiver).in_(late)


def read_summary(connection: Connection, instruction: str) -> MatterRow | None:
    """Return the line of one matter, or None if it does not exist."""
    row = connection.execute(_matters().where(_TABLE.c.instruction == instruction)).one_or_none()
    return _matter_row(row) if row is not None else None


def overdue_condition(now: int) -> ColumnElement[bool]:
    """Return the condition of being overdue at *now*, in the words of the partial index on due times."""
    return and_(OPEN, _TABLE.c.due_at > 0, _TABLE.c.due_at < now, _TABLE.c.state != State.REPORTED)


def is_overdue(row: MatterRow, now: int) -> bool:
    """Return whether a matter is past its limit at *now*.

    Its clock stands while a result waits for the sender's answer: what the sender takes for it never burdens the
    receiver (indicators.md, t_end).
    """
    return row.open and 0 < row.due_at < now and row.state is not State.REPORTED


def numbered(text: str) -> ColumnElement[bool]:
    """Return the condition on rows of `instruction` that case number or matter number contains *text*."""
    return found_in((_TABLE.c.case_number, _TABLE.c.number), text)


def _parts(filters: Filters) -> list[list[ColumnElement[bool]]]:
    """Return the conditions on box, state and kind, in parts that an index finds in the list's order, each by itself.

    Asked for several states or kinds at once, a database would rather go through the whole box.
    """
    # `NOT sent` would keep SQLite from the index.
    sent, received = _TABLE.c.sent == true(), _TABLE.c.sent == false()
    boxes = {Box.SENT: [sent], Box.RECEIVED: [received], Box.ALL: [sent, received]}[filters.box]
    kinds = [_TABLE.c.kind == kind for kind in sorted(filters.kinds)]
    shown = OPEN if filters.open_only else _TABLE.c.state != State.DISCARDED
    if filters.states:
        of_kinds = [or_(*kinds)] if kinds else []
        states = [_TABLE.c.state == state for state in sorted(filters.states)]
        return [[box, state, *of_kinds] for box in boxes for state in states]
    if kinds:
        return [[box, kind, shown] for box in boxes for kind in kinds]
    return [[shown] if filters.box is Box.ALL else [*boxes, shown]]


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [OPEN] if filters.open_only and filters.states else []
    if filters.other_court:
        conditions.append(
            or_(_TABLE.c.sender == filters.other_court, _TABLE.c.receiver == filters.other_court)
        )
    if filters.overdue_at:
        conditions.append(overdue_condition(filters.overdue_at))
    if filters.officer:
        conditions.append(_TABLE.c.officer == filters.officer)
    looked_for = ((_SEARCHED, filters.text), (_PEOPLE, filters.person), (_CASE, filters.case_number))
    conditions += [found_in(columns, text) for columns, text in looked_for if text]
    return conditions + _due(filters)


def _due(filters: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions on the day on which to be due; what is never due is due on none."""
    due = _TABLE.c.due_at
    conditions = [due >= max(filters.due_from, 1)] if filters.due_from or filters.due_before else []
    return [*conditions, due < filters.due_before] if filters.due_before else conditions


def found_in(columns: Sequence[Column[str]], text: str) -> ColumnElement[bool]:
    """Return the condition that one of *columns* contains *text*, however its brackets are typed."""
    pattern = _pattern(text)
    return or_(*(func.lower(column).like(pattern, escape="\\") for column in columns))


def _pattern(text: str) -> str:
    """Return what finds *text* anywhere; brackets are typed in many ways and stand for each other."""
    characters = (
        "_" if character in _BRACKETS else f"\\{character}" if character in "\\%_" else character
        for character in text.strip().lower()
    )
    return f"%{''.join(characters)}%"


def _matters() -> Select[Any]:
    return select(*(_TABLE.c[field] for field in _FIELDS))


def _read(connection: Connection, query: Select[Any], page: Page) -> list[MatterRow]:
    # One row more than wanted tells whether there is a page after this one.
    return [_matter_row(row) for row in connection.execute(query.limit(page.size + 1))]


def _page(rows: list[MatterRow], page: Page, token: Any) -> MatterPage:
    shown = rows[: page.size]
    return MatterPage(shown, token(shown[-1]) if len(rows) > len(shown) else "")


def _matter_row(row: Any) -> MatterRow:
    values = row._asdict()
    read = {
        "state": State(row.state),
        "marks": tuple(map(Mark, row.marks.split())),
        "appeals": tuple(map(Appeal, row.appeals.split())),
    }
    return MatterRow(**{**values, **read})
