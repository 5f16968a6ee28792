"""What the hub refused and lies on the desk again."""

from typing import Annotated

import typer

from xiezhi_client.cli.run import run_of
from xiezhi_client.typed.words import word
from xiezhi_domain.terms import Action

group = typer.Typer(no_args_is_help=True)
app = typer.Typer()
app.add_typer(group, name="returned", help="平台未受理、退回桌面的工作")


@group.command("list", help="列出被退回桌面的工作和理由")
def list_returned(
    ctx: typer.Context, court: Annotated[bool, typer.Option("--court", help="全院的，供指挥中心使用")] = False
) -> None:
    """List refused work with the reason and what to do."""
    run = run_of(ctx)
    found = run.online(lambda client: client.instructions.returned_work(whole_court=court))
    run.screen.data(found)
    rows = [
        (each.returned_at, each.matter_number, word(Action, each.action), each.message, each.event_id)
        for each in found
    ]
    run.screen.table("", ("时间", "事项", "操作", "理由和处理办法", "记录标识"), rows)


@group.command(help="已处理，从桌面移除")
def dismiss(ctx: typer.Context, event_id: Annotated[str, typer.Argument(metavar="记录标识")]) -> None:
    """Take refused work off the desk."""
    run = run_of(ctx)
    run.online(lambda client: client.instructions.dismiss_returned_work(event_id))
    run.screen.data({"dismissed": event_id})
    run.screen.say("已从桌面移除")
