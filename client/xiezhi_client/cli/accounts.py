"""Accounts of the court and tokens for its programs."""

import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated, cast

import typer

from xiezhi_client.cli.people.passwords import KeepPassword
from xiezhi_client.cli.run import run_of
from xiezhi_client.sdk import Account, Client, NewApiToken, NotFound, Officer
from xiezhi_client.sdk.vocabulary import Role as RoleName
from xiezhi_client.typed.words import identifier, words
from xiezhi_domain.terms import Role

app = typer.Typer(no_args_is_help=True)

Roles = Annotated[list[str], typer.Option("--role", help="岗位，如 承办法官；可重复")]


@app.command(help="新建账号")
def create(
    ctx: typer.Context,
    login: Annotated[str, typer.Argument(metavar="登录名")],
    name: Annotated[str, typer.Option("--name", help="姓名")],
    role: Roles,
    phone: Annotated[str, typer.Option("--phone", help="办公电话")] = "",
    stdin: Annotated[bool, typer.Option("--stdin", help="从标准输入读取初始密码")] = False,
    keep: KeepPassword = False,
) -> None:
    """Make an account with a first password."""
    run = run_of(ctx)
    account = Account(
        login=login,
        officer=Officer(name=name, phone=phone),
        roles=_roles(role),
        must_change_password=not keep,
    )
    if stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = str(typer.prompt("初始密码", hide_input=True, confirmation_prompt=True))
    made = run.online(lambda client: client.accounts.create(account, password))
    run.screen.data(made)
    run.screen.say(f"已新建账号 {made.login}（{made.account_id}）")


@app.command("list", help="列出本院账号")
def list_accounts(
    ctx: typer.Context, role: Annotated[str, typer.Option("--role", help="只看某岗位")] = ""
) -> None:
    """List accounts by name."""
    run = run_of(ctx)
    wanted = _roles([role])[0] if role else ""
    found = run.online(lambda client: client.accounts.list(wanted))
    run.screen.data(found)
    rows = [
        (
            each.login,
            each.officer.name if each.officer else "",
            words(Role, each.roles),
            each.disabled,
            each.account_id,
        )
        for each in found
    ]
    run.screen.table("", ("登录名", "姓名", "岗位", "停用", "标识"), rows)


@app.command(help="为程序签发接口令牌，只显示一次")
def token(
    ctx: typer.Context,
    login: Annotated[str, typer.Argument(metavar="登录名", help="程序的账号")],
    label: Annotated[str, typer.Option("--label", help="用途")],
    role: Roles,
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="有效天数")] = 90,
    may_approve: Annotated[
        bool, typer.Option("--may-approve", help="本院要求审批、签章验证动态口令时，仍可审批、签章")
    ] = False,
) -> None:
    """Make a token for a program's account."""
    run = run_of(ctx)
    expires_at = datetime.now(UTC) + timedelta(days=days)

    async def work(client: Client) -> NewApiToken:
        owner = next((each for each in await client.accounts.list() if each.login == login), None)
        if owner is None:
            raise NotFound("UNKNOWN_ACCOUNT", f"找不到该账号，请核对：{login}")
        return await client.accounts.create_token(
            owner.account_id, _roles(role), expires_at, label, may_approve=may_approve
        )

    made = run.online(work)
    run.screen.data(made)
    run.screen.say(f"令牌（请立即妥善保存，不再显示）：\n{made.token}\n令牌标识：{made.token_id}")


def _roles(names: list[str]) -> tuple[RoleName, ...]:
    return tuple(cast(RoleName, identifier(Role, name)) for name in names)
