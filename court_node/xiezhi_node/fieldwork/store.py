"""Rows of field sheets and their visits. Functions for the journal's `read` and `write`."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, select, update

from xiezhi.v1 import field_service_pb2 as pb
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import NotFound, Reason, WrongState
from xiezhi_journal import tables
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.reading.paging import Page, token_after
from xiezhi_node.confidentiality import unmasked
from xiezhi_wire.caller import Caller

_sheet = tables.field_sheet.c
_visit = tables.field_visit.c
_matter = tables.instruction.c


def add_sheet(connection: Connection, sheet: pb.FieldSheet) -> None:
    """Store a sheet with its visits.

    :raises WrongState: an item stands on another open sheet.
    """
    for visit in sheet.visits:
        _require_free(connection, visit)
    content = pb.FieldSheet(officers=sheet.officers, note=sheet.note)
    row = (sheet.sheet_id, sheet.day, sheet.account_id, sheet.made_at.ToMilliseconds())
    insert_rows(connection, tables.field_sheet, [(*row, content.SerializeToString())])
    visits = [
        (
            *(sheet.sheet_id, visit.instruction_id, visit.item_number, visit.order),
            *(visit.SerializeToString(), "", True),
        )
        for visit in sheet.visits
    ]
    insert_rows(connection, tables.field_visit, visits)


def _require_free(connection: Connection, visit: pb.FieldVisit) -> None:
    same = _visit.instruction == visit.instruction_id, _visit.item == visit.item_number
    day = connection.scalar(
        select(_sheet.day)
        .join(tables.field_visit, _visit.sheet_id == _sheet.sheet_id)
        .where(*same, _visit.open)
    )
    if day is not None:
        message = f"{visit.matter_number} 办理项 {visit.item_number} 已列入 {day} 的外勤任务单"
        raise WrongState(Reason.WRONG_STATE, message)


def get_sheet(connection: Connection, caller: Caller, sheet_id: str) -> pb.FieldSheet:
    """Return a sheet with the visits of matters that *caller* works on.

    :raises NotFound: UNKNOWN_SHEET, there is none, or none for this caller.
    """
    row = connection.execute(
        select(tables.field_sheet).where(_sheet.sheet_id == sheet_id, _is_of(caller))
    ).one_or_none()
    if row is None:
        raise NotFound(Reason.UNKNOWN_SHEET)
    sheet, visits = _told(row), _visits(connection, caller, row.sheet_id)
    _count(sheet, visits)
    sheet.visits.extend(_visit_of(each) for each in visits)
    return sheet


def list_sheets(
    connection: Connection, caller: Caller, page: Page, *, open_only: bool
) -> pb.ListFieldSheetsResponse:
    """Return a page of sheets, newest first, without visits.

    :raises InvalidInput: a token of another list.
    """
    query = select(tables.field_sheet).where(_is_of(caller))
    if open_only:
        query = query.where(exists().where(_visit.sheet_id == _sheet.sheet_id, _visit.open))
    after = page.after(str)
    if after is not None:
        query = query.where(_sheet.sheet_id < after[0])
    rows = connection.execute(query.order_by(_sheet.sheet_id.desc()).limit(page.size + 1)).all()
    told = pb.ListFieldSheetsResponse()
    for row in rows[: page.size]:
        sheet = _told(row)
        _count(sheet, _visits(connection, caller, row.sheet_id))
        told.sheets.append(sheet)
    if len(rows) > page.size:
        told.next_page_token = token_after(rows[page.size - 1].sheet_id)
    return told


def open_items(connection: Connection, sheet_id: str, instruction: str) -> frozenset[int]:
    """Return the items of a matter that are still to be visited."""
    query = select(_visit.item).where(
        _visit.sheet_id == sheet_id, _visit.instruction == instruction, _visit.open
    )
    return frozenset(connection.scalars(query))


def note_reported(
    connection: Connection, sheet_id: str, instruction: str, items: Collection[int], event_id: str
) -> None:
    """Note which event has reported visits; they are over."""
    connection.execute(
        update(tables.field_visit)
        .where(_visit.sheet_id == sheet_id, _visit.instruction == instruction)
        .where(_visit.item.in_(sorted(items)))
        .values(event_id=event_id, open=False)
    )


def close_visits(connection: Connection, sheet: pb.FieldSheet) -> None:
    """Take off the visits that *sheet* shows and that were not made."""
    matters = sorted({visit.instruction_id for visit in sheet.visits})
    change = update(tables.field_visit).where(_visit.sheet_id == sheet.sheet_id, _visit.open)
    connection.execute(change.where(_visit.instruction.in_(matters)).values(open=False))


def _is_of(caller: Caller) -> Any:
    """Return the condition under which a sheet has a matter that *caller* works on."""
    worked_on = select(_matter.instruction).where(unmasked(caller))
    return exists().where(_visit.sheet_id == _sheet.sheet_id, _visit.instruction.in_(worked_on))


def _visits(connection: Connection, caller: Caller, sheet_id: str) -> Sequence[Row[Any]]:
    mine = and_(_matter.instruction == _visit.instruction, unmasked(caller))
    return connection.execute(
        select(tables.field_visit)
        .join(tables.instruction, mine)
        .where(_visit.sheet_id == sheet_id)
        .order_by(_visit.place)
    ).all()


def _told(row: Row[Any]) -> pb.FieldSheet:
    sheet = pb.FieldSheet.FromString(row.content)
    sheet.sheet_id, sheet.day, sheet.account_id = row.sheet_id, row.day, row.account
    sheet.made_at.CopyFrom(to_timestamp(row.made_at))
    return sheet


def _count(sheet: pb.FieldSheet, visits: Sequence[Row[Any]]) -> None:
    sheet.open = any(visit.open for visit in visits)
    sheet.visit_count = len(visits)
    sheet.reported_count = sum(bool(visit.event_id) for visit in visits)


def _visit_of(row: Row[Any]) -> pb.FieldVisit:
    visit = pb.FieldVisit.FromString(row.content)
    visit.order, visit.event_id = row.place, row.event_id
    return visit
