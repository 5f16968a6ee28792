"""The staff list: its columns, its rows as the node takes them, what is wrong in which cell (practice.md §18 ①)."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, cast

from xiezhi_client.sdk import Account, InvalidInput, Officer, StaffResult, StaffRow, batch_request_id
from xiezhi_client.sdk.vocabulary import Role as RoleName
from xiezhi_client.sheets.columns import Column, title_of_field
from xiezhi_client.sheets.reading import Problem, Row, Sheet
from xiezhi_client.typed.words import find
from xiezhi_domain.terms import Role

_SEPARATORS: Final = re.compile(r"[、，,;；]+")

COLUMNS: Final = (
    Column("name", "姓名", "account.officer.name", required=True),
    Column("login", "登录名", "account.login", required=True, hint="2 至 64 个字符，不能修改"),
    Column(
        "roles",
        "岗位",
        "account.roles",
        required=True,
        hint=f"多个用顿号分开，如 {Role.JUDGE.zh}、{Role.FIELD_OFFICER.zh}",
    ),
    Column("phone", "电话", "account.officer.phone", hint="办公电话，如 0512-00000000"),
    Column("mobile", "手机", "account.officer.mobile"),
    Column("work_certificate", "工作证号", "account.officer.work_certificate"),
    Column("duty_certificate", "执行公务证号", "account.officer.duty_certificate"),
    Column(
        "valid_until",
        "有效期",
        "account.officer.certificates_valid_until",
        hint="证件有效期至，如 2028-12-31",
        is_day=True,
    ),
)


def staff_rows(sheet: Sheet) -> tuple[list[StaffRow], list[Problem]]:
    """Give the rows as the node takes them, and all that is wrong with them. Raise `InvalidInput`."""
    if not sheet.rows:
        raise InvalidInput.in_field("file", "名单没有内容")
    read = [(row, *_roles(row)) for row in sheet.rows]
    problems = [each for row, _, wrong in read for each in (*row.problems, *wrong)]
    problems += _repeated(sheet.rows)
    return [_staff_row(sheet.sha256, row, roles) for row, roles, _ in read], problems


def _repeated(rows: Sequence[Row]) -> list[Problem]:
    seen = Counter(row.cells.get("login", "").casefold() for row in rows)
    return [
        Problem(row.number, "登录名", "登录名在名单中重复，请只保留一行")
        for row in rows
        if seen[row.cells.get("login", "").casefold()] > 1
    ]


def _staff_row(sha256: str, row: Row, roles: Sequence[Role]) -> StaffRow:
    cell = row.cells
    officer = Officer(
        name=cell.get("name", ""),
        phone=cell.get("phone", ""),
        mobile=cell.get("mobile", ""),
        work_certificate=cell.get("work_certificate", ""),
        duty_certificate=cell.get("duty_certificate", ""),
        certificates_valid_until=cell.get("valid_until", ""),
    )
    account = Account(
        login=cell.get("login", ""),
        officer=officer,
        roles=tuple(cast("RoleName", role.value) for role in roles),
        must_change_password=True,
    )
    return StaffRow(request_id=batch_request_id(sha256, str(row.number)), row=row.number, account=account)


def _roles(row: Row) -> tuple[list[Role], list[Problem]]:
    roles, problems = [], []
    for text in filter(None, _SEPARATORS.split(row.cells.get("roles", ""))):
        # 法官助理/书记员 and 执行专员/外勤 are known by either half too.
        found = find(Role, text) or next((role for role in Role if text.strip() in role.zh.split("/")), None)
        if found is None:
            words = "、".join(role.zh for role in Role)
            problems.append(Problem(row.number, "岗位", f"没有“{text.strip()}”这个岗位，可填：{words}"))
        else:
            roles.append(Role(found))
    return roles, problems


def staff_problems(results: Sequence[StaffResult]) -> list[Problem]:
    """Give what the node found wrong, each at its cell."""
    return [
        Problem(result.row, title_of_field(COLUMNS, each.field), each.message)
        for result in results
        for each in result.problems
    ]
