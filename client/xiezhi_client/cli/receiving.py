"""The receiver's steps: sign, assign, report, complete, return."""

from typing import Annotated

import typer

from xiezhi_client.cli.arguments import Matter, OutcomeFile, Outcomes, Papers, Text, parse_outcomes
from xiezhi_client.cli.run import is_id, take_step
from xiezhi_client.sdk import ActionReceipt, Client, NotFound, Officer
from xiezhi_client.typed.papers import Paper, upload
from xiezhi_domain.terms import Action

app = typer.Typer()

Required = Annotated[str, typer.Option("--text", help="文字说明，必填")]
Reason = Annotated[str, typer.Option("--reason", help="理由")]


@app.command(help="签收事项")
def sign(ctx: typer.Context, matter: Matter) -> None:
    """Sign for a matter."""
    take_step(ctx, matter, Action.SIGN, lambda client, which: client.instructions.sign(which))


@app.command(help="分派承办人；尚未签收的一并签收")
def assign(
    ctx: typer.Context,
    matter: Matter,
    to: Annotated[str, typer.Option("--to", help="承办人的登录名、姓名或账号标识")],
    note: Annotated[str, typer.Option("--note", help="给承办人的话")] = "",
) -> None:
    """Assign a matter to an officer, signing for it first if need be."""

    async def step(client: Client, which: str) -> ActionReceipt:
        return await client.instructions.assign(which, await account_id(client, to), note)

    take_step(ctx, matter, Action.SIGN_AND_ASSIGN, step)


@app.command(help="把分派给自己的事项退给指挥中心")
def handback(ctx: typer.Context, matter: Matter, reason: Reason) -> None:
    """Give an assignment back."""
    take_step(
        ctx, matter, Action.HAND_BACK, lambda client, which: client.instructions.hand_back(which, reason)
    )


@app.command(help="填报办理进展")
def report(
    ctx: typer.Context,
    matter: Matter,
    text: Required,
    item: Outcomes = [],  # noqa: B006  typer reads it as "none given"
    outcomes: OutcomeFile = None,
    attach: Papers = [],  # noqa: B006  likewise
) -> None:
    """Report progress, with outcomes and papers as far as there are any."""
    results = parse_outcomes(item, outcomes)
    papers = [Paper.parse(each) for each in attach]

    async def step(client: Client, which: str) -> ActionReceipt:
        documents = await upload(client, which, papers)
        return await client.instructions.report_progress(which, text, results, documents)

    take_step(ctx, matter, Action.REPORT_PROGRESS, step)


@app.command(help="办结并反馈结果；每个办理项都应有结果")
def complete(
    ctx: typer.Context,
    matter: Matter,
    text: Required,
    item: Outcomes = [],  # noqa: B006  typer reads it as "none given"
    outcomes: OutcomeFile = None,
    attach: Papers = [],  # noqa: B006  likewise
) -> None:
    """Report that the work is done."""
    results = parse_outcomes(item, outcomes)
    papers = [Paper.parse(each) for each in attach]

    async def step(client: Client, which: str) -> ActionReceipt:
        documents = await upload(client, which, papers)
        return await client.instructions.complete(which, text, results, documents)

    take_step(ctx, matter, Action.COMPLETE, step)


@app.command("return", help="提出退回，由指挥中心主任审批")
def propose_return(
    ctx: typer.Context,
    matter: Matter,
    reason: Annotated[str, typer.Option("--reason", help="规则库中的退回原因代码，例如 DUPLICATE")],
    text: Required,
    contact: Annotated[str, typer.Option("--contact", help="本院联系人姓名")],
    phone: Annotated[str, typer.Option("--phone", help="联系人电话")],
) -> None:
    """Propose to return a matter to its sender."""
    officer = Officer(name=contact, phone=phone)
    take_step(
        ctx,
        matter,
        Action.PROPOSE_RETURN,
        lambda client, which: client.instructions.propose_return(which, reason, text, officer),
    )


@app.command(help="同意他人提出的退回")
def return_approve(ctx: typer.Context, matter: Matter, text: Text = "") -> None:
    """Approve a return that somebody else proposed."""
    take_step(
        ctx,
        matter,
        Action.APPROVE_RETURN,
        lambda client, which: client.instructions.approve_return(which, text),
    )


@app.command(help="不同意退回，继续办理")
def return_refuse(ctx: typer.Context, matter: Matter, text: Required) -> None:
    """Refuse a proposed return."""
    take_step(
        ctx,
        matter,
        Action.REFUSE_RETURN,
        lambda client, which: client.instructions.refuse_return(which, text),
    )


async def account_id(client: Client, named: str) -> str:
    """Give the account of whoever is named; by name only if nobody else has it. Raise `NotFound`."""
    if is_id(named):
        return named
    accounts = await client.accounts.list()
    for account in accounts:
        if named == account.login:
            return account.account_id
    matching = [each for each in accounts if each.officer and each.officer.name == named]
    if len(matching) != 1:
        problem = "有多人同名，请用登录名" if matching else "没有这个承办人，请核对"
        raise NotFound("UNKNOWN_ACCOUNT", f"{problem}：{named}")
    return matching[0].account_id
