"""The intermediate court's view; the profile has to name the hub."""

from math import inf
from pathlib import Path
from typing import Annotated

import typer

from xiezhi_client.cli.matters import Export, Limit, Purpose, require_purpose, show_list
from xiezhi_client.cli.run import Run, known_up_to, run_of, tell_withheld, up_to
from xiezhi_client.sdk import (
    CourtOverview,
    InstructionSummary,
    ListFilter,
    Officer,
    SupervisorCall,
)
from xiezhi_client.typed.words import word
from xiezhi_domain.terms import State

app = typer.Typer(no_args_is_help=True)


@app.command(help="各院未结、超期数量")
def overview(ctx: typer.Context) -> None:
    """Show counts by court."""
    run = run_of(ctx)
    found = run.online(lambda client: client.supervision.overview())
    run.screen.data(found)
    columns = ("法院", "发出未结", "收到未结", "收到超期", "收到事项按状态", "在线")
    run.screen.table("", columns, map(_row, found.courts))


@app.command(help="超期事项，最久的在前")
def overdue(
    ctx: typer.Context,
    court: Annotated[str, typer.Option("--court", help="只看某承接法院")] = "",
    limit: Limit = 50,
    export: Export = None,
    purpose: Purpose = "",
) -> None:
    """List matters past their limit; all of them into a file, which is recorded with its purpose."""
    run = run_of(ctx)
    if export is not None:
        require_purpose(export, purpose)
        show_list(run, "", _take_overdue(run, court, purpose), export)
        return
    rows, withheld = run.online(
        lambda client: known_up_to(limit, lambda size: client.supervision.overdue(court, page_size=size))
    )
    show_list(run, "", rows, None)
    tell_withheld(run, withheld)


@app.command(help="导出全市事项清单（文件名以 .xlsx 或 .csv 结尾）")
def export(
    ctx: typer.Context,
    to: Annotated[Path, typer.Argument(metavar="文件", dir_okay=False)],
    reason: Annotated[str, typer.Option("--reason", help="导出事由，记入查看记录")],
    court: Annotated[str, typer.Option("--court", help="只看某法院发出或承接的")] = "",
    only_open: Annotated[bool, typer.Option("--open", help="只要未结")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="只要超期")] = False,
) -> None:
    """Write the matters between all courts as a spreadsheet."""
    if to.suffix.lower() not in {".xlsx", ".csv"}:
        raise typer.BadParameter("文件名应以 .xlsx 或 .csv 结尾")
    run = run_of(ctx)
    wanted = ListFilter(other_court=court, open_only=only_open, overdue_only=overdue)
    show_list(run, "", list(run.online(lambda client: client.supervision.export(wanted, reason))), to)
    left_out = run.online(lambda client: client.supervision.page(wanted, page_size=1))
    tell_withheld(run, left_out.withheld)


@app.command(help="电话催办登记，最近的在前")
def calls(
    ctx: typer.Context,
    reason: Annotated[str, typer.Option("--reason", help="查看事由，记入查看记录")],
    limit: Limit = 50,
) -> None:
    """List the calls of the command centre."""
    run = run_of(ctx)

    found = run.online(
        lambda client: up_to(limit, lambda size: client.superior.calls(reason, page_size=size))
    )
    run.screen.data(found)
    columns = ("通话时间", "事项", "法院", "通话人", "对方", "电话", "内容", "承诺时间")
    run.screen.table("", columns, map(_call_row, found))


@app.command("related-queries", help="谁在何时为哪个案件查找过关联案件")
def related_queries(
    ctx: typer.Context,
    court: Annotated[str, typer.Option("--court", help="只看某法院")] = "",
    limit: Limit = 50,
) -> None:
    """List questions for related cases."""
    run = run_of(ctx)

    found = run.online(
        lambda client: up_to(
            limit, lambda size: client.supervision.related_case_queries(court, page_size=size)
        )
    )
    run.screen.data(found)
    rows = [
        (each.asked_at, each.court, each.account_name, each.case_number, each.purpose, each.answers)
        for each in found
    ]
    run.screen.table("", ("时间", "法院", "查找人", "案号", "事由", "结果件数"), rows)


def _take_overdue(run: Run, court: str, purpose: str) -> list[InstructionSummary]:
    """Take out what *court* received and is late with, the longest first; of all courts if it is empty."""
    wanted = ListFilter(other_court=court, overdue_only=True)
    rows = run.online(lambda client: client.supervision.export(wanted, purpose))
    # The hub's list also has what the court sent.
    received = [row for row in rows if court in {"", row.receiver}]
    return sorted(received, key=_since)


def _since(row: InstructionSummary) -> float:
    """Return since when a matter is late; one without a limit goes last."""
    return row.due_at.timestamp() if row.due_at else inf


def _row(court: CourtOverview) -> tuple[object, ...]:
    states = "、".join(f"{word(State, each.state)} {each.count}" for each in court.received_by_state)
    return court.court, court.sent_open, court.received_open, court.received_overdue, states, court.connected


def _call_row(call: SupervisorCall) -> tuple[object, ...]:
    matter, called = call.instruction or InstructionSummary(), call.counterpart or Officer()
    told = (call.caller, called.name, called.phone, call.text, call.promise_at)
    return call.called_at, matter.matter_number, matter.receiver, *told
