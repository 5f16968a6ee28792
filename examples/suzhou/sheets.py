"""Spreadsheets as the people of a court fill them in: a template of the platform, and rows below its head."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from cast import PARK_CASE
from courts import GUSU
from openpyxl import load_workbook

from xiezhi_domain.terms import Act, Channel, Kind, PaperType, PropertyCategory, State

DEPOSIT_PAPERS = tuple(
    paper.zh
    for paper in (
        PaperType.ENTRUSTMENT_LETTER,
        PaperType.RULING,
        PaperType.FREEZE_NOTICE,
        PaperType.WORK_CARD,
        PaperType.ENFORCEMENT_CARD,
    )
)
"""What a row of accounts to freeze names; the files lie beside the sheet."""


def fill(sheet: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write rows, each by the titles of its columns, into an XLSX template."""
    book = load_workbook(sheet)
    page: Any = book.active
    columns = {cell.value: cell.column for cell in page[1]}
    for number, row in enumerate(rows, 2):
        for title, text in row.items():
            page.cell(number, columns[title]).value = text
    book.save(sheet)


def words(sheet: Path) -> str:
    """Return everything that stands in an XLSX sheet."""
    page: Any = load_workbook(sheet).active
    return "\n".join(str(cell.value) for row in page for cell in row if cell.value is not None)


def outside_row(number: str, began: date) -> dict[str, str]:
    """Give the row of a matter that was sent by another channel."""
    return {
        "渠道": Channel.NATIONAL_SYSTEM.zh,
        "外部编号": number,
        "事项类型": Kind.FIND.zh,
        "方向": "委托",
        "对方法院": "京0101",
        "收发日期": str(began),
        "当前状态": State.IN_PROGRESS.zh,
    }


def deposit_row(number: int, until: date) -> dict[str, str]:
    """Give the row of an account to freeze."""
    return {
        "案号": PARK_CASE,
        "受托法院": GUSU,
        "对象序号": "1",
        "办理行为": Act.FREEZE.zh,
        "财产类别": PropertyCategory.BANK_DEPOSIT.zh,
        "财产说明": "活期存款账户",
        "开户银行或机构": "演示银行",
        "开户网点": "姑苏支行",
        "账号": f"62000000000000001{number}",
        "币种": "CNY",
        "办理范围": "冻结账户内存款，冻结一年",
        "金额": "100",
        "到期日": str(until),
        "协助单位名称": "演示银行",
        "协助单位地址": "姑苏区演示路二号",
        "协助单位电话": "0512-00000031",
        "协助单位类别": "银行",
        "请求内容": "请协助冻结。",
        "文书": ";".join(f"{name}={name}.pdf" for name in DEPOSIT_PAPERS),
    }
