"""What changes, as it happens."""

from contextlib import aclosing
from typing import Annotated

import typer

from xiezhi_client.cli.run import Run, run_of
from xiezhi_client.cli.screen import cell
from xiezhi_client.sdk import Change, Client
from xiezhi_client.sdk.vocabulary import Box
from xiezhi_client.typed.words import word
from xiezhi_domain.terms import EventKind, State

app = typer.Typer()


@app.command(help="持续显示事项的变化，按 Ctrl-C 停止")
def watch(
    ctx: typer.Context,
    after: Annotated[int, typer.Option("--after", help="从哪个游标之后开始：0 为最早，-1 为从现在起")] = -1,
    sent: Annotated[bool, typer.Option("--sent", help="只看发出的")] = False,
    received: Annotated[bool, typer.Option("--received", help="只看收到的")] = False,
    count: Annotated[int, typer.Option("--count", min=0, help="显示几条后停止；0 为不停止")] = 0,
) -> None:
    """Print changes until interrupted, over broken lines."""
    run = run_of(ctx)
    box: Box = "" if sent == received else "SENT" if sent else "RECEIVED"

    async def work(client: Client) -> None:
        shown = 0
        async with aclosing(client.instructions.watch(after, box)) as changes:
            async for change in changes:
                _show(run, change)
                shown += 1
                if shown == count:
                    return

    run.online(work)


def _show(run: Run, change: Change) -> None:
    run.screen.line(change)
    entry, matter = change.entry, change.instruction
    if entry is None or matter is None:
        return
    step = entry.words or word(EventKind, entry.kind)
    name = matter.matter_number or matter.instruction_id
    run.screen.say(f"{cell(entry.claimed_at)} {name} {entry.court} {step} → {word(State, matter.state)}")
