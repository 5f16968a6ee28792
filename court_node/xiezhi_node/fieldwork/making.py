"""A sheet for one day: the items, checked, in the order of visit."""

from datetime import date
from secrets import token_bytes
from typing import Final

from sqlalchemy import Connection, select

from xiezhi.v1 import field_service_pb2 as pb
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.areas import area_of
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import InvalidInput, Reason, WrongState
from xiezhi_domain.events.ids import uuid7
from xiezhi_journal import tables
from xiezhi_node.cases.checks import check_officer_texts
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.fieldwork.visits import in_order, visits_of, waiting_visits
from xiezhi_node.ordering.item_checks import parse_day
from xiezhi_node.registries.standing import read_standing
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller

MOST_VISITS: Final = 200
FEWEST_OFFICERS: Final = 2
OFFICERS_SOURCE: Final = "工作规则建议稿 §10"


def prepare_sheet(
    connection: Connection, seat: Seat, caller: Caller, request: pb.MakeFieldSheetRequest, now: int
) -> pb.FieldSheet:
    """Return the sheet that a request wants, with its visits in order.

    :raises DomainError: as `MakeFieldSheet` says.
    """
    _check(request, to_date(now))
    if request.items:
        chosen = [_chosen(connection, seat, caller, item) for item in request.items]
        visits = in_order(iter(chosen))
    else:
        visits = waiting_visits(connection, caller, seat, request.area, 0)
    if not visits:
        raise WrongState(Reason.WRONG_STATE, "没有等待现场办理的事项")
    if len(visits) > MOST_VISITS:
        raise InvalidInput.in_field("items", f"一张任务单最多 {MOST_VISITS} 项，请按区域分开")
    for order, visit in enumerate(visits, 1):
        visit.order = order
    return pb.FieldSheet(
        sheet_id=uuid7(now, token_bytes(10)),
        day=request.day,
        officers=request.officers,
        note=request.note.strip(),
        account_id=caller.account_id,
        made_at=to_timestamp(now),
        open=True,
        visit_count=len(visits),
        visits=visits,
    )


def _check(request: pb.MakeFieldSheetRequest, today: date) -> None:
    fields = Fields()
    day = parse_day(request.day)
    if day is None:
        fields.add("day", "日期格式应为 2026-11-22")
    elif day < today:
        fields.add("day", "外勤日期不能早于今天")
    if len(request.officers) < FEWEST_OFFICERS:
        fields.add("officers", f"现场办理应由 {FEWEST_OFFICERS} 名以上人员进行（依据：{OFFICERS_SOURCE}）")
    for at, officer in enumerate(request.officers):
        fields.require_text(f"officers[{at}].name", officer.name, "人员姓名")
        check_officer_texts(fields, f"officers[{at}]", officer)
    fields.limit_text("note", request.note, LONGEST_TEXT)
    named = [(item.instruction_id, item.item_number) for item in request.items]
    if len(set(named)) != len(named):
        fields.add("items", "同一办理项不能列入两次")
    fields.require_none()


def _chosen(connection: Connection, seat: Seat, caller: Caller, item: pb.FieldItem) -> pb.FieldVisit:
    standing = read_standing(connection, seat, caller, item.instruction_id)
    standing.item(item.item_number)
    matter = tables.instruction.c
    row = connection.execute(
        select(tables.instruction).where(matter.instruction == item.instruction_id)
    ).one()
    visits = {visit.item_number: visit for visit in visits_of(connection, seat, row)}
    visit = visits.get(item.item_number)
    if visit is None:
        raise WrongState(Reason.WRONG_STATE, f"{row.number} 办理项 {item.item_number} 已有结果")
    if item.address.strip():
        visit.address = item.address.strip()
        visit.area = area_of(visit.address)
    return visit
