"""`xiezhi staff import`: the people of a court from a spreadsheet (practice.md §18 ①)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import track

from xiezhi_client.cli.people.first import FirstPasswords
from xiezhi_client.cli.run import run_of
from xiezhi_client.cli.sheet_problems import plain, refuse
from xiezhi_client.people.staff import COLUMNS, staff_problems, staff_rows
from xiezhi_client.sdk import Client, InvalidInput, StaffResult, StaffRow
from xiezhi_client.sheets.reading import read_sheet
from xiezhi_client.sheets.template import write_template

app = typer.Typer(no_args_is_help=True)

CHUNK: Final = 10
"""Rows in one request: each new account costs the node one slow hash, and people want to see it move."""

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
    problems = problems or staff_problems(planned)
    if problems:
        refuse(run, problems, "名单有误，尚未导入")
    if check:
        run.screen.data({"results": planned})
        run.screen.say(f"检查通过：{_counted(planned)}")
        return
    ready = _with_passwords(wanted, planned, passwords, sheet.sha256)
    results = run.online(lambda client: _bring(client, ready, check_only=False))
    run.screen.data({"results": results, "problems": [plain(each) for each in staff_problems(results)]})
    run.screen.say(f"已导入：{_counted(results)}")
    if staff_problems(results):
        refuse(run, staff_problems(results), "有问题的行")


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


def _counted(results: Sequence[StaffResult]) -> str:
    counts: Counter[str] = Counter(result.outcome for result in results)
    return "，".join(f"{word} {counts[outcome]} 人" for outcome, word in _OUTCOMES.items() if counts[outcome])
