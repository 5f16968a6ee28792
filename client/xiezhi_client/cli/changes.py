"""What becomes of cases: changes recorded and listed, and what is chosen for each matter after them."""

from datetime import datetime
from typing import Annotated, cast

import typer

from xiezhi_client.cli.run import instruction_id, run_of, say_receipt
from xiezhi_client.sdk import CaseChange, ChosenForCase, Client, ConcernedInstruction, ListedCaseChange
from xiezhi_client.sdk.vocabulary import CaseChoice as ChoiceName
from xiezhi_client.sdk.vocabulary import CaseStatusChange as StatusName
from xiezhi_client.typed.reasons import code_of
from xiezhi_client.typed.words import identifier, word
from xiezhi_domain.court_time import SHANGHAI
from xiezhi_domain.terms import Action, CaseChoice, CaseStatusChange, Mark, State

Waiting = Annotated[bool, typer.Option("--waiting", help="只看尚待处理的")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to those about cases."""
    app.command(help="案件状态变更及其涉及的事项")(changes)
    app.command(help="登记办案系统没有报来的案件状态变更，并告知各未结事项的受托法院")(change)
    app.command(help="对变更涉及的一个事项选择如何处理，选定即办")(choose)


def changes(ctx: typer.Context, waiting: Waiting = False) -> None:
    """List changes of cases."""
    run = run_of(ctx)

    async def work(client: Client) -> list[ListedCaseChange]:
        return [each async for each in client.dossiers.changes(undecided_only=waiting)]

    found = run.online(work)
    run.screen.data(found)
    columns = ("变更标识", "案号", "变更", "时间", "事项", "事项状态", "处理", "期限", Mark.OVERDUE.zh)
    run.screen.table("", columns, [row for each in found for row in _change_rows(each)])


def change(
    ctx: typer.Context,
    number: Annotated[str, typer.Argument(metavar="案号")],
    status: Annotated[
        str, typer.Argument(metavar="变更", help="、".join(each.zh for each in CaseStatusChange))
    ],
    on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="变更日期，如 2026-11-20")],
    court: Annotated[str, typer.Option("--court", help="案件现由哪个法院办理，如 苏0508")] = "",
    text: Annotated[str, typer.Option("--text", help="本院工作人员须知的其他情况")] = "",
) -> None:
    """Record a change."""
    run = run_of(ctx)
    told = CaseChange(
        case_number=number,
        change=cast(StatusName, identifier(CaseStatusChange, status)),
        happened_at=on.replace(tzinfo=SHANGHAI),
        court=court,
        text=text,
    )
    change_id = run.online(lambda client: client.dossiers.record_change(told))
    run.screen.data({"change_id": change_id})
    run.screen.say(f"已登记，变更标识 {change_id}；请用 xiezhi case changes --waiting 查看涉及的事项")


def choose(
    ctx: typer.Context,
    change: Annotated[str, typer.Argument(metavar="变更标识")],
    matter: Annotated[str, typer.Argument(metavar="事项")],
    choice: Annotated[str, typer.Argument(metavar="处理", help="、".join(each.zh for each in CaseChoice))],
    reason: Annotated[
        str, typer.Option("--reason", help="停止、暂停的，填规则库中的原因，如 案件已结案")
    ] = "",
    text: Annotated[str, typer.Option("--text", help="文字说明；结案后继续办理的必填")] = "",
) -> None:
    """Do what is chosen for one matter."""
    run = run_of(ctx)
    name = cast(ChoiceName, identifier(CaseChoice, choice))
    code = code_of("stop" if name == CaseChoice.STOP else "suspension", reason)

    async def work(client: Client) -> ChosenForCase:
        which = await instruction_id(client, [matter])
        return await client.dossiers.choose(change, which, name, code, text)

    chosen = run.online(work)
    run.screen.data(chosen)
    assert chosen.receipt is not None, "the contract always says it"
    say_receipt(run.screen, Action.CHANGE_CASE_STATUS, chosen.receipt)


def _change_rows(listed: ListedCaseChange) -> list[tuple[object, ...]]:
    told = listed.change
    assert told is not None, "the contract always says it"
    head = (told.change_id, told.case_number, word(CaseStatusChange, told.change), told.happened_at)
    return [(*head, *_concerned(each)) for each in listed.instructions] or [(*head, "", "", "", None, "")]


def _concerned(each: ConcernedInstruction) -> tuple[object, ...]:
    matter = each.instruction
    number, state = (matter.matter_number, word(State, matter.state)) if matter else ("", "")
    return number, state, word(CaseChoice, each.choice), each.due_at, each.overdue
