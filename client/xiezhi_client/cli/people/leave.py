"""`xiezhi leave`: leave, substitution, hand-over."""

from typing import Annotated

import typer

from xiezhi_client.cli.people.passwords import account_of
from xiezhi_client.cli.run import run_of
from xiezhi_client.sdk import Client, HandOverResult, Leave, Owned
from xiezhi_client.typed.words import kind_word, word
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import State

app = typer.Typer(no_args_is_help=True)

Person = Annotated[str, typer.Option("--of", help="请假人的登录名；不填为本人")]


@app.command(help="登记请假；超过一天须先指定代理人")
def enter(
    ctx: typer.Context,
    first: Annotated[str, typer.Option("--from", help="起始日，如 2026-11-23")],
    last: Annotated[str, typer.Option("--to", help="截止日")],
    reason: Annotated[str, typer.Option("--reason", help="事由")],
    substitute: Annotated[str, typer.Option("--substitute", help="代理人的登录名")] = "",
    of: Person = "",
) -> None:
    """Enter a leave."""
    run = run_of(ctx)

    async def work(client: Client) -> Leave:
        away = (await account_of(client, of)).account_id if of else ""
        return await client.leaves.enter(first, last, reason, account_id=away, substitute_id=substitute)

    leave = run.online(work)
    run.screen.data(leave)
    by = f"，由{leave.substitute_name}代理" if leave.substitute_name else ""
    run.screen.say(f"已登记：{leave.name} {leave.first_day} 至 {leave.last_day}{by}（{leave.leave_id}）")


@app.command(help="提前结束请假，代理随即结束")
def end(ctx: typer.Context, leave_id: Annotated[str, typer.Argument(metavar="请假标识")]) -> None:
    """End a leave."""
    run = run_of(ctx)
    run.online(lambda client: client.leaves.end(leave_id))
    run.screen.data({"ended": leave_id})
    run.screen.say("已结束")


@app.command("list", help="查看未结束的请假和代理")
def list_leaves(ctx: typer.Context) -> None:
    """List the leaves that are not over."""
    run = run_of(ctx)
    found = run.online(lambda client: client.leaves.list())
    run.screen.data(found)
    rows = [
        (each.name, each.first_day, each.last_day, each.substitute_name, each.current, each.leave_id)
        for each in found
    ]
    run.screen.table("", ("请假人", "起", "止", "代理人", "当前", "标识"), rows)


@app.command(help="查看某人名下的未结事项")
def owned(ctx: typer.Context, login: Annotated[str, typer.Argument(metavar="登录名")]) -> None:
    """List the open matters that a person owns."""
    run = run_of(ctx)

    async def work(client: Client) -> Owned:
        return await client.leaves.owned((await account_of(client, login)).account_id)

    found = run.online(work)
    run.screen.data(found)
    rows = [
        (each.matter_number, kind_word(each.kind), word(State, each.state), each.due_at)
        for each in found.matters
    ]
    run.screen.table("", ("编号", "类型", "状态", "到期"), rows)
    run.screen.say(f"共 {len(found.matters)} 件，另有台账登记 {len(found.outside_ids)} 件")


@app.command(help="移交某人名下的未结事项；不指定接手人时由操作的主任承办")
def handover(
    ctx: typer.Context,
    login: Annotated[str, typer.Argument(metavar="登录名")],
    reason: Annotated[str, typer.Option("--reason", help="原因，如 离职或退休")],
    to: Annotated[str, typer.Option("--to", help="接手人的登录名")] = "",
) -> None:
    """Hand a person's open matters over."""
    run = run_of(ctx)
    code = _reason(reason)

    async def work(client: Client) -> tuple[HandOverResult, ...]:
        giver = (await account_of(client, login)).account_id
        taker = (await account_of(client, to)).account_id if to else ""
        return await client.leaves.hand_over(giver, code, successor_id=taker)

    results = run.online(work)
    run.screen.data(results)
    failed = [each for each in results if not each.done]
    run.screen.say(f"已移交 {len(results) - len(failed)} 件；{len(failed)} 件未移交")
    if failed:
        rows = [(each.matter_number or each.matter_id, each.message) for each in failed]
        run.screen.table("未移交", ("事项", "原因"), rows)
        raise typer.Exit(1)


def _reason(text: str) -> str:
    """Give the code of a reason typed in words or as a code. Raise `typer.BadParameter`."""
    reasons = shipped_rulebook().reasons("officer")
    codes = {word: code for code, word in reasons.items()} | {code: code for code in reasons}
    if text.strip() not in codes:
        raise typer.BadParameter(f"原因应为：{'、'.join(reasons.values())}")
    return codes[text.strip()]
