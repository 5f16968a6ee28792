"""What `xiezhi account` does with API tokens that there are: list and revoke."""

from collections.abc import Sequence
from typing import Annotated

import typer

from xiezhi_client.cli.people.passwords import account_of
from xiezhi_client.cli.run import run_of
from xiezhi_client.sdk import ApiToken, Client
from xiezhi_client.typed.words import words
from xiezhi_domain.terms import Role


def add_to(accounts: typer.Typer) -> None:
    """Add the commands to `xiezhi account`."""
    accounts.command("tokens", help="列出接口令牌：默认本账号的；系统管理员可列出他人或全部的")(tokens)
    accounts.command("revoke-token", help="吊销接口令牌，使用它的程序随即不能调用")(revoke)


def tokens(
    ctx: typer.Context,
    login: Annotated[str, typer.Argument(metavar="[登录名]")] = "",
    everybody: Annotated[bool, typer.Option("--all", help="本院全部账号的")] = False,
) -> None:
    """List tokens."""
    run = run_of(ctx)

    async def work(client: Client) -> Sequence[ApiToken]:
        owner = (await account_of(client, login)).account_id if login else ""
        return await client.accounts.tokens(owner, everybody=everybody)

    found = run.online(work)
    run.screen.data(found)
    columns = ("用途", "岗位", "签发", "到期", "最近使用", "已吊销", "可审批签章", "令牌标识")
    run.screen.table("", columns, map(_row, found))


def revoke(ctx: typer.Context, token_id: Annotated[str, typer.Argument(metavar="令牌标识")]) -> None:
    """End a token."""
    run = run_of(ctx)
    run.online(lambda client: client.accounts.revoke_token(token_id))
    run.screen.data({"revoked": token_id})
    run.screen.say("令牌已吊销")


def _row(token: ApiToken) -> tuple[object, ...]:
    roles, used = words(Role, token.roles), token.last_used_at
    ends = (token.revoked, token.may_approve, token.token_id)
    return (token.label, roles, token.made_at, token.expires_at, used, *ends)
