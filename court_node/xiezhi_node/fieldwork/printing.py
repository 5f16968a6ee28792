"""外勤任务单 as it is taken along: area by area in the order of visit, with room to write."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from xiezhi.v1 import field_service_pb2 as pb
from xiezhi_desk.terms import ACTS
from xiezhi_domain.court_time import to_text
from xiezhi_domain.terms import Mark
from xiezhi_papers.sheets import Column, Group, Sheet

TITLE: Final = "外勤任务单"
_COLUMNS: Final = (
    Column("序", 4),
    Column("事项编号", 22),
    Column("委托法院", 18),
    Column("事项对象", 10),
    Column("办理项", 14),
    Column("地址", 24),
    Column("范围和线索", 28),
    Column("注意", 14),
    Column("期限", 12),
    Column("到场时间", 12),
    Column("结果", 24),
    Column("在场人签名", 14),
)
_NO_AREA: Final = "未注明区域"


def field_sheet(sheet: pb.FieldSheet, court: str, now: int) -> Sheet:
    """Return the sheet of one day; *court* is the name of the court whose people go, *now* is in ms."""
    names = "、".join(officer.name for officer in sheet.officers)
    lines = [
        f"{court}　{sheet.day}　外勤人员：{names}",
        f"共 {len(sheet.visits)} 项　制表时间 {to_text(now)}",
    ]
    if sheet.note:
        lines.append(sheet.note)
    areas = groupby(sheet.visits, key=lambda visit: visit.area)
    return Sheet(
        title=TITLE,
        lines=tuple(lines),
        columns=_COLUMNS,
        groups=tuple(_group(area, list(visits)) for area, visits in areas),
        foot=("现场笔录按事项分别制作，随结果上传", "外勤人员（签名）：　　　　　　　　　　年　　月　　日"),
    )


def _group(area: str, visits: Sequence[pb.FieldVisit]) -> Group:
    return Group(f"{area or _NO_AREA}　{len(visits)} 项", tuple(_row(visit) for visit in visits))


def _row(visit: pb.FieldVisit) -> tuple[str, ...]:
    act = ACTS.from_proto(visit.act, "act").zh
    due = to_text(visit.due_at.ToMilliseconds()) if visit.HasField("due_at") else ""
    return (
        str(visit.order),
        visit.matter_number,
        visit.sender,
        visit.subject_name,
        f"{visit.item_number} {act}{f'（{Mark.URGENT.zh}）' if visit.urgent else ''}",
        visit.address,
        "；".join(text for text in (visit.scope, visit.clue) if text),
        visit.risk_note,
        due,
        "",
        "",
        "",
    )
