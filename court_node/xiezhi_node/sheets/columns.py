"""The columns that a sheet can have: each a heading, a width, and what stands in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from xiezhi_domain.court_time import to_text
from xiezhi_domain.indicators.display import decimal
from xiezhi_domain.indicators.figures import DAY_MS
from xiezhi_domain.indicators.record import MatterRecord
from xiezhi_domain.ladder import Result
from xiezhi_domain.terms import Channel, Mark, Outcome
from xiezhi_node.sheets.rows import SheetRow


class Field(StrEnum):
    """What a column shows, as configurations name it."""

    SERIAL = "SERIAL"
    NUMBER = "NUMBER"
    CHANNEL = "CHANNEL"
    KIND = "KIND"
    OTHER_COURT = "OTHER_COURT"
    CASE_NUMBER = "CASE_NUMBER"
    SUBJECTS = "SUBJECTS"
    ITEMS = "ITEMS"
    URGENT = "URGENT"
    ISSUED_AT = "ISSUED_AT"
    ARRIVED_AT = "ARRIVED_AT"
    SIGNED_AT = "SIGNED_AT"
    DUE_AT = "DUE_AT"
    ENDED_AT = "ENDED_AT"
    DAYS = "DAYS"
    IN_TIME = "IN_TIME"
    STATE = "STATE"
    RESULT = "RESULT"
    RETURN_REASON = "RETURN_REASON"
    OFFICER = "OFFICER"
    REMARK = "REMARK"


@dataclass(frozen=True, slots=True)
class Shown:
    """How a field is shown: heading, width in Latin characters, and its text for the row with a serial number."""

    heading: str
    width: int
    text: Callable[[SheetRow, int], str]


_RESULTS: Final = {
    Result.ALL_DONE: Outcome.DONE.zh,
    Result.PARTLY_DONE: Outcome.PARTLY_DONE.zh,
    Result.NOT_DONE: Outcome.NOT_DONE.zh,
}


def _time(ms: int | None) -> str:
    return to_text(ms) if ms else ""


def _of_record(read: Callable[[MatterRecord], str]) -> Callable[[SheetRow, int], str]:
    """Show what only the record of a matter knows; nothing where there is none."""
    return lambda row, _serial: read(row.record) if row.record is not None else ""


def _days(record: MatterRecord) -> str:
    if record.ended_at is None:
        return ""
    spent = record.ended_at - record.begun_at - record.paused_ms(record.begun_at, record.ended_at)
    return decimal(Fraction(spent, DAY_MS), 1)


def _in_time(record: MatterRecord) -> str:
    return "" if record.ended_at is None else ("是" if record.is_in_time else "否")


def _due(row: SheetRow, _serial: int) -> str:
    """Show the limit that 按期 is judged by; while its clock stands still, the one that the matter had."""
    return _time(row.record.due if row.record and row.record.due else row.matter.due_at)


def _result(row: SheetRow, _serial: int) -> str:
    return _RESULTS[Result(row.matter.result)] if row.matter.result else ""


FIELDS: Final[Mapping[Field, Shown]] = {
    Field.SERIAL: Shown("序号", 6, lambda _row, serial: str(serial)),
    Field.NUMBER: Shown("事项编号", 24, lambda row, _: row.matter.number),
    Field.CHANNEL: Shown(
        "渠道", 10, lambda row, _: (row.record.channel if row.record else Channel.PLATFORM).zh
    ),
    Field.KIND: Shown("事项类型", 14, lambda row, _: row.kind_name),
    Field.OTHER_COURT: Shown("对方法院", 20, lambda row, _: row.other_court),
    Field.CASE_NUMBER: Shown("执行案号", 24, lambda row, _: row.matter.case_number),
    Field.SUBJECTS: Shown("当事人", 16, lambda row, _: row.matter.subject_names),
    Field.ITEMS: Shown("项数", 6, lambda row, _: str(row.matter.item_count or "")),
    Field.URGENT: Shown("急办", 6, lambda row, _: Mark.URGENT.zh if row.matter.urgent else ""),
    Field.ISSUED_AT: Shown("发出时间", 16, lambda row, _: _time(row.matter.issued_at)),
    Field.ARRIVED_AT: Shown("到达时间", 16, _of_record(lambda record: _time(record.arrived_at))),
    Field.SIGNED_AT: Shown("签收时间", 16, _of_record(lambda record: _time(record.signed_at))),
    Field.DUE_AT: Shown("办理期限", 16, _due),
    Field.ENDED_AT: Shown("反馈时间", 16, _of_record(lambda record: _time(record.ended_at))),
    Field.DAYS: Shown("用时（天）", 9, _of_record(_days)),
    Field.IN_TIME: Shown("按期", 6, _of_record(_in_time)),
    Field.STATE: Shown("当前状态", 14, lambda row, _: row.matter.state.zh),
    Field.RESULT: Shown("结果", 10, _result),
    Field.RETURN_REASON: Shown("退回原因", 16, lambda row, _: row.return_reason),
    Field.OFFICER: Shown("承办人", 10, lambda row, _: row.matter.officer_name),
    Field.REMARK: Shown("备注", 14, lambda _row, _serial: ""),
}
