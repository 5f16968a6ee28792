"""The intermediate court's view; the profile has to name the hub."""

from typing import Annotated

import typer

from xiezhi_client.cli.matters import Export, Limit, show_list
from xiezhi_client.cli.run import run_of
from xiezhi_client.cli.words import word
from xiezhi_client.sdk import Client, CourtOverview, InstructionSummary
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
) -> None:
    """List matters past their limit."""
    run = run_of(ctx)

    async def work(client: Client) -> list[InstructionSummary]:
        rows = []
        async for row in client.supervision.overdue(court, page_size=min(limit, 500)):
            rows.append(row)
            if len(rows) == limit:
                break
        return rows

    show_list(run, "", run.online(work), export)


def _row(court: CourtOverview) -> tuple[object, ...]:
    states = "、".join(f"{word(State, each.state)} {each.count}" for each in court.received_by_state)
    return court.court, court.sent_open, court.received_open, court.received_overdue, states, court.connected
