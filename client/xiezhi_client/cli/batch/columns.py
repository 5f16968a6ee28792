"""The columns of the spreadsheet, and the template that explains them."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from xiezhi_domain.casenumber import EXAMPLE
from xiezhi_domain.terms import Act, PaperType

_INDEX: Final = re.compile(r"\[\d+\]")

TEMPLATE_ROWS: Final = 500
"""Rows that the template prepares as text."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key in code, the title in the sheet, the field of the order that the node would name."""

    key: str
    title: str
    field: str
    required: bool
    hint: str


COLUMNS: Final = (
    Column("case_number", "案号", "case_number", True, EXAMPLE),
    Column("receiver", "受托法院", "receiver", True, "法院代字，如 苏0508"),
    Column("subjects", "对象序号", "subject_numbers", True, "案件中的对象序号，多个用顿号分开，如 1、2"),
    Column(
        "acts", "办理行为", "items", True, f"多个用顿号分开，如 {Act.LOCATE_PERSON.zh}、{Act.SITE_CHECK.zh}"
    ),
    Column("scope", "办理要求", "items.scope", True, "要求的准确范围"),
    Column("clue", "办理线索", "items.clue", False, "使对方能够办理的线索"),
    Column("request", "请求内容", "request_text", True, "写给对方法院的话"),
    Column("days", "期限天数", "limit_days", False, "不填按规则库"),
    Column("urgent", "紧急理由", "urgency_reason", False, "需 24 小时办理的填写理由"),
    Column("why_not_query", "网络查控为何不足", "why_not_query", False, ""),
    Column(
        "papers",
        "文书",
        "documents",
        False,
        f"类型=文件，多个用分号分开，如 {PaperType.ENTRUSTMENT_LETTER.zh}=函1.pdf；文件放在表格旁边",
    ),
)


def title_of_field(field: str) -> str:
    """Give the column that fills a field of the order, as an error of the node names it; else the field."""
    path = _INDEX.sub("", field.removeprefix("order."))
    titles = {column.field: column.title for column in COLUMNS}
    return titles.get(path) or titles.get(path.partition(".")[0], field)


def write_template(path: Path) -> None:
    """Write an empty sheet whose cells are text, so that leading zeros stay. Raise `OSError`."""
    from openpyxl import Workbook  # noqa: PLC0415  slow to load, and few commands need it
    from openpyxl.comments import Comment  # noqa: PLC0415  likewise
    from openpyxl.styles import Font  # noqa: PLC0415  likewise

    book = Workbook()
    sheet: Any = book.active
    for at, column in enumerate(COLUMNS, 1):
        head = sheet.cell(1, at, column.title)
        head.font = Font(bold=column.required)
        head.comment = Comment(("必填。" if column.required else "") + column.hint, "xiezhi")
        sheet.column_dimensions[head.column_letter].width = 24
        for row in range(2, TEMPLATE_ROWS + 2):
            sheet.cell(row, at).number_format = "@"
    sheet.freeze_panes = "A2"
    book.save(path)
