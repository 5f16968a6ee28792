"""`xiezhi import`: every row becomes a draft, with its papers, and is handed in if asked.

All rows are checked before the first is sent. Request ids are made of the file's hash and the row (protocol §12),
so the same file can be imported again after a crash or a correction of the line: nothing is drafted twice, and
the node chooses the ids of the matters.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from xiezhi_client.cli.arguments import upload
from xiezhi_client.cli.batch.forms import OrderForm, form_of
from xiezhi_client.cli.batch.orders import RowOrder
from xiezhi_client.cli.drafts import AnyDraft, draft
from xiezhi_client.cli.run import Run, run_of
from xiezhi_client.cli.sheets.columns import title_of_field
from xiezhi_client.cli.sheets.problems import plain, refuse
from xiezhi_client.cli.sheets.reading import Problem, Sheet, read_sheet
from xiezhi_client.cli.sheets.template import write_template
from xiezhi_client.cli.spreadsheet import write
from xiezhi_client.cli.words import identifier, word, words
from xiezhi_client.sdk import (
    ActionReceipt,
    Client,
    InvalidInput,
    Unavailable,
    XiezhiError,
    batch_request_id,
)
from xiezhi_domain.terms import Kind, PaperType, State

app = typer.Typer()


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row."""

    row: int
    receipt: ActionReceipt | None = None
    problem: Problem | None = None
    note: str = ""


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
    form = form_of(run, identifier(Kind, kind))
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


def _check(run: Run, sheet: Sheet, form: OrderForm, folder: Path) -> list[RowOrder]:
    """The orders of all rows; leaves with the list of problems if there is one."""
    if not sheet.rows:
        raise InvalidInput.in_field("file", "表格没有内容")
    read = [form.read(row, folder) for row in sheet.rows]
    problems = [problem for each in read if isinstance(each, list) for problem in each]
    if problems:
        refuse(run, problems, "表格有误，尚未发送任何事项")
    return [each for each in read if isinstance(each, RowOrder)]


async def _draft_all(
    client: Client, sheet: Sheet, form: OrderForm, orders: Sequence[RowOrder], *, submit: bool
) -> list[RowResult]:
    return [
        await _draft_row(client, sheet.sha256, form, order, submit=submit)
        for order in track(orders, description="导入", console=Console(stderr=True), transient=True)
    ]


async def _draft_row(
    client: Client, batch: str, form: OrderForm, row: RowOrder, *, submit: bool
) -> RowResult:
    """Draft, and go on from there; an absent server ends the import, anything else fails this row alone."""
    receipt = None
    try:
        drafted = await draft(client, row.order, "", _request_id(batch, row, "draft"))
        receipt = drafted.receipt or ActionReceipt()
        return await _go_on(client, batch, row, drafted, receipt, submit=submit)
    except Unavailable:
        raise
    except XiezhiError as error:
        return RowResult(row.number, receipt, _problem_of(form, row, error))


async def _go_on(
    client: Client,
    batch: str,
    row: RowOrder,
    drafted: AnyDraft,
    receipt: ActionReceipt,
    *,
    submit: bool,
) -> RowResult:
    """Upload under the id that the node chose, draft again with the papers, hand in."""
    which = receipt.instruction_id
    if row.papers:
        order = replace(row.order, documents=await upload(client, which, row.papers))
        drafted = await draft(client, order, which, _request_id(batch, row, "papers"))
    if drafted.missing_papers:
        missing = words(PaperType, tuple(paper.paper_type for paper in drafted.missing_papers))
        return RowResult(row.number, receipt, note=f"已起草，尚缺文书：{missing}")
    if submit:
        request_id = _request_id(batch, row, "submit")
        receipt = await client.instructions.submit(which, request_id=request_id)
    return RowResult(row.number, receipt)


def _request_id(batch: str, row: RowOrder, step: str) -> str:
    return batch_request_id(batch, f"{row.number}/{step}")


def _problem_of(form: OrderForm, row: RowOrder, error: XiezhiError) -> Problem:
    columns = dict.fromkeys(
        title_of_field(form.columns, each.field.removeprefix("order.")) for each in error.fields
    )
    messages = dict.fromkeys(each.message for each in error.fields)
    return Problem(row.number, "、".join(columns), "；".join(messages) or error.message)


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
