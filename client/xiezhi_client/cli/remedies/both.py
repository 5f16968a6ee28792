"""Remedies of both courts: calls, people who change, disputes."""

from typing import Annotated

import typer

from xiezhi_client.cli.arguments import Matter, Papers, Text, parse_time
from xiezhi_client.cli.receiving import account_id
from xiezhi_client.cli.remedies.options import Reason, Why
from xiezhi_client.cli.run import take_step
from xiezhi_client.sdk import ActionReceipt, Client, Officer
from xiezhi_client.typed.papers import Paper, upload
from xiezhi_client.typed.reasons import code_of
from xiezhi_domain.terms import Action

app = typer.Typer()

Successor = Annotated[str, typer.Option("--to", help="接手人的登录名、姓名或账号标识")]


@app.command(help="电话登记：紧急事项先打电话，记明对方的承诺")
def call(
    ctx: typer.Context,
    matter: Matter,
    name: Annotated[str, typer.Option("--name", help="对方姓名")],
    phone: Annotated[str, typer.Option("--phone", help="所拨电话")],
    text: Annotated[str, typer.Option("--text", help="通话内容和对方的承诺")],
    at: Annotated[str, typer.Option("--at", help="通话时间，如 2026-01-05 09:30；不填为现在")] = "",
    promised: Annotated[str, typer.Option("--promised", help="对方承诺的时间，写法同上")] = "",
) -> None:
    """Record a call and what was promised."""
    counterpart = Officer(name=name, phone=phone)
    called_at = parse_time(at) if at else None
    promised_at = parse_time(promised) if promised else None
    take_step(
        ctx,
        matter,
        Action.LOG_CALL,
        lambda client, which: client.instructions.log_call(which, counterpart, text, called_at, promised_at),
    )


@app.command(help="承办人变更，对方法院随即知悉")
def change_officer(
    ctx: typer.Context,
    matter: Matter,
    to: Successor,
    reason: Reason,
    text: Text = "",
    attach: Papers = [],  # noqa: B006  typer reads it as "none given"
) -> None:
    """Give the matter to another officer."""
    papers, code = [Paper.parse(each) for each in attach], code_of("officer", reason)

    async def step(client: Client, which: str) -> ActionReceipt:
        documents = await upload(client, which, papers)
        return await client.instructions.change_officer(
            which, await account_id(client, to), code, text, documents
        )

    take_step(ctx, matter, Action.CHANGE_OFFICER, step)


@app.command(help="本人回避，此后不得再办理该事项")
def recuse(ctx: typer.Context, matter: Matter, text: Why, to: Successor = "") -> None:
    """Withdraw from the matter."""

    async def step(client: Client, which: str) -> ActionReceipt:
        successor = await account_id(client, to) if to else ""
        return await client.instructions.recuse(which, text, successor)

    take_step(ctx, matter, Action.RECUSE, step)


@app.command(help="第二次退回重办之后，报请共同上级处理")
def escalate(
    ctx: typer.Context,
    matter: Matter,
    text: Why,
    attach: Papers = [],  # noqa: B006  typer reads it as "none given"
) -> None:
    """Ask the common superior."""
    papers = [Paper.parse(each) for each in attach]

    async def step(client: Client, which: str) -> ActionReceipt:
        return await client.instructions.escalate(which, text, await upload(client, which, papers))

    take_step(ctx, matter, Action.ESCALATE, step)
