"""`xiezhi outside`: matters of other channels, taken over from the ledger and registered by hand."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, cast

import typer

from xiezhi_client.cli.run import run_of
from xiezhi_client.cli.sheet_problems import plain, refuse
from xiezhi_client.sdk import Client, InvalidInput, OutsideMatter, OutsideResult, OutsideRow, batch_request_id
from xiezhi_client.sdk.vocabulary import Channel as ChannelName
from xiezhi_client.sdk.vocabulary import InstructionState as StateName
from xiezhi_client.sdk.vocabulary import Result as ResultName
from xiezhi_client.sheets.columns import Column, title_of_field
from xiezhi_client.sheets.reading import Problem, Row, Sheet, read_sheet
from xiezhi_client.sheets.template import write_template
from xiezhi_client.typed.words import find, identifier, kind_word, word, words
from xiezhi_domain.terms import Channel, Kind, Mark, State

app = typer.Typer(no_args_is_help=True)

CHUNK: Final = 100
_BOXES: Final = {"委托": "SENT", "受托": "RECEIVED"}
_OTHERS: Final = [channel.zh for channel in Channel if channel is not Channel.PLATFORM]

COLUMNS: Final = (
    Column("channel", "渠道", "channel", required=True, hint="、".join(_OTHERS)),
    Column("external_number", "外部编号", "external_number", required=True, hint="在该渠道的编号或函号"),
    Column("kind", "事项类型", "kind", required=True, hint=f"如 {Kind.FIND.zh}"),
    Column("box", "方向", "box", required=True, hint="委托或受托"),
    Column("other_court", "对方法院", "other_court", required=True, hint="法院代字或名称"),
    Column("case_number", "案号", "case_number"),
    Column("subject_names", "事项对象", "subject_names", hint="姓名或名称，不写证件号码"),
    Column("request_text", "请求内容", "request_text"),
    Column("officer_login", "承办人登录名", "officer_login", hint="不填为导入人"),
    Column("began_on", "收发日期", "began_on", required=True, hint="原收到或发出的日期", is_day=True),
    Column("due_on", "到期日期", "due_on", hint="没有期限可不填", is_day=True),
    Column("state", "当前状态", "state", required=True, hint=f"如 {State.IN_PROGRESS.zh}"),
)


@app.command("import", help="从 XLSX 或 CSV 登记其他渠道的事项；--backfill 为上线时补录未结事项")
def import_outside(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, metavar="台账")] = None,
    template: Annotated[
        Path | None, typer.Option("--template", dir_okay=False, help="生成空白台账（XLSX）")
    ] = None,
    backfill: Annotated[bool, typer.Option("--backfill", help=f"标记为{Mark.BACKFILLED.zh}")] = False,
    check: Annotated[bool, typer.Option("--check", help="只检查，不登记")] = False,
) -> None:
    """Register the matters of a file, or write the template."""
    run = run_of(ctx)
    if template is not None:
        write_template(template, COLUMNS)
        run.screen.data({"template": str(template)})
        run.screen.say(f"已生成：{template}")
        return
    if file is None:
        raise typer.BadParameter("请指明台账文件，或用 --template 生成")
    rows, problems = outside_rows(read_sheet(file, COLUMNS), backfilled=backfill)
    checked = [] if problems else run.online(lambda client: _bring(client, rows, check_only=True))
    problems = problems or _problems(checked)
    if problems:
        refuse(run, problems, "台账有误，尚未登记")
    if check:
        run.screen.data({"checked": len(rows), "problems": []})
        run.screen.say(f"检查通过：{len(rows)} 行")
        return
    results = run.online(lambda client: _bring(client, rows, check_only=False))
    wrong = _problems(results)
    run.screen.data({"results": results, "problems": [plain(each) for each in wrong]})
    run.screen.say(f"已登记 {sum(each.matter is not None for each in results)} 件")
    if wrong:
        run.screen.table("有问题的行", ("行", "列", "问题"), [(p.row, p.column, p.message) for p in wrong])
        raise typer.Exit(1)


@app.command("list", help="查看台账登记的事项")
def list_outside(
    ctx: typer.Context,
    channel: Annotated[str, typer.Option("--channel", help="只看某渠道")] = "",
    only_open: Annotated[bool, typer.Option("--open", help="只看未结")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="只看超期")] = False,
) -> None:
    """List registered matters."""
    run = run_of(ctx)
    wanted = cast(ChannelName, identifier(Channel, channel) if channel else "")

    async def work(client: Client) -> list[OutsideMatter]:
        matters = client.outside.list(wanted, open_only=only_open, overdue_only=overdue)
        return [each async for each in matters]

    found = run.online(work)
    run.screen.data(found)
    rows = [
        (
            word(Channel, each.channel),
            each.external_number,
            kind_word(each.kind),
            each.other_court,
            word(State, each.state),
            words(Mark, each.marks),
            each.officer_name,
            each.began_on,
            each.due_on,
        )
        for each in found
    ]
    heads = ("渠道", "外部编号", "类型", "对方法院", "状态", "标记", "承办人", "收发日期", "到期")
    run.screen.table("", heads, rows)


@app.command(help="登记其他渠道事项的进展")
def step(
    ctx: typer.Context,
    matter: Annotated[str, typer.Argument(metavar="外部编号")],
    state: Annotated[str, typer.Option("--state", help="现在的状态")],
    day: Annotated[str, typer.Option("--day", help="发生日期，如 2026-11-22")],
    text: Annotated[str, typer.Option("--text", help="文字说明")] = "",
    result: Annotated[str, typer.Option("--result", help="办结结果：ALL_DONE、PARTLY_DONE、NOT_DONE")] = "",
) -> None:
    """Note what became of a matter."""
    run = run_of(ctx)
    after = cast(StateName, identifier(State, state))
    done = run.online(
        lambda client: client.outside.step(matter, after, day, text, result=cast(ResultName, result))
    )
    run.screen.data(done)
    run.screen.say(f"已登记：{done.external_number}，现为“{word(State, done.state)}”")


def outside_rows(sheet: Sheet, *, backfilled: bool) -> tuple[list[OutsideRow], list[Problem]]:
    """Give the rows as the node takes them, and all that is wrong with them. Raise `InvalidInput`."""
    if not sheet.rows:
        raise InvalidInput.in_field("file", "台账没有内容")
    rows: list[OutsideRow] = []
    problems: list[Problem] = []
    for row in sheet.rows:
        values, wrong = _values(row)
        problems += [*row.problems, *wrong]
        matter = OutsideMatter(**values, backfilled=backfilled)
        request_id = batch_request_id(sheet.sha256, f"{row.number}/{backfilled}")
        rows.append(OutsideRow(request_id=request_id, row=row.number, matter=matter))
    return rows, problems


def _values(row: Row) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {column.key: row.cells.get(column.key, "") for column in COLUMNS}
    problems = []
    readers: dict[str, Callable[[str], str | None]] = {
        "channel": lambda text: find(Channel, text),
        "kind": lambda text: find(Kind, text) or text,
        "state": lambda text: find(State, text),
        "box": _BOXES.get,
    }
    for column in COLUMNS:
        if column.key in readers and values[column.key]:
            read = readers[column.key](values[column.key])
            if read is None:
                message = f"没有“{values[column.key]}”，{column.hint or '请核对'}"
                problems.append(Problem(row.number, column.title, message))
            values[column.key] = read or ""
    return values, problems


async def _bring(client: Client, rows: Sequence[OutsideRow], *, check_only: bool) -> list[OutsideResult]:
    return [
        result
        for start in range(0, len(rows), CHUNK)
        for result in await client.outside.register(rows[start : start + CHUNK], check_only=check_only)
    ]


def _problems(results: Sequence[OutsideResult]) -> list[Problem]:
    return [
        Problem(result.row, title_of_field(COLUMNS, each.field), each.message)
        for result in results
        for each in result.problems
    ]
