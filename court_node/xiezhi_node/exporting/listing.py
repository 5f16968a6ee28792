"""A list of matters as a table; the channel stands in a column, and platform and other channels in groups."""

import csv
import io
from collections.abc import Sequence
from typing import Final

from xiezhi.v1 import instruction_pb2, instruction_service_pb2
from xiezhi.v1 import outside_service_pb2 as outside_pb
from xiezhi_desk.terms import CHANNELS, MARKS, STATES
from xiezhi_domain.court_time import to_text
from xiezhi_domain.spreadsheet_text import safe_cell
from xiezhi_domain.terms import Channel
from xiezhi_node.exporting.readable import word
from xiezhi_papers.sheets import Column, Group, Sheet

COLUMNS: Final = (
    Column("渠道", 14),
    Column("编号", 24),
    Column("类型", 16),
    Column("方向", 6),
    Column("对方法院", 14),
    Column("案号", 26),
    Column("事项对象", 20),
    Column("状态", 14),
    Column("标记", 14),
    Column("承办人", 10),
    Column("发出或收到", 18),
    Column("到期", 18),
)


def platform_row(matter: instruction_pb2.InstructionSummary, court: str) -> tuple[str, ...]:
    """Return the line of a matter of the platform; *court* is the court of this node."""
    sent = matter.sender == court
    return (
        Channel.PLATFORM.zh,
        matter.matter_number,
        matter.kind,
        _direction(sent=sent),
        matter.receiver if sent else matter.sender,
        matter.case_number,
        matter.subject_names,
        word(STATES, matter.state),
        "、".join(word(MARKS, mark) for mark in matter.marks),
        matter.officer,
        _time(matter.issued_at.ToMilliseconds()),
        _time(matter.due_at.ToMilliseconds()),
    )


def outside_row(matter: outside_pb.OutsideMatter) -> tuple[str, ...]:
    """Return the line of a registered matter."""
    return (
        word(CHANNELS, matter.channel),
        matter.external_number,
        matter.kind,
        _direction(sent=matter.box == instruction_service_pb2.BOX_SENT),
        matter.other_court,
        matter.case_number,
        matter.subject_names,
        word(STATES, matter.state),
        "、".join(word(MARKS, mark) for mark in matter.marks),
        matter.officer_name,
        matter.began_on,
        matter.due_on,
    )


def sheet_of(
    platform: Sequence[tuple[str, ...]], outside: Sequence[tuple[str, ...]], lines: tuple[str, ...]
) -> Sheet:
    """Return the list as a sheet."""
    groups = [Group(f"{Channel.PLATFORM.zh}　{len(platform)} 件", tuple(platform))]
    if outside:
        groups.append(Group(f"其他渠道（台账登记）　{len(outside)} 件", tuple(outside)))
    return Sheet("事项清单", lines, COLUMNS, tuple(groups))


def csv_of(rows: Sequence[tuple[str, ...]]) -> bytes:
    """Return the list as CSV, UTF-8 with a mark; nothing in it is run as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(column.heading for column in COLUMNS)
    writer.writerows([safe_cell(each) for each in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _direction(*, sent: bool) -> str:
    return "委托" if sent else "受托"


def _time(ms: int) -> str:
    return to_text(ms) if ms else ""
