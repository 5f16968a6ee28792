"""Decisions of the common superior; the profile has to name the hub."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from xiezhi_client.cli.remedies.options import Reason, Why
from xiezhi_client.cli.run import run_of, say_receipt
from xiezhi_client.sdk import ActionReceipt, AwaitingMatter, Client
from xiezhi_client.typed.reasons import code_of
from xiezhi_client.typed.words import word
from xiezhi_domain.terms import Action, State

app = typer.Typer(no_args_is_help=True)
Number = Annotated[str, typer.Argument(help="事项编号，例如 苏0591委〔2026〕1187号")]
Purpose = Annotated[str, typer.Option("--reason", help="查看事由，记入查看记录；在中院查看须填写")]
Ruling = Annotated[str, typer.Option("--ruling", help="规则库中的处理结果，中文或代码")]
APPEALS = {
    "WRONG_COURT": Action.REROUTE,
    "OBJECTION": Action.RULE_ON_OBJECTION,
    "DISPUTE": Action.RULE_ON_DISPUTE,
    "COMPLAINT": Action.RULE_ON_COMPLAINT,
    "TRANSFER": Action.TRANSFER_SENDER,
    "RULING": Action.ISSUE_ORDER,
}


@app.command(help="等待中院处理的事项，最早的在前")
def awaiting(ctx: typer.Context) -> None:
    """List what waits for a decision."""
    run = run_of(ctx)

    async def work(client: Client) -> list[AwaitingMatter]:
        return [each async for each in client.superior.awaiting()]

    found = run.online(work)
    run.screen.data(found)
    rows = [
        (
            each.instruction.matter_number,
            each.instruction.sender,
            each.instruction.receiver,
            word(State, each.instruction.state),
            "、".join(APPEALS[appeal].zh for appeal in each.appeals if appeal in APPEALS),
        )
        for each in found
        if each.instruction is not None
    ]
    run.screen.table("", ("事项", "委托法院", "受托法院", "状态", "待处理"), rows)


@app.command("reroute", help="改派：送交应受托的法院")
def reroute(
    ctx: typer.Context,
    matter: Number,
    court: Annotated[str, typer.Option("--court", help="法院代字")],
    text: Why,
) -> None:
    """Send a matter to the right court."""
    _step(ctx, Action.REROUTE, lambda client: client.superior.reroute(matter, court, text))


@app.command("keep", help=Action.REFUSE_REROUTE.zh)
def keep(ctx: typer.Context, matter: Number, text: Why) -> None:
    """Leave a matter where it is."""
    _step(ctx, Action.REFUSE_REROUTE, lambda client: client.superior.refuse_reroute(matter, text))


@app.command("forward", help="转办：把中院收到的事项交下级法院办理")
def forward(
    ctx: typer.Context,
    matter: Number,
    court: Annotated[str, typer.Option("--court", help="法院代字")],
    text: Why,
) -> None:
    """Hand a matter on."""
    _step(ctx, Action.FORWARD, lambda client: client.superior.forward(matter, court, text))


@app.command("transfer", help=Action.TRANSFER_SENDER.zh)
def transfer(
    ctx: typer.Context,
    matter: Number,
    court: Annotated[str, typer.Option("--court", help="法院代字")],
    reason: Reason,
    text: Why,
) -> None:
    """Change the sending court."""
    _step(
        ctx,
        Action.TRANSFER_SENDER,
        lambda client: client.superior.transfer_sender(matter, court, code_of("transfer", reason), text),
    )


@app.command("refuse-transfer", help=Action.REFUSE_TRANSFER.zh)
def refuse_transfer(ctx: typer.Context, matter: Number, reason: Reason, text: Why) -> None:
    """Leave the sending court as it is."""
    _step(
        ctx,
        Action.REFUSE_TRANSFER,
        lambda client: client.superior.refuse_transfer(matter, code_of("transfer_refusal", reason), text),
    )


@app.command("objection", help=Action.RULE_ON_OBJECTION.zh)
def objection(
    ctx: typer.Context,
    matter: Number,
    upheld: Annotated[bool, typer.Option("--upheld/--dismissed", help="异议是否成立")],
    text: Why,
) -> None:
    """Rule on an objection."""
    _step(
        ctx,
        Action.RULE_ON_OBJECTION,
        lambda client: client.superior.rule_on_objection(matter, text, upheld=upheld),
    )


@app.command("dispute", help="处理第二次退回重办后的争议")
def dispute(ctx: typer.Context, matter: Number, ruling: Ruling, text: Why) -> None:
    """Rule on a dispute."""
    _step(
        ctx,
        Action.RULE_ON_DISPUTE,
        lambda client: client.superior.rule_on_dispute(matter, code_of("dispute_ruling", ruling), text),
    )


@app.command("complaint", help=Action.RULE_ON_COMPLAINT.zh)
def complaint(ctx: typer.Context, matter: Number, ruling: Ruling, text: Why) -> None:
    """Rule on a complaint."""
    _step(
        ctx,
        Action.RULE_ON_COMPLAINT,
        lambda client: client.superior.rule_on_complaint(matter, code_of("complaint_ruling", ruling), text),
    )


@app.command("stop", help=Action.STOP.zh)
def stop(ctx: typer.Context, matter: Number, reason: Reason, text: Why) -> None:
    """Stop the work."""
    _step(ctx, Action.STOP, lambda client: client.superior.stop(matter, code_of("stop", reason), text))


@app.command("suspend", help=Action.SUSPEND.zh)
def suspend(
    ctx: typer.Context,
    matter: Number,
    reason: Reason,
    text: Why,
    until: Annotated[str, typer.Option("--until", help="暂缓执行届满之日，例如 2026-12-31")] = "",
) -> None:
    """Pause the work."""
    _step(
        ctx,
        Action.SUSPEND,
        lambda client: client.superior.suspend(matter, code_of("suspension", reason), text, until_on=until),
    )


@app.command("extend-suspension", help=Action.EXTEND_SUSPENSION.zh)
def extend_suspension(
    ctx: typer.Context,
    matter: Number,
    until: Annotated[str, typer.Option("--until", help="延长后的届满之日，例如 2026-12-31")],
    text: Why,
) -> None:
    """Lengthen 暂缓执行."""
    _step(
        ctx,
        Action.EXTEND_SUSPENSION,
        lambda client: client.superior.extend_suspension(matter, until, text),
    )


@app.command("resume", help=Action.RESUME.zh)
def resume(ctx: typer.Context, matter: Number, text: Why) -> None:
    """Let the work go on."""
    _step(ctx, Action.RESUME, lambda client: client.superior.resume(matter, text))


def _step(ctx: typer.Context, action: Action, step: Callable[[Client], Awaitable[ActionReceipt]]) -> None:
    run = run_of(ctx)
    receipt = run.online(step)
    run.screen.data(receipt)
    say_receipt(run.screen, action, receipt)
