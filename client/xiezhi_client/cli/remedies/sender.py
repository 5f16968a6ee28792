"""The sender's remedies: stop, pause, time, pressure, judging the work."""

from typing import Annotated, cast

import typer

from xiezhi_client.cli.arguments import Matter, Papers, Text
from xiezhi_client.cli.remedies.options import Reason, Why
from xiezhi_client.cli.run import take_step
from xiezhi_client.sdk import ActionReceipt, Client
from xiezhi_client.sdk.vocabulary import CaseChoice as ChoiceName
from xiezhi_client.sdk.vocabulary import CaseStatusChange as StatusName
from xiezhi_client.typed.papers import Paper, upload
from xiezhi_client.typed.reasons import code_of
from xiezhi_client.typed.words import identifier
from xiezhi_domain.terms import Action, CaseChoice, CaseStatusChange

app = typer.Typer()


@app.command("object", help="对退回提出异议，报共同上级处理")
def object_to_return(ctx: typer.Context, matter: Matter, text: Why, attach: Papers = []) -> None:  # noqa: B006  typer reads it as "none given"
    """Object to a return."""
    papers = [Paper.parse(each) for each in attach]

    async def step(client: Client, which: str) -> ActionReceipt:
        return await client.instructions.object_to_return(which, text, await upload(client, which, papers))

    take_step(ctx, matter, Action.OBJECT_TO_RETURN, step)


@app.command(help="停止办理，到达受托法院即生效")
def stop(
    ctx: typer.Context,
    matter: Matter,
    reason: Reason,
    text: Text = "",
    attach: Papers = [],  # noqa: B006  typer reads it as "none given"
) -> None:
    """Stop the work."""
    papers, code = [Paper.parse(each) for each in attach], code_of("stop", reason)

    async def step(client: Client, which: str) -> ActionReceipt:
        return await client.instructions.stop(which, code, text, await upload(client, which, papers))

    take_step(ctx, matter, Action.STOP, step)


@app.command(help="暂停办理，期限停止计算")
def suspend(
    ctx: typer.Context,
    matter: Matter,
    reason: Reason,
    text: Text = "",
    until: Annotated[str, typer.Option("--until", help="暂缓执行届满之日，例如 2026-12-31")] = "",
    attach: Papers = [],  # noqa: B006  typer reads it as "none given"
) -> None:
    """Pause the work."""
    papers, code = [Paper.parse(each) for each in attach], code_of("suspension", reason)

    async def step(client: Client, which: str) -> ActionReceipt:
        documents = await upload(client, which, papers)
        return await client.instructions.suspend(which, code, text, documents, until)

    take_step(ctx, matter, Action.SUSPEND, step)


@app.command(help="恢复办理，期限按暂停的时间顺延")
def resume(ctx: typer.Context, matter: Matter, text: Text = "", attach: Papers = []) -> None:  # noqa: B006  typer reads it as "none given"
    """Let paused work go on."""
    papers = [Paper.parse(each) for each in attach]

    async def step(client: Client, which: str) -> ActionReceipt:
        return await client.instructions.resume(which, text, await upload(client, which, papers))

    take_step(ctx, matter, Action.RESUME, step)


@app.command(help="案件状态变更：告知受托法院，并可同时选择如何处理")
def case_status(
    ctx: typer.Context,
    matter: Matter,
    status: Annotated[str, typer.Option("--status", help="、".join(each.zh for each in CaseStatusChange))],
    choice: Annotated[str, typer.Option("--then", help="、".join(each.zh for each in CaseChoice))] = "",
    reason: Annotated[str, typer.Option("--reason", help="选择停止或暂停的，填规则库中的原因")] = "",
    court: Annotated[
        str, typer.Option("--court", help=f"选择{CaseChoice.TRANSFER.zh}的，填案件现由哪个法院办理")
    ] = "",
    text: Text = "",
) -> None:
    """Tell what became of the case."""
    changed = cast(StatusName, identifier(CaseStatusChange, status))
    chosen = cast(ChoiceName, identifier(CaseChoice, choice) if choice else "")
    table = "stop" if chosen == CaseChoice.STOP else "suspension"
    take_step(
        ctx,
        matter,
        Action.CHANGE_CASE_STATUS,
        lambda client, which: client.instructions.change_case_status(
            which, changed, chosen, code_of(table, reason), text, court=court
        ),
    )


@app.command(help="案件状态变更后继续办理")
def case_continue(ctx: typer.Context, matter: Matter, text: Why) -> None:
    """Let the work go on after a change of the case."""
    take_step(
        ctx,
        matter,
        Action.CONTINUE_CASE,
        lambda client, which: client.instructions.continue_case(which, text),
    )


@app.command(help=Action.GRANT_EXTENSION.zh)
def extend_grant(
    ctx: typer.Context,
    matter: Matter,
    until: Annotated[str, typer.Option("--until", help="延至哪一天，如 2026-12-01；不填为所申请的日期")] = "",
    text: Text = "",
) -> None:
    """Grant more time."""
    take_step(
        ctx,
        matter,
        Action.GRANT_EXTENSION,
        lambda client, which: client.instructions.grant_extension(which, until, text),
    )


@app.command(help=Action.REFUSE_EXTENSION.zh)
def extend_refuse(ctx: typer.Context, matter: Matter, text: Why) -> None:
    """Grant no more time."""
    take_step(
        ctx,
        matter,
        Action.REFUSE_EXTENSION,
        lambda client, which: client.instructions.refuse_extension(which, text),
    )


@app.command(help="催办：提醒受托法院指挥中心")
def nudge(ctx: typer.Context, matter: Matter, text: Text = "") -> None:
    """Urge the receiver."""
    take_step(ctx, matter, Action.NUDGE, lambda client, which: client.instructions.nudge(which, text))


@app.command(help="承办人不能确认的，由指挥中心主任代为确认")
def confirm_for(ctx: typer.Context, matter: Matter, reason: Reason, text: Text = "") -> None:
    """Accept the result in place of the officer."""
    code = code_of("confirm_for", reason)
    take_step(
        ctx,
        matter,
        Action.CONFIRM_FOR,
        lambda client, which: client.instructions.confirm_for(which, code, text),
    )


@app.command(help="评价办理情况，只能评价一次")
def evaluate(
    ctx: typer.Context,
    matter: Matter,
    grade: Annotated[str, typer.Option("--grade", help="规则库中的评价，如 满意、基本满意、不满意")],
    text: Text = "",
) -> None:
    """Say how good the work was."""
    code = code_of("grade", grade)
    take_step(
        ctx,
        matter,
        Action.EVALUATE,
        lambda client, which: client.instructions.evaluate(which, code, text),
    )


@app.command(help="投诉受托法院，由共同上级处理")
def complain(
    ctx: typer.Context,
    matter: Matter,
    reason: Reason,
    text: Why,
    attach: Papers = [],  # noqa: B006  typer reads it as "none given"
) -> None:
    """Complain of the receiver."""
    papers, code = [Paper.parse(each) for each in attach], code_of("complaint", reason)

    async def step(client: Client, which: str) -> ActionReceipt:
        return await client.instructions.complain(which, code, text, await upload(client, which, papers))

    take_step(ctx, matter, Action.COMPLAIN, step)


@app.command(help="答复转普通的申请")
def rule_urgency(
    ctx: typer.Context,
    matter: Matter,
    ordinary: Annotated[bool, typer.Option("--ordinary/--urgent", help="转为普通，或者仍为紧急")],
    text: Text = "",
) -> None:
    """Answer a request to treat the matter as ordinary."""
    take_step(
        ctx,
        matter,
        Action.RULE_ON_URGENCY,
        lambda client, which: client.instructions.rule_on_urgency(which, ordinary=ordinary, text=text),
    )


@app.command(help="改派后确认按新受托法院重新制作的函")
def confirm_letter(
    ctx: typer.Context,
    matter: Matter,
    paper: Annotated[
        list[str], typer.Option("--paper", metavar="类型=文件", help="例如 委托函=新委托函.pdf；可重复")
    ],
    text: Text = "",
) -> None:
    """Bring the letter made anew."""
    papers = [Paper.parse(each) for each in paper]

    async def step(client: Client, which: str) -> ActionReceipt:
        return await client.instructions.confirm_letter(which, await upload(client, which, papers), text)

    take_step(ctx, matter, Action.CONFIRM_LETTER, step)
