"""`xiezhi staff import`: the people of a court from a spreadsheet (practice.md §18 ①)."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final, cast

import typer
from rich.console import Console
from rich.progress import track

from xiezhi_client.cli.people.first import FirstPasswords
from xiezhi_client.cli.run import run_of
from xiezhi_client.cli.sheet_problems import plain, refuse
from xiezhi_client.sdk import Account, Client, InvalidInput, Officer, StaffResult, StaffRow, batch_request_id
from xiezhi_client.sdk.vocabulary import Role as RoleName
from xiezhi_client.sheets.columns import Column, title_of_field
from xiezhi_client.sheets.reading import Problem, Row, Sheet, read_sheet
from xiezhi_client.sheets.template import write_template
from xiezhi_client.typed.words import find
from xiezhi_domain.terms import Role

app = typer.Typer(no_args_is_help=True)

CHUNK: Final = 10
"""Rows in one request: each new account costs the node one slow hash, and people want to see it move."""
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

_OUTCOMES: Final = {"CREATED": "新建", "UPDATED": "更新", "UNCHANGED": "无变化", "REFUSED": "有误"}


@app.callback()
def staff() -> None:
    """Keep `import` a command of its own."""


@app.command("import", help="从 XLSX 或 CSV 名单导入本院人员；同一文件可重复导入，中断后可继续")
def import_staff(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, metavar="名单")] = None,
    template: Annotated[
        Path | None, typer.Option("--template", dir_okay=False, help="生成空白名单（XLSX）")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="只检查，不导入")] = False,
    passwords: Annotated[
        Path | None, typer.Option("--passwords", dir_okay=False, help="新账号的初始密码写入此文件")
    ] = None,
) -> None:
    """Make or change the account of each row, or write the template."""
    run = run_of(ctx)
    if template is not None:
        write_template(template, COLUMNS)
        run.screen.data({"template": str(template)})
        run.screen.say(f"已生成：{template}")
        return
    if file is None:
        raise typer.BadParameter("请指明名单文件，或用 --template 生成")
    sheet = read_sheet(file, COLUMNS)
    wanted, problems = staff_rows(sheet)
    planned = [] if problems else run.online(lambda client: _bring(client, wanted, check_only=True))
    problems = problems or _problems(planned)
    if problems:
        refuse(run, problems, "名单有误，尚未导入")
    if check:
        run.screen.data({"results": planned})
        run.screen.say(f"检查通过：{_counted(planned)}")
        return
    ready = _with_passwords(wanted, planned, passwords, sheet.sha256)
    results = run.online(lambda client: _bring(client, ready, check_only=False))
    run.screen.data({"results": results, "problems": [plain(each) for each in _problems(results)]})
    run.screen.say(f"已导入：{_counted(results)}")
    if _problems(results):
        refuse(run, _problems(results), "有问题的行")


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


async def _bring(client: Client, rows: Sequence[StaffRow], *, check_only: bool) -> list[StaffResult]:
    starts = range(0, len(rows), CHUNK)
    shown = track(
        starts, description="检查" if check_only else "导入", console=Console(stderr=True), transient=True
    )
    return [
        result
        for start in shown
        for result in await client.accounts.import_staff(rows[start : start + CHUNK], check_only=check_only)
    ]


def _with_passwords(
    rows: Sequence[StaffRow], planned: Sequence[StaffResult], file: Path | None, sha256: str
) -> list[StaffRow]:
    """Give the rows, those of new accounts with a first password that is on disk. Raise `InvalidInput`, `OSError`."""
    if not any(each.outcome == "CREATED" for each in planned):
        return list(rows)
    if file is None:
        raise InvalidInput.in_field("passwords", "名单中有新账号，请用 --passwords 指定保存初始密码的文件")
    first = FirstPasswords(file, sha256)
    return [
        replace(row, password=first.of(row.account.login, row.account.officer.name))
        if plan.outcome == "CREATED" and row.account and row.account.officer
        else row
        for row, plan in zip(rows, planned, strict=True)
    ]


def _problems(results: Sequence[StaffResult]) -> list[Problem]:
    return [
        Problem(result.row, title_of_field(COLUMNS, each.field), each.message)
        for result in results
        for each in result.problems
    ]


def _counted(results: Sequence[StaffResult]) -> str:
    counts: Counter[str] = Counter(result.outcome for result in results)
    return "，".join(f"{word} {counts[outcome]} 人" for outcome, word in _OUTCOMES.items() if counts[outcome])
