"""Rows of case changes and of what staff chose after them. Functions for the journal's `read` and `write`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, not_, or_, select

from xiezhi.v1 import case_pb2
from xiezhi_desk.terms import CASE_STATUS_CHANGES
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.terms import CaseChoice, CaseStatusChange, Mark
from xiezhi_journal import tables
from xiezhi_journal.reading import Filters, MatterRow, list_instructions, shows_mark
from xiezhi_journal.reading.paging import MAX_PAGE, Page, token_after
from xiezhi_node.confidentiality import visible
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller

WAITING: Final = Mark.CASE_CHANGED
"""The mark of a matter in which a change of its case waits for a choice."""
_change = tables.case_change.c
_choice = tables.case_choice.c
_matter = tables.instruction.c


@dataclass(frozen=True, slots=True)
class StoredChange:
    """A change of a case; times are ms since 1970."""

    change_id: str
    case_number: str
    change: CaseStatusChange
    court: str
    text: str
    happened_at: int
    learned_at: int

    def message(self) -> case_pb2.CaseChange:
        """Return the change as the contract says it."""
        told = case_pb2.CaseChange(
            change_id=self.change_id,
            case_number=self.case_number,
            change=CASE_STATUS_CHANGES.to_proto(self.change),
            court=self.court,
            text=self.text,
        )
        told.happened_at.FromMilliseconds(self.happened_at)
        return told


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose for one instruction after a change; `at` is ms since 1970."""

    change_id: str
    instruction: str
    choice: CaseChoice
    text: str
    account: str
    name: str
    at: int


def change_row(change: StoredChange) -> tuple[Any, ...]:
    """Return the row of a change."""
    return (
        *(change.change_id, change.case_number, str(change.change), change.court, change.text),
        *(change.happened_at, change.learned_at),
    )


def choice_row(choice: Choice) -> tuple[Any, ...]:
    """Return the row of a choice; it takes the place of an earlier one."""
    return (
        *(choice.change_id, choice.instruction, str(choice.choice), choice.text),
        *(choice.account, choice.name, choice.at),
    )


def is_known(connection: Connection, change_id: str) -> bool:
    """Return whether a change was stored before."""
    return connection.scalar(select(_change.change_id).where(_change.change_id == change_id)) is not None


def open_for(connection: Connection, case_number: str) -> Sequence[str]:
    """Return the issued matters that this court sent for a case and that are open."""
    query = select(_matter.instruction).where(*_sent_for(case_number), _matter.open)
    return connection.scalars(query.order_by(_matter.instruction)).all()


def get_change(connection: Connection, change_id: str) -> StoredChange:
    """Return a change.

    :raises NotFound: UNKNOWN_CASE.
    """
    row = connection.execute(select(tables.case_change).where(_change.change_id == change_id)).one_or_none()
    if row is None:
        raise NotFound(Reason.UNKNOWN_CASE, "找不到该案件状态变更，请刷新后重新选择")
    return _stored(row)


def list_changes(
    connection: Connection, page: Page, *, undecided_only: bool
) -> tuple[list[StoredChange], str]:
    """Return a page of changes, those learned last first, and the token of the next page.

    :raises InvalidInput: a token of another list.
    """
    query = select(tables.case_change)
    if undecided_only:
        query = query.where(exists().where(_is_undecided()))
    after = page.after(int, str)
    if after is not None:
        at, change_id = after
        same = and_(_change.learned_at == at, _change.change_id > change_id)
        query = query.where(or_(_change.learned_at < at, same))
    ordered = query.order_by(_change.learned_at.desc(), _change.change_id)
    # One row more than wanted tells whether there is a page after this one.
    found = [_stored(row) for row in connection.execute(ordered.limit(page.size + 1))]
    shown = found[: page.size]
    token = token_after(shown[-1].learned_at, shown[-1].change_id) if len(found) > len(shown) else ""
    return shown, token


def concerned_by(
    connection: Connection, change: StoredChange, caller: Caller, seat: Seat
) -> Sequence[MatterRow]:
    """Return the matters sent for the changed case that are open or were chosen about, as far as *caller* may see."""
    chosen = select(_choice.instruction).where(_choice.change_id == change.change_id)
    concerned = and_(
        *_sent_for(change.case_number),
        or_(_matter.open, _matter.instruction.in_(chosen)),
        visible(caller, seat.rulebook),
    )
    return list_instructions(connection, Filters(), Page(MAX_PAGE), concerned).rows


def choices_of(connection: Connection, change_id: str) -> dict[str, Choice]:
    """Return what was chosen after a change, by instruction."""
    query = select(tables.case_choice).where(_choice.change_id == change_id)
    return {row.instruction: _chosen(row) for row in connection.execute(query)}


def closed_cases(connection: Connection, closing: Iterable[CaseStatusChange]) -> set[str]:
    """Return the numbers of the cases that one of these changes has closed."""
    query = select(_change.case_number).where(_change.change.in_([str(each) for each in closing]))
    return set(connection.scalars(query))


def _sent_for(case_number: "str | ColumnElement[str]") -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on issued matters of this court that were sent for a case."""
    return _matter.sent, _matter.issued_at > 0, _matter.case_number == case_number


def _is_undecided() -> ColumnElement[bool]:
    """Return the condition on matters in which a change waits for a choice, and nobody has chosen after this one."""
    chosen = select(_choice.instruction).where(_choice.change_id == _change.change_id)
    return and_(
        *_sent_for(_change.case_number),
        shows_mark(WAITING),
        not_(_matter.instruction.in_(chosen)),
    )


def _stored(row: Row[Any]) -> StoredChange:
    return StoredChange(
        row.change_id,
        row.case_number,
        CaseStatusChange(row.change),
        row.court,
        row.text,
        row.happened_at,
        row.learned_at,
    )


def _chosen(row: Row[Any]) -> Choice:
    return Choice(
        row.change_id,
        row.instruction,
        CaseChoice(row.choice),
        row.reason,
        row.account,
        row.name,
        row.at,
    )
