"""Who the program acts as."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from xiezhi_client.cli.profile import Profile
from xiezhi_client.cli.run import Run, run_of
from xiezhi_client.people.before import told_of_before
from xiezhi_client.sdk import SECOND_FACTOR_REQUIRED, Me, NotAllowed, SignedIn, connect
from xiezhi_client.typed.words import words
from xiezhi_domain.terms import Role

app = typer.Typer()


@app.command(help="登录本院节点或中院平台，并记住登录")
def login(
    ctx: typer.Context,
    user: Annotated[str, typer.Option("--user", help="登录名")] = "",
    address: Annotated[str, typer.Option("--address", help="服务器地址，如 node.court:8443")] = "",
    ca: Annotated[
        Path | None, typer.Option("--ca", exists=True, dir_okay=False, help="根证书文件（PEM）")
    ] = None,
    token: Annotated[bool, typer.Option("--token", help="程序登录：输入接口令牌，不输入密码")] = False,
    stdin: Annotated[bool, typer.Option("--stdin", help="从标准输入读取密码或令牌")] = False,
) -> None:
    """Sign in and remember it in the profile."""
    run = run_of(ctx)
    known = run.profile
    place = Profile(
        address or known.address or typer.prompt("服务器地址"),
        str((ca or Path(known.ca_certificate or typer.prompt("根证书文件"))).resolve()),
    )
    if token:
        me, before = _with_token(run, place, _secret("接口令牌", stdin=stdin)), ""
    else:
        signed_in = _with_password(run, place, user or typer.prompt("登录名"), _secret("密码", stdin=stdin))
        me, before = Me(account=signed_in.account, court=signed_in.court), told_of_before(signed_in)
    _show(run, me)
    if before:
        run.screen.say(before)
    if me.account is not None and me.account.must_change_password:
        run.screen.say("您使用的是初始密码，请先修改：xiezhi password")


@app.command(help="退出登录，忘记本机保存的登录")
def logout(ctx: typer.Context) -> None:
    """End the session and forget its token."""
    run = run_of(ctx)
    profile = run.profile
    try:
        if profile.token:
            run.online(lambda client: client.sign_out())
    finally:
        Profile(profile.address, profile.ca_certificate).save(run.profile_path)
    run.screen.data({"signed_out": True})
    run.screen.say("已退出登录")


@app.command(help="查看当前登录的是谁")
def whoami(ctx: typer.Context) -> None:
    """Show who the profile's token belongs to."""
    run = run_of(ctx)
    _show(run, run.online(lambda client: client.accounts.me()))


def _with_password(run: Run, place: Profile, user: str, password: str) -> SignedIn:
    async def work() -> SignedIn:
        async with connect(place.address, place.ca_certificate) as client:
            try:
                return await client.sign_in(user, password, run.code)
            except NotAllowed as error:
                if error.reason != SECOND_FACTOR_REQUIRED:
                    raise
                code = await run.asked_code()
                if not code:
                    raise
                return await client.sign_in(user, password, code)

    signed_in = asyncio.run(work())
    Profile(place.address, place.ca_certificate, signed_in.session_token).save(run.profile_path)
    return signed_in


def _with_token(run: Run, place: Profile, token: str) -> Me:
    async def work() -> Me:
        async with connect(place.address, place.ca_certificate, token) as client:
            return await client.accounts.me()

    me = asyncio.run(work())
    Profile(place.address, place.ca_certificate, token).save(run.profile_path)
    return me


def _secret(name: str, *, stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt(name, hide_input=True))


def _show(run: Run, me: Me) -> None:
    run.screen.data(me)
    if me.account is not None:
        name = me.account.officer.name if me.account.officer else me.account.login
        run.screen.say(f"{me.court} {name}（{me.account.login}）：{words(Role, me.account.roles)}")
