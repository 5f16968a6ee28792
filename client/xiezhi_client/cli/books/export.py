"""`xiezhi export`: one matter as a ZIP, a list as a spreadsheet."""

from pathlib import Path
from typing import Annotated

import typer

from xiezhi_client.cli.arguments import Matter
from xiezhi_client.cli.run import run_of
from xiezhi_client.sdk import ListFilter
from xiezhi_client.sdk.vocabulary import ListFormat

app = typer.Typer(no_args_is_help=True)

Purpose = Annotated[str, typer.Option("--reason", help="导出事由，记入查看记录")]


@app.command(help="导出一件事项：办理过程、文书、存证回执和重新录入用的录入单（ZIP）")
def matter(
    ctx: typer.Context,
    which: Matter,
    reason: Purpose,
    to: Annotated[Path, typer.Option("--to", help="存放的文件夹或文件名")] = Path(),
    full: Annotated[bool, typer.Option("--full", help="不遮盖证件号码，限办理该事项的人员")] = False,
) -> None:
    """Write one matter as a ZIP."""
    run = run_of(ctx)
    name = " ".join(which)
    path = run.online(lambda client: client.exports.matter(name, to, reason, unmask=full))
    run.screen.data({"file": str(path)})
    run.screen.say(f"已导出：{path.resolve()}")


@app.command("list", help="导出事项清单（文件名以 .xlsx 或 .csv 结尾）")
def list_matters(
    ctx: typer.Context,
    to: Annotated[Path, typer.Argument(metavar="文件")],
    reason: Purpose,
    sent: Annotated[bool, typer.Option("--sent", help="只要委托")] = False,
    received: Annotated[bool, typer.Option("--received", help="只要受托")] = False,
    only_open: Annotated[bool, typer.Option("--open", help="只要未结")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="只要超期")] = False,
    outside: Annotated[bool, typer.Option("--outside", help="连同其他渠道的台账登记")] = False,
) -> None:
    """Write a list as a spreadsheet."""
    run = run_of(ctx)
    if sent and received:
        raise typer.BadParameter("--sent 和 --received 只能选一个")
    if to.suffix.lower() not in {".xlsx", ".csv"}:
        raise typer.BadParameter("文件名应以 .xlsx 或 .csv 结尾")
    wanted = ListFilter(
        box="SENT" if sent else "RECEIVED" if received else "", open_only=only_open, overdue_only=overdue
    )
    written: ListFormat = "CSV" if to.suffix.lower() == ".csv" else "XLSX"
    path = run.online(
        lambda client: client.exports.list(wanted, to, reason, with_outside=outside, list_format=written)
    )
    run.screen.data({"file": str(path)})
    run.screen.say(f"已导出：{path.resolve()}")
