"""The duty roster: its columns, its rows as the node takes them, what is wrong in which cell."""

from typing import Final

from xiezhi_client.sdk import RosterEntry, RosterImport
from xiezhi_client.sheets.columns import Column, title_of_field
from xiezhi_client.sheets.reading import Problem, Row

COLUMNS: Final = (
    Column("day", "日期", "day", required=True, hint="如 2026-11-22", is_day=True),
    Column("name", "值班人", "name", required=True),
    Column("phone", "值班电话", "phone", hint="其他法院看到的电话；不填则用手机"),
    Column("mobile", "手机", "mobile"),
    Column("deputy", "替补人", "deputy"),
    Column("deputy_phone", "替补电话", "deputy_phone"),
    Column("begins", "开始", "begins", hint="如 17:30；不填为 00:00"),
    Column("ends", "结束", "ends", hint="如 08:30，早于开始即为次日；不填为 24:00"),
)


def roster_entry(row: Row) -> RosterEntry:
    """Give a row as the node takes it."""
    return RosterEntry(row=row.number, **{column.key: row.cells.get(column.key, "") for column in COLUMNS})


def roster_problems(done: RosterImport) -> list[Problem]:
    """Give what the node found wrong, each at its cell."""
    return [
        Problem(each.row, title_of_field(COLUMNS, each.problem.field), each.problem.message)
        for each in done.problems
        if each.problem is not None
    ]
