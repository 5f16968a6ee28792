"""`xiezhi import`: every row of a file becomes a draft (`xiezhi_client.batch`)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from xiezhi_client.batch.drafting import RowResult, check_rows, draft_row
from xiezhi_client.batch.forms import FindForm, OrderForm, form_of
from xiezhi_client.batch.orders import RowOrder
from xiezhi_client.cli.run import Run, run_of
from xiezhi_client.cli.sheet_problems import plain, refuse
from xiezhi_client.sdk import ActionReceipt, Client
from xiezhi_client.sheets.reading import Sheet, read_sheet
from xiezhi_client.sheets.template import write_template
from xiezhi_client.sheets.writing import write
from xiezhi_client.typed.papers import beside
from xiezhi_client.typed.words import identifier, word
from xiezhi_domain.terms import Kind, State

app = typer.Typer()


@app.command("import", help="从 CSV 或 XLSX 表格批量起草事项；同一文件可重复导入，不会重复，中断后可继续")
def import_orders(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, metavar="文件")] = None,
    template: Annotated[
        Path | None, typer.Option("--template", dir_okay=False, help="生成空白表格（XLSX）")
    ] = None,
    kind: Annotated[str, typer.Option("--kind", help="事项类型，每类各有模板")] = Kind.FIND.zh,
    submit: Annotated[bool, typer.Option("--submit", help="起草后立即送审")] = False,
    check: Annotated[bool, typer.Option("--check", help="只检查，不发送")] = False,
    result: Annotated[Path | None, typer.Option("--result", help="结果另存为 CSV 或 XLSX")] = None,
) -> None:
    """Draft an order for each row of a file, or write the template."""
    run = run_of(ctx)
    form = _form_of(run, identifier(Kind, kind))
    if template is not None:
        write_template(template, form.columns)
        run.screen.data({"template": str(template)})
        run.screen.say(f"已生成：{template}")
        return
    if file is None:
        raise typer.BadParameter("请指明要导入的文件，或用 --template 生成表格")
    sheet = read_sheet(file, form.columns)
    orders = _check(run, sheet, form, file.parent)
    if check:
        run.screen.data({"checked": len(orders), "problems": []})
        run.screen.say(f"检查通过：{len(orders)} 行")
        return
    results = run.online(lambda client: _draft_all(client, sheet, form, orders, submit=submit))
    _finish(run, results, result)


def _form_of(run: Run, kind: str) -> OrderForm:
    """The form of a kind; that of 查人找物 also where no node can be reached."""
    return FindForm() if kind == Kind.FIND else run.online(lambda client: form_of(client, kind))


def _check(run: Run, sheet: Sheet, form: OrderForm, folder: Path) -> list[RowOrder]:
    """The orders of all rows; leaves with the list of problems if there is one."""
    orders, problems = check_rows(sheet, form, beside(folder))
    if problems:
        refuse(run, problems, "表格有误，尚未发送任何事项")
    return orders


async def _draft_all(
    client: Client, sheet: Sheet, form: OrderForm, orders: Sequence[RowOrder], *, submit: bool
) -> list[RowResult]:
    return [
        await draft_row(client, sheet.sha256, form, order, submit=submit)
        for order in track(orders, description="导入", console=Console(stderr=True), transient=True)
    ]


def _finish(run: Run, results: Sequence[RowResult], file: Path | None) -> None:
    run.screen.data({"results": [_plain(each) for each in results]})
    columns = ("行", "编号", "标识", "状态", "列", "备注")
    rows = [_cells(each) for each in results]
    if file is not None:
        write(file, columns, rows)
    failed = [row for row, each in zip(rows, results, strict=True) if each.problem]
    drafted = sum(each.receipt is not None for each in results)
    run.screen.say(f"已起草 {drafted} 件；{len(failed)} 行有问题")
    if failed:
        run.screen.table("有问题的行", columns, failed)
        raise typer.Exit(1)


def _cells(result: RowResult) -> list[str]:
    receipt = result.receipt or ActionReceipt()
    column, message = (result.problem.column, result.problem.message) if result.problem else ("", result.note)
    number, which = receipt.matter_number, receipt.instruction_id
    return [str(result.row), number, which, word(State, receipt.state), column, message]


def _plain(result: RowResult) -> dict[str, object]:
    problem = plain(result.problem) if result.problem else None
    return {"row": result.row, "receipt": result.receipt, "problem": problem, "note": result.note}
