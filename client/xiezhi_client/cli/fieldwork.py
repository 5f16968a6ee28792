"""批量现场查控: sheets of visits, and their results."""

from pathlib import Path
from typing import Annotated, Any, cast

import typer

from xiezhi_client.cli.arguments import read_file
from xiezhi_client.cli.figures.ledger import Ending, Folder, Format, save_file
from xiezhi_client.cli.figures.ledger import Purpose as Why
from xiezhi_client.cli.run import Run, run_of
from xiezhi_client.sdk import (
    Client,
    FieldItem,
    FieldReport,
    FieldSheet,
    FieldVisit,
    InvalidInput,
    Officer,
)
from xiezhi_client.sdk.vocabulary import SheetFormat
from xiezhi_client.typed.words import word
from xiezhi_domain.terms import Act

app = typer.Typer(no_args_is_help=True)

SheetId = Annotated[str, typer.Argument(metavar="任务单标识")]
Area = Annotated[str, typer.Option("--area", help="只要某一区域，如 平江街道")]
_COLUMNS = ("序", "事项编号", "事项标识", "办理项", "行为", "区域", "地址", "对象", "期限", "已填报")


@app.command("items", help="等待现场办理的办理项，按区域和路线排列")
def items(
    ctx: typer.Context,
    area: Area = "",
    due_by: Annotated[str, typer.Option("--due-by", help="只要此日（含）前到期的，如 2026-11-22")] = "",
) -> None:
    """List what needs a visit."""
    program = run_of(ctx)
    visits = program.online(lambda client: client.fieldwork.waiting(area=area, due_by=due_by))
    program.screen.data(visits)
    program.screen.table("等待现场办理", _COLUMNS, map(_row, visits))


@app.command("make", help="编制外勤任务单；不写 --item 时收入该区域全部等待现场办理的办理项")
def make(
    ctx: typer.Context,
    day: Annotated[str, typer.Option("--day", help="日期，如 2026-11-22")],
    officer: Annotated[list[str], typer.Option("--officer", help="外勤人员姓名；可重复，至少两名")],
    item: Annotated[
        list[str], typer.Option("--item", metavar="事项标识:序号[:地址]", help="收入的办理项；可重复")
    ] = [],  # noqa: B006  typer reads it as "none given"
    area: Area = "",
    note: Annotated[str, typer.Option("--note", help="集合地点、车辆等")] = "",
) -> None:
    """Put items on a sheet."""
    program = run_of(ctx)
    officers = [Officer(name=name) for name in officer]
    wanted = [_item(text) for text in item]
    made = program.online(lambda client: client.fieldwork.make(day, officers, wanted, area=area, note=note))
    _show(program, made)


@app.command("list", help="外勤任务单")
def list_sheets(
    ctx: typer.Context,
    open_only: Annotated[bool, typer.Option("--open", help="只要尚有未办的")] = False,
) -> None:
    """List sheets."""
    program = run_of(ctx)

    async def work(client: Client) -> list[FieldSheet]:
        return [sheet async for sheet in client.fieldwork.list(open_only=open_only)]

    sheets = program.online(work)
    program.screen.data(sheets)
    rows = [
        (each.sheet_id, each.day, _names(each), each.visit_count, each.reported_count, each.open)
        for each in sheets
    ]
    program.screen.table("外勤任务单", ("任务单标识", "日期", "人员", "项数", "已填报", "未办完"), rows)


@app.command("show", help="查看外勤任务单；查看会被记录")
def show(
    ctx: typer.Context,
    sheet: SheetId,
    purpose: Annotated[str, typer.Option("--purpose", help="查看用途，记入访问记录")] = "",
) -> None:
    """Show a sheet."""
    program = run_of(ctx)
    _show(program, program.online(lambda client: client.fieldwork.get(sheet, purpose=purpose)))


@app.command("export", help="导出外勤任务单，打印带走")
def export(
    ctx: typer.Context,
    sheet: SheetId,
    purpose: Why,
    ending: Format = Ending.XLSX,
    into: Folder = Path(),
) -> None:
    """Save a sheet as a file."""
    program = run_of(ctx)
    wanted = cast(SheetFormat, ending.name)
    save_file(program, program.online(lambda client: client.fieldwork.export(sheet, purpose, wanted)), into)


@app.command("report", help="填报结果，拆回各事项；文件为 JSON 或 TOML，reports 列表每件事项一组")
def report(
    ctx: typer.Context,
    sheet: SheetId,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="文件")],
) -> None:
    """Split results back."""
    program = run_of(ctx)
    reports = _reports(read_file(file))
    told = program.online(lambda client: client.fieldwork.report(sheet, reports))
    program.screen.data(told)
    for result in told.results:
        said = "已填报" if result.receipt else f"未填报：{result.message}"
        program.screen.say(f"{result.instruction_id}　{said}")
    if any(result.receipt is None for result in told.results):
        raise typer.Exit(1)


@app.command("close", help="销去没有去的办理项，以便另行安排")
def close(ctx: typer.Context, sheet: SheetId) -> None:
    """Take off what was not visited."""
    program = run_of(ctx)
    _show(program, program.online(lambda client: client.fieldwork.close(sheet)))


def _reports(content: dict[str, Any]) -> list[FieldReport]:
    reports = content.get("reports")
    if not isinstance(reports, list):
        raise InvalidInput.in_field("reports", "应为列表，每件事项一组")
    return [FieldReport.from_plain(each, f"reports[{at}]") for at, each in enumerate(reports)]


def _item(text: str) -> FieldItem:
    matter, _, rest = text.partition(":")
    number, _, address = rest.partition(":")
    if not number.isdecimal():
        raise typer.BadParameter(f"“{text}”应写成 事项标识:序号[:地址]")
    return FieldItem(instruction_id=matter, item_number=int(number), address=address)


def _show(program: Run, sheet: FieldSheet) -> None:
    program.screen.data(sheet)
    program.screen.table(f"外勤任务单 {sheet.day}　{_names(sheet)}", _COLUMNS, map(_row, sheet.visits))
    program.screen.say(
        f"任务单 {sheet.sheet_id}　共 {sheet.visit_count} 项，已填报 {sheet.reported_count} 项"
    )


def _names(sheet: FieldSheet) -> str:
    return "、".join(officer.name for officer in sheet.officers)


def _row(visit: FieldVisit) -> tuple[object, ...]:
    return (
        visit.order or "",
        visit.matter_number,
        visit.instruction_id,
        visit.item_number,
        word(Act, visit.act),
        visit.area,
        visit.address,
        visit.subject_name,
        visit.due_at,
        bool(visit.event_id),
    )
