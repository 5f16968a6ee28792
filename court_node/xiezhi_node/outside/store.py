"""Rows of registered matters and of their steps. Functions for the journal's `read` and `write`."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select, true, update

from xiezhi_domain.errors import Conflict, NotFound, Reason
from xiezhi_domain.rulebook import Rulebook
from xiezhi_domain.terms import State
from xiezhi_journal.reading import Page, found_in
from xiezhi_journal.reading.paging import token_after
from xiezhi_journal.tables import outside_matter as table
from xiezhi_journal.tables import outside_step as steps
from xiezhi_node.confidentiality import sees_all
from xiezhi_node.outside.matter import OutsideMatter
from xiezhi_wire.caller import Caller

_SEARCHED: Final = (table.c.case_number, table.c.external_number, table.c.subject_names)
_PEOPLE: Final = (table.c.subject_names, table.c.officer_name)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a matter, entered at `entered_at` (ms)."""

    outside_id: str
    state: str
    happened_on: str
    text: str
    account: str
    name: str
    entered_at: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which matters a list shows; what is None or False does not narrow."""

    channel: str | None = None
    sent: bool | None = None
    open_only: bool = False
    due_before: str | None = None
    states: frozenset[State] = frozenset()
    kinds: frozenset[str] = frozenset()
    other_court: str = ""
    text: str = ""
    case_number: str = ""
    person: str = ""
    due_from: str = ""
    due_until: str = ""


def visible_outside(caller: Caller, rulebook: Rulebook, *, mine_only: bool = False) -> ColumnElement[bool]:
    """Return the condition under which *caller* may know of a registered matter: as for those of the platform.

    *mine_only*: and works on it.
    """
    works_on = table.c.officer.in_(sorted(caller.accounts))
    if mine_only:
        return works_on
    if sees_all(caller):
        return true()
    return or_(table.c.kind.in_(sorted(rulebook.public_kinds)), works_on)


def find_matter(connection: Connection, wanted: str, visible: ColumnElement[bool]) -> OutsideMatter:
    """Return the matter with this id or number.

    :raises NotFound: UNKNOWN_INSTRUCTION; there is none, or not for this reader.
    """
    named = or_(table.c.outside_id == wanted, table.c.external_number == wanted)
    rows = connection.execute(select(table).where(named, visible).limit(2)).all()
    if len(rows) != 1:
        message = "该编号对应多件登记事项，请使用标识" if rows else "找不到该登记事项，请核对编号"
        raise NotFound(Reason.UNKNOWN_INSTRUCTION, message)
    return _matter(rows[0])


def list_matters(
    connection: Connection, wanted: Wanted, visible: ColumnElement[bool], page: Page
) -> tuple[Sequence[OutsideMatter], str]:
    """Return a page of matters, newest first, and the token of the next one.

    :raises InvalidInput: a token of another list.
    """
    query = select(table).where(visible, *_conditions(wanted))
    after = page.after(str)
    if after is not None:
        query = query.where(table.c.outside_id < after[0])
    rows = connection.execute(query.order_by(table.c.outside_id.desc()).limit(page.size + 1)).all()
    shown = [_matter(row) for row in rows[: page.size]]
    return shown, token_after(shown[-1].outside_id) if len(rows) > page.size else ""


def add_matter(connection: Connection, matter: OutsideMatter, step: Step) -> None:
    """Add a matter with its first step.

    :raises Conflict: DUPLICATE_EVENT; its number is registered already.
    """
    same = and_(
        table.c.channel == matter.channel,
        table.c.external_number == matter.external_number,
        table.c.sent == matter.sent,
    )
    if connection.scalar(select(table.c.outside_id).where(same)) is not None:
        raise Conflict(Reason.DUPLICATE_EVENT, "该渠道的这一编号已登记，无需重复登记")
    connection.execute(insert(table), asdict(matter))
    connection.execute(insert(steps), asdict(step))


def take_step(connection: Connection, step: Step, *, is_open: bool, result: str) -> None:
    """Append a step and let the matter stand where it says."""
    connection.execute(insert(steps), asdict(step))
    values = {"state": step.state, "open": is_open, "result": result}
    connection.execute(update(table).where(table.c.outside_id == step.outside_id).values(values))


def steps_of(connection: Connection, outside_id: str) -> Sequence[Step]:
    """Return the steps of a matter, oldest first."""
    columns = (column for column in steps.c if column.name != "id")
    query = select(*columns).where(steps.c.outside_id == outside_id).order_by(steps.c.id)
    return [Step(*row) for row in connection.execute(query)]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.channel is not None:
        conditions.append(table.c.channel == wanted.channel)
    if wanted.sent is not None:
        conditions.append(table.c.sent == wanted.sent)
    if wanted.open_only or wanted.due_before is not None:
        conditions.append(table.c.open)
    if wanted.due_before is not None:
        conditions += [table.c.due_on != "", table.c.due_on < wanted.due_before]
    if wanted.states:
        conditions.append(table.c.state.in_(sorted(wanted.states)))
    if wanted.kinds:
        conditions.append(table.c.kind.in_(sorted(wanted.kinds)))
    if wanted.due_from or wanted.due_until:
        conditions.append(table.c.due_on != "")
    if wanted.due_from:
        conditions.append(table.c.due_on >= wanted.due_from)
    if wanted.due_until:
        conditions.append(table.c.due_on <= wanted.due_until)
    looked_for = (
        (_SEARCHED, wanted.text),
        (_PEOPLE, wanted.person),
        ((table.c.case_number,), wanted.case_number),
        # A court beyond this platform is known by whatever name somebody wrote down.
        ((table.c.other_court,), wanted.other_court),
    )
    return conditions + [found_in(columns, text) for columns, text in looked_for if text]


def _matter(row: Row[Any]) -> OutsideMatter:
    return OutsideMatter(**row._mapping)  # noqa: SLF001  the row's public name for its mapping
