"""`xiezhi account log`: who signed in, and what was done to accounts."""

from typing import Annotated

import typer

from xiezhi_client.cli.run import run_of
from xiezhi_client.sdk import AccountEvent, Client
from xiezhi_client.typed.words import word
from xiezhi_domain.terms import AccountEventKind


def add_to(accounts: typer.Typer) -> None:
    """Add the command to `xiezhi account`."""
    accounts.command("log", help="账号日志：默认本账号的；系统管理员、审计员可看他人或全部的")(log)


def log(
    ctx: typer.Context,
    login: Annotated[str, typer.Argument(metavar="[登录名]")] = "",
    everybody: Annotated[bool, typer.Option("--all", help="本院全部账号的")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="最多多少条")] = 50,
) -> None:
    """Show the last entries."""
    run = run_of(ctx)

    async def work(client: Client) -> list[AccountEvent]:
        found: list[AccountEvent] = []
        token = ""
        while len(found) < limit:
            page = await client.account_journal.page(
                login, everybody=everybody, page_size=min(limit, 500), page_token=token
            )
            found += page.events
            token = page.next_page_token
            if not token:
                break
        return found[:limit]

    found = run.online(work)
    run.screen.data(found)
    run.screen.table("", ("时间", "账号", "事项", "操作人", "来源地址", "详情"), map(_row, found))


def _row(event: AccountEvent) -> tuple[object, ...]:
    whose = f"{event.name}（{event.login}）" if event.login else "（没有此账号）"
    return event.at, whose, word(AccountEventKind, event.kind), event.by_name, event.address, event.detail
