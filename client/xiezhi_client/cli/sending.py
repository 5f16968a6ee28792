"""The sender's steps: hand in, approve, seal, confirm, take back."""

from typing import Annotated

import typer

from xiezhi_client.cli.arguments import Matter, Text, parse_time, split_item
from xiezhi_client.cli.receiving import account_id
from xiezhi_client.cli.run import take_step
from xiezhi_client.sdk import ActionReceipt, Client, ItemRejection
from xiezhi_domain.terms import Action

app = typer.Typer()

Opinion = Annotated[str, typer.Option("--opinion", help="审批意见")]


@app.command(help=f"{Action.SUBMIT.zh}：把草稿交给审批人")
def submit(ctx: typer.Context, matter: Matter) -> None:
    """Hand a draft in for approval."""
    take_step(ctx, matter, Action.SUBMIT, lambda client, which: client.instructions.submit(which))


@app.command(help="同意送审的事项")
def approve(ctx: typer.Context, matter: Matter, opinion: Opinion = "") -> None:
    """Approve what was handed in."""
    take_step(ctx, matter, Action.APPROVE, lambda client, which: client.instructions.approve(which, opinion))


@app.command(help="不同意送审的事项，退给起草人")
def reject(
    ctx: typer.Context, matter: Matter, opinion: Annotated[str, typer.Option("--opinion", help="理由")]
) -> None:
    """Send what was handed in back to its author."""
    take_step(
        ctx,
        matter,
        Action.REJECT_APPROVAL,
        lambda client, which: client.instructions.reject_approval(which, opinion),
    )


@app.command(help=f"{Action.RECORD_CONSENT.zh}：紧急事项的审批人口头同意的，由他人登记，先行推送")
def oral_consent(
    ctx: typer.Context,
    matter: Matter,
    approver: Annotated[str, typer.Option("--from", help="口头同意的审批人：登录名、姓名或账号标识")],
    how: Annotated[str, typer.Option("--how", help="同意的方式，例如 电话")],
    at: Annotated[str, typer.Option("--at", help="同意的时间，如 2026-01-05 21:30；不填为现在")] = "",
    opinion: Opinion = "",
) -> None:
    """Note down a consent given by word of mouth."""
    given_at = parse_time(at) if at else None

    async def step(client: Client, which: str) -> ActionReceipt:
        account = await account_id(client, approver)
        return await client.instructions.record_consent(which, account, how, opinion, given_at)

    take_step(ctx, matter, Action.RECORD_CONSENT, step)


@app.command(help=f"{Action.WRITE_CONSENT.zh}：口头同意的审批人本人补办")
def write_consent(
    ctx: typer.Context, matter: Matter, opinion: Annotated[str, typer.Option("--opinion", help="审批意见")]
) -> None:
    """Put a consent in writing."""
    take_step(
        ctx,
        matter,
        Action.WRITE_CONSENT,
        lambda client, which: client.instructions.write_consent(which, opinion),
    )


@app.command(help=f"{Action.DISCARD.zh}：起草人（或其代理人）放弃尚未送审或被审批退回的草稿，不能恢复")
def discard(
    ctx: typer.Context, matter: Matter, reason: Annotated[str, typer.Option("--reason", help="理由")] = ""
) -> None:
    """Discard a draft that was not issued."""
    take_step(ctx, matter, Action.DISCARD, lambda client, which: client.instructions.discard(which, reason))


@app.command(help="核验文书、加盖印章并推送给对方法院")
def seal(ctx: typer.Context, matter: Matter) -> None:
    """Check the papers, affix the seal and send."""
    take_step(ctx, matter, Action.AFFIX_SEAL, lambda client, which: client.instructions.affix_seal(which))


@app.command(help="在对方签收之前撤回事项")
def withdraw(
    ctx: typer.Context, matter: Matter, reason: Annotated[str, typer.Option("--reason", help="撤回理由")]
) -> None:
    """Take a matter back before it is signed for."""
    take_step(ctx, matter, Action.WITHDRAW, lambda client, which: client.instructions.withdraw(which, reason))


@app.command(help="确认对方的办理结果")
def confirm(ctx: typer.Context, matter: Matter, text: Text = "") -> None:
    """Accept the result."""
    take_step(ctx, matter, Action.CONFIRM, lambda client, which: client.instructions.confirm(which, text))


@app.command(help="不接受部分办理项的结果，退回对方重办")
def rework(
    ctx: typer.Context,
    matter: Matter,
    item: Annotated[
        list[str],
        typer.Option("--item", metavar="序号=原因代码[:说明]", help="例如 1=NOT_AS_ORDERED:未到现场；可重复"),
    ],
    text: Text = "",
) -> None:
    """Refuse the result of single items."""
    rejections = [_rejection(each) for each in item]
    take_step(
        ctx,
        matter,
        Action.REJECT_RESULT,
        lambda client, which: client.instructions.reject_result(which, rejections, text),
    )


def _rejection(text: str) -> ItemRejection:
    number, (reason, *note) = split_item(text)
    return ItemRejection(number=number, reason=reason, note=":".join(note))
