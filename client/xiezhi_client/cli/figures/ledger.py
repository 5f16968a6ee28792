"""The sheets that a court prints and sends up: 台账 and 交办单."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, cast

import typer

from xiezhi_client.cli.figures.arguments import From, Month, To, parse_period
from xiezhi_client.cli.run import Run, run_of
from xiezhi_client.sdk import SheetFile
from xiezhi_client.sdk.content import safe_name
from xiezhi_client.sdk.vocabulary import Channel as ChannelName
from xiezhi_client.sdk.vocabulary import SheetFormat
from xiezhi_client.typed.words import identifier
from xiezhi_domain.terms import Channel

app = typer.Typer(no_args_is_help=True)


class Ending(StrEnum):
    """What a sheet is written as."""

    XLSX = "xlsx"
    PDF = "pdf"


Purpose = Annotated[str, typer.Option("--purpose", help="事由，记入操作日志")]
Folder = Annotated[Path, typer.Option("--into", exists=True, file_okay=False, help="存放的文件夹")]
Format = Annotated[Ending, typer.Option("--format", help="xlsx 或 pdf")]


@app.command(help="导出台账：期间内发生和期初未结的事项")
def export(
    ctx: typer.Context,
    purpose: Purpose,
    month: Month = "",
    first: From = "",
    last: To = "",
    sent: Annotated[bool, typer.Option("--sent/--received", help="委托事项台账，或受托事项台账")] = False,
    channel: Annotated[str, typer.Option("--channel", help="只要某一渠道")] = "",
    ending: Format = Ending.XLSX,
    into: Folder = Path(),
) -> None:
    """Save the ledger of a period."""
    run, period = run_of(ctx), parse_period(month, first, last)
    through = cast(ChannelName, identifier(Channel, channel)) if channel else ""
    file = run.online(
        lambda client: client.ledgers.export(
            period,
            "SENT" if sent else "RECEIVED",
            purpose,
            sheet_format=cast(SheetFormat, ending.name),
            channel=through,
        )
    )
    save_file(run, file, into)


@app.command(help="导出交办单；不写事项时为全部未结受托事项")
def handout(
    ctx: typer.Context,
    purpose: Purpose,
    matter: Annotated[list[str], typer.Option("--matter", help="事项编号全称或事项标识，可重复")] = [],  # noqa: B006  typer copies it
    officer: Annotated[str, typer.Option("--officer", help="只要某一承办人（账号标识）")] = "",
    ending: Format = Ending.XLSX,
    into: Folder = Path(),
) -> None:
    """Save a hand-out sheet."""
    run = run_of(ctx)
    file = run.online(
        lambda client: client.ledgers.handout(
            purpose,
            instruction_ids=matter,
            officer_account_id=officer,
            sheet_format=cast(SheetFormat, ending.name),
        )
    )
    save_file(run, file, into)


def save_file(run: Run, file: SheetFile, into: Path) -> None:
    """Save a sheet in a folder and say where."""
    path = into / safe_name(file.name)
    path.write_bytes(file.content)
    run.screen.data({"file": str(path)})
    run.screen.say(f"已保存：{path.resolve()}")
