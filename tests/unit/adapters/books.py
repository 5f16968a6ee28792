"""Workbooks and folders of cases for tests; the people in them are impossible."""

from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from xiezhi_adapters.workbook import write_template

NUMBER = "（2026）苏0505执1234号"
OTHER = "（2026）苏0505执5678号"
CASE_TOML = f"""
case_number = "{NUMBER}"
cause = "民间借贷纠纷"
stage = "执行中"
claimed_fen = 1_000_000
outstanding_fen = 1_000_000
judge = {{ name = "测试judge", phone = "0512-00000000" }}
clerk = {{ name = "测试assistant" }}

[[subjects]]
number = 1
role = "被执行人"
person = {{ name = "测试甲", identity_document = "居民身份证", identity_number = "320500189901010016" }}

[[subjects]]
number = 2
role = "APPLICANT"
organisation = {{ name = "测试乙有限公司", credit_code = "91320500MA0000007J" }}
"""
CASE_ROW = {"案号": NUMBER, "案由": "民间借贷纠纷", "申请标的（元）": "10,000.00", "承办人": "测试judge"}
PARTY_ROW = {
    "案号": NUMBER,
    "诉讼地位": "被执行人",
    "类型": "自然人",
    "名称": "测试甲",
    "证件号码": "320500189901010016",
    "电话": "13000000000、13000000001",
}


def write_folder(root: Path, name: str = "甲案", text: str = CASE_TOML) -> Path:
    """A case's folder with two papers."""
    folder = root / name
    (folder / "documents").mkdir(parents=True)
    (folder / "case.toml").write_text(text, encoding="utf-8")
    (folder / "documents" / "委托函-查找.pdf").write_bytes(b"%PDF-1.4 letter")
    (folder / "documents" / "来信.pdf").write_bytes(b"%PDF-1.4 other")
    return folder


def write_book(path: Path, **rows: list[dict[str, Any]]) -> Path:
    """A workbook from the template, with rows by sheet."""
    write_template(path)
    book = load_workbook(path)
    for sheet, values in ({"案件": [CASE_ROW], "当事人": [PARTY_ROW]} | rows).items():
        titles = [cell.value for cell in book[sheet][1]]
        for row in values:
            book[sheet].append([row.get(title) for title in titles])
    book.save(path)
    return path
