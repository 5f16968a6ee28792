"""`xiezhi trial`: trying the platform out, and clearing what is left."""

from typing import Annotated

import typer

from xiezhi_client.cli.run import Run, run_of
from xiezhi_client.sdk import Client, Trial
from xiezhi_domain.terms import State

app = typer.Typer(no_args_is_help=True)


@app.command(help="查看试运行状态")
def status(ctx: typer.Context) -> None:
    """Show whether a trial runs."""
    run = run_of(ctx)
    _show(run, run.online(lambda client: client.trials.get()))


@app.command(help="开始试运行：此后事项编入“试”字号")
def start(ctx: typer.Context) -> None:
    """Begin a trial."""
    run = run_of(ctx)
    _show(run, run.online(lambda client: client.trials.start()))


@app.command(help="结束试运行并清除试运行数据；不触及正式事项")
def clear(ctx: typer.Context, yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False) -> None:
    """End the trial and clear what it has left."""
    run = run_of(ctx)
    trial = run.online(lambda client: client.trials.get())
    if not yes:
        _show(run, trial)
        typer.confirm("确认清除以上试运行数据？", abort=True, err=True)
    seen = trial.drafts + trial.outside_matters

    async def work(client: Client) -> Trial:
        return await client.trials.clear(seen)

    cleared = run.online(work)
    run.screen.data(cleared)
    run.screen.say(
        f"已清除：草稿 {cleared.drafts} 件，台账登记 {cleared.outside_matters} 件；已办结的不再列出"
    )


def _show(run: Run, trial: Trial) -> None:
    run.screen.data(trial)
    values = {
        "试运行": "进行中" if trial.running else "未开始",
        "开始时间": trial.started_at,
        State.DRAFT.zh: trial.drafts,
        "已推送未结": trial.open_matters,
        "已推送已结": trial.closed_matters,
        "台账登记": trial.outside_matters,
    }
    run.screen.pairs("", values)
