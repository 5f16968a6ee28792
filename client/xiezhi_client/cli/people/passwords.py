"""`xiezhi password`, and what an administrator does to accounts: reset, disable, enable."""

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

import typer

from xiezhi_client.cli.run import Run, run_of
from xiezhi_client.sdk import Account, Client, InvalidInput, NotFound

app = typer.Typer()
"""Commands that stand alone."""

Login = Annotated[str, typer.Argument(metavar="登录名")]
KeepPassword = Annotated[bool, typer.Option("--keep-password", help="本人不必先修改此密码，如程序使用的")]
Stdin = Annotated[bool, typer.Option("--stdin", help="从标准输入读取密码，每行一个")]


@app.command("password", help="修改自己的密码；其他登录随即失效")
def change(ctx: typer.Context, stdin: Stdin = False) -> None:
    """Change the caller's password."""
    run = run_of(ctx)
    old = _secret("原密码", stdin=stdin)
    new = _new_secret(stdin=stdin)
    run.online(lambda client: client.accounts.change_password(old, new))
    run.screen.data({"changed": True})
    run.screen.say("密码已修改")


def add_to(accounts: typer.Typer) -> None:
    """Add the administrator's commands to `xiezhi account`."""
    accounts.command("reset-password", help="为他人重设密码；其登录随即失效")(reset)
    accounts.command("disable", help="停用账号；其登录随即失效")(disable)
    accounts.command("enable", help="启用账号")(enable)


def reset(ctx: typer.Context, login: Login, stdin: Stdin = False, keep: KeepPassword = False) -> None:
    """Set a new password for somebody."""
    run = run_of(ctx)
    password = _new_secret(stdin=stdin)
    _update(
        run, login, lambda account: replace(account, must_change_password=not keep), password, "已重设密码"
    )


def disable(ctx: typer.Context, login: Login) -> None:
    """Keep somebody from signing in."""
    _update(run_of(ctx), login, lambda account: replace(account, disabled=True), "", "已停用")


def enable(ctx: typer.Context, login: Login) -> None:
    """Let somebody sign in again."""
    _update(run_of(ctx), login, lambda account: replace(account, disabled=False), "", "已启用")


async def account_of(client: Client, login: str) -> Account:
    """Give the account with this login. Raise `NotFound`."""
    wanted = login.strip().casefold()
    for account in await client.accounts.list():
        if account.login == wanted:
            return account
    raise NotFound("UNKNOWN_ACCOUNT", f"找不到该账号，请核对：{login}")


def _update(run: Run, login: str, change: Callable[[Account], Account], password: str, done: str) -> None:
    async def work(client: Client) -> Account:
        changed = change(await account_of(client, login))
        return await client.accounts.update(changed, new_password=password)

    account = run.online(work)
    run.screen.data(account)
    run.screen.say(f"{done}：{account.login}")


def _secret(what: str, *, stdin: bool) -> str:
    if not stdin:
        return str(typer.prompt(what, hide_input=True))
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise InvalidInput.in_field("password", f"标准输入中没有{what}")
    return line


def _new_secret(*, stdin: bool) -> str:
    if stdin:
        return _secret("新密码", stdin=True)
    return str(typer.prompt("新密码", hide_input=True, confirmation_prompt=True))
