"""`xiezhi roster`: the duty roster of the court, and whom to call elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from xiezhi_client.cli.run import run_of
from xiezhi_client.cli.sheet_problems import refuse
from xiezhi_client.people.roster import COLUMNS, roster_entry, roster_problems
from xiezhi_client.sdk import InvalidInput, batch_request_id
from xiezhi_client.sheets.reading import read_sheet
from xiezhi_client.sheets.template import write_template

app = typer.Typer(no_args_is_help=True)


@app.command("import", help="从 XLSX 或 CSV 导入值班表；替换表中各日期原有的值班")
def import_roster(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, metavar="值班表")] = None,
    template: Annotated[
        Path | None, typer.Option("--template", dir_okay=False, help="生成空白值班表（XLSX）")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="只检查，不导入")] = False,
) -> None:
    """Replace the duties of the days in a file, or write the template."""
    run = run_of(ctx)
    if template is not None:
        write_template(template, COLUMNS)
        run.screen.data({"template": str(template)})
        run.screen.say(f"已生成：{template}")
        return
    if file is None:
        raise typer.BadParameter("请指明值班表文件，或用 --template 生成")
    sheet = read_sheet(file, COLUMNS)
    if not sheet.rows:
        raise InvalidInput.in_field("file", "值班表没有内容")
    problems = [problem for row in sheet.rows for problem in row.problems]
    if problems:
        refuse(run, problems, "值班表有误，尚未导入")
    entries = [roster_entry(row) for row in sheet.rows]
    request_id = batch_request_id(sheet.sha256, "roster")
    done = run.online(
        lambda client: client.rosters.import_entries(entries, check_only=check, request_id=request_id)
    )
    if done.problems:
        refuse(run, roster_problems(done), "值班表有误，尚未导入")
    run.screen.data(done)
    run.screen.say(f"{'检查通过' if check else '已导入'}：{len(entries)} 班，{done.days} 天")


@app.command("list", help="查看本院值班表，默认今起一个月")
def list_roster(
    ctx: typer.Context,
    first: Annotated[str, typer.Option("--from", help="起始日")] = "",
    last: Annotated[str, typer.Option("--to", help="截止日")] = "",
) -> None:
    """List the own court's duties."""
    run = run_of(ctx)
    found = run.online(lambda client: client.rosters.list(first, last))
    run.screen.data(found)
    rows = [
        (
            each.day,
            f"{each.begins}–{each.ends}",
            each.name,
            each.phone,
            each.mobile,
            each.deputy,
            each.deputy_phone,
        )
        for each in found
    ]
    run.screen.table("", ("日期", "时间", "值班人", "值班电话", "手机", "替补人", "替补电话"), rows)


@app.command(help="现在给哪个法院的谁打电话；没有人值班时显示中院值班人")
def now(
    ctx: typer.Context,
    court: Annotated[str, typer.Argument(metavar="法院代字", help="不填为本院")] = "",
) -> None:
    """Show whom to call at a court."""
    run = run_of(ctx)
    found = run.online(lambda client: client.rosters.on_duty(court))
    run.screen.data(found)
    if found.fallback:
        run.screen.say("该院当前无人值班，请联系中院值班人：" if found.duties else "该院和中院当前都无人值班")
    rows = [
        (each.court, each.name, each.phone, each.deputy, each.deputy_phone, each.ends_at)
        for each in found.duties
    ]
    run.screen.table("", ("法院", "值班人", "电话", "替补人", "替补电话", "值班至"), rows)
