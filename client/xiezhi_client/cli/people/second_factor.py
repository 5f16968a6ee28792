"""`xiezhi second-factor`: one-time codes of an app on the phone beside the password."""

import sys
from typing import Annotated

import segno
import typer

from xiezhi_client.cli.people.passwords import account_of
from xiezhi_client.cli.run import CODE, Run, run_of
from xiezhi_client.sdk import Client, InvalidInput

app = typer.Typer(no_args_is_help=True)

Stdin = Annotated[bool, typer.Option("--stdin", help="从标准输入读取密码、动态口令，每行一个")]


def add_to(accounts: typer.Typer) -> None:
    """Add the administrator's command to `xiezhi account`."""
    accounts.command("reset-second-factor", help="为丢失手机和恢复码的人解除动态口令")(reset)


@app.command(help="查看是否已绑定，本院是否要求")
def show(ctx: typer.Context) -> None:
    """Show how it stands with the caller."""
    run = run_of(ctx)
    found = run.online(lambda client: client.second_factor.get())
    run.screen.data(found)
    demanded = f"要求，{found.minutes} 分钟内有效" if found.demanded else "不要求"
    left = f"{found.recovery_codes_left} 个" if found.set_at else ""
    run.screen.pairs("", {"绑定时间": found.set_at or "尚未绑定", "剩余恢复码": left, "审批、签章": demanded})


@app.command("set", help="绑定动态口令：显示二维码，用手机上的身份验证器扫描")
def set_up(ctx: typer.Context, stdin: Stdin = False) -> None:
    """Set a second factor; asks for a first code once the QR code is on the screen."""
    run = run_of(ctx)
    password = _asked("密码", stdin=stdin, hidden=True)
    begun = run.online(lambda client: client.second_factor.begin(password))
    if not run.screen.as_json:
        segno.make(begun.uri, micro=False).terminal(compact=True)
    else:
        run.screen.line(begun)
    run.screen.say(f"不能扫描时，请在身份验证器中手工输入密钥：{begun.secret}")
    code = _code(run, stdin=stdin)
    recovery = run.online(lambda client: client.second_factor.finish(code))
    run.screen.line({"recovery_codes": list(recovery)})
    run.screen.say("动态口令已绑定。恢复码每个可用一次，请抄写后妥善保管，不再显示：\n" + "\n".join(recovery))


@app.command(help="验证一次，此后一段时间内审批、签章不再询问")
def confirm(ctx: typer.Context, stdin: Stdin = False) -> None:
    """Show it again for approvals and seals."""
    run = run_of(ctx)
    code = _code(run, stdin=stdin)
    until = run.online(lambda client: client.second_factor.confirm(code))
    run.screen.data({"confirmed_until": until.isoformat()})
    run.screen.say("已验证")


@app.command(help="解除自己的动态口令，例如更换手机")
def remove(ctx: typer.Context, stdin: Stdin = False) -> None:
    """Remove the caller's own."""
    run = run_of(ctx)
    password = _asked("密码", stdin=stdin, hidden=True)
    code = _code(run, stdin=stdin)
    run.online(lambda client: client.second_factor.remove(password, code))
    run.screen.data({"removed": True})
    run.screen.say("动态口令已解除")


def reset(ctx: typer.Context, login: Annotated[str, typer.Argument(metavar="登录名")]) -> None:
    """Remove that of somebody else."""
    run = run_of(ctx)

    async def work(client: Client) -> None:
        await client.second_factor.reset((await account_of(client, login)).account_id)

    run.online(work)
    run.screen.data({"removed": True})
    run.screen.say(f"已解除动态口令：{login}")


def _code(run: Run, *, stdin: bool) -> str:
    return run.code or _asked(CODE, stdin=stdin, hidden=False)


def _asked(what: str, *, stdin: bool, hidden: bool) -> str:
    if not stdin:
        return str(typer.prompt(what, hide_input=hidden))
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise InvalidInput.in_field("password", f"标准输入中没有{what}")
    return line
