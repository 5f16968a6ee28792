"""What an administrator does to identities with `xiezhi account`: show, bind and unbind."""

from typing import Annotated

import typer

from xiezhi_client.cli.people.passwords import account_of
from xiezhi_client.cli.run import run_of
from xiezhi_client.sdk import Client, Identity

Login = Annotated[str, typer.Argument(metavar="登录名")]
Subject = Annotated[str, typer.Argument(metavar="统一身份标识", help="统一身份认证平台对该人的标识")]


def add_to(accounts: typer.Typer) -> None:
    """Add the commands to `xiezhi account`."""
    accounts.command("identity", help="查看账号绑定的统一身份")(show)
    accounts.command("bind-identity", help="为账号绑定统一身份；其登录随即失效")(bind)
    accounts.command("unbind-identity", help="解除账号的统一身份绑定；其登录随即失效")(unbind)


def show(ctx: typer.Context, login: Login) -> None:
    """Show what an account is bound to."""
    run = run_of(ctx)

    async def work(client: Client) -> Identity:
        return await client.identities.get((await account_of(client, login)).account_id)

    found = run.online(work)
    run.screen.data(found)
    run.screen.say(f"{found.subject}（{found.issuer}）" if found.subject else "尚未绑定")


def bind(ctx: typer.Context, login: Login, subject: Subject) -> None:
    """Bind an account."""
    run = run_of(ctx)

    async def work(client: Client) -> None:
        await client.identities.bind((await account_of(client, login)).account_id, subject)

    run.online(work)
    run.screen.data({"bound": login})
    run.screen.say("统一身份已绑定")


def unbind(ctx: typer.Context, login: Login) -> None:
    """Unbind an account."""
    run = run_of(ctx)

    async def work(client: Client) -> None:
        await client.identities.unbind((await account_of(client, login)).account_id)

    run.online(work)
    run.screen.data({"unbound": login})
    run.screen.say("统一身份已解除绑定")
