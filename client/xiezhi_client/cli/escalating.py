"""The ladder against late courts, outages and calendars; the profile has to name the hub."""

from pathlib import Path
from typing import Annotated, cast

import typer

from xiezhi_client.cli.arguments import parse_time
from xiezhi_client.cli.run import Run, run_of
from xiezhi_client.sdk import CalendarDay, Client, Deadline, Proposal, WorkingHours
from xiezhi_client.sdk.vocabulary import OutageReason as OutageName
from xiezhi_client.sdk.vocabulary import ProposalDecision as DecisionName
from xiezhi_client.typed.words import identifier, word
from xiezhi_domain.plain_values import read_toml
from xiezhi_domain.terms import OutageReason, ProposalDecision, Rung

app = typer.Typer()
_COLUMNS = ("序号", "事项", "期限", "责任法院", "届满", "建议", "应采取时间")
CourtOption = Annotated[str, typer.Option("--court", help="只看某责任法院")]
RulesFile = Annotated[
    Path | None, typer.Option("--rules", exists=True, dir_okay=False, help="督办规则文件（TOML）")
]


@app.command(help="系统建议、由人决定的督办步骤；--decide 记录决定")
def proposals(
    ctx: typer.Context,
    court: CourtOption = "",
    decide: Annotated[str, typer.Option("--decide", metavar="序号=决定", help="例如 1=已采取")] = "",
) -> None:
    """List proposals, or note a decision on one of them."""
    run = run_of(ctx)
    number, _, chosen = decide.partition("=")
    decision = cast(DecisionName, identifier(ProposalDecision, chosen)) if decide else ""

    async def work(client: Client) -> tuple[Proposal, ...]:
        found = await client.escalation.proposals(court, page_size=500)
        if decision:
            if not number.strip().isdecimal() or not 0 < int(number) <= len(found):
                raise typer.BadParameter(f"没有第 {number} 项建议")
            await client.escalation.decide(found[int(number) - 1], decision)
        return found

    found = run.online(work)
    run.screen.data(found)
    _show(run, found)


@app.command(help="试算：规则在过去一段时间会采取哪些步骤，不产生任何效果")
def dry_run(
    ctx: typer.Context,
    since: Annotated[str, typer.Option("--since", help="起，例如 2026-11-01 00:00")],
    until: Annotated[str, typer.Option("--until", help="止")],
    rules: RulesFile = None,
    court: CourtOption = "",
) -> None:
    """Tell what rules would have done."""
    run = run_of(ctx)
    content = rules.read_text(encoding="utf-8") if rules else ""
    start, end = parse_time(since), parse_time(until)
    found = run.online(lambda client: client.escalation.dry_run(start, end, content=content, court=court))
    run.screen.data(found)
    _show(run, found.climbed)
    if found.truncated:
        run.screen.say("结果较多，未全部列出，请缩短时间段")


@app.command(help="督办规则：查看；--set 启用新版本")
def rules(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Option("--set", exists=True, dir_okay=False, help="新规则文件（TOML）")
    ] = None,
) -> None:
    """Show the rules in force, or put new ones in force."""
    run = run_of(ctx)
    if file is not None:
        content = file.read_text(encoding="utf-8")
        version = run.online(lambda client: client.escalation.set_rules(content))
        run.screen.say(f"第 {version} 版已启用")
        return
    found = run.online(lambda client: client.escalation.rules())
    run.screen.data(found)
    run.screen.say(f"第 {found.version} 版\n{found.content}")


@app.command(help="登记通信故障，顺延该院期限")
def outage(
    ctx: typer.Context,
    court: Annotated[str, typer.Argument(metavar="法院")],
    since: Annotated[str, typer.Option("--since", help="起，例如 2026-11-20 09:00")],
    until: Annotated[str, typer.Option("--until", help="止")],
    reason: Annotated[str, typer.Option("--reason", help="原因，例如 停电")],
) -> None:
    """Record an outage."""
    run = run_of(ctx)
    why = cast(OutageName, identifier(OutageReason, reason))
    start, end = parse_time(since), parse_time(until)
    done = run.online(lambda client: client.escalation.record_outage(court, start, end, why))
    run.screen.data(done)
    run.screen.say(f"已登记，顺延期限 {done.moved} 项；日志事件 {done.event_id}")


@app.command(help="导入某年度放假调休安排（TOML：year、source、free、work，需要时另写 [hours]）")
def calendar(ctx: typer.Context, file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Publish the arrangement of a year."""
    run = run_of(ctx)
    try:
        told = read_toml(file.read_text(encoding="utf-8"))
        days = [CalendarDay(day=str(day)) for day in told["free"]]
        days += [CalendarDay(day=str(day), is_workday=True) for day in told["work"]]
        year, source = int(told["year"]), str(told["source"])
        hours = WorkingHours.from_plain(told["hours"], "hours") if "hours" in told else None
    except (KeyError, TypeError, ValueError) as error:
        raise typer.BadParameter(f"{file.name} 应写明 year、source、free、work：{error}") from None
    done = run.online(lambda client: client.escalation.publish_calendar(year, days, source, hours))
    run.screen.data(done)
    run.screen.say(f"{year} 年安排已发布，变动期限 {done.moved} 项；日志事件 {done.event_id}")


def _show(run: Run, found: tuple[Proposal, ...]) -> None:
    rows = []
    for number, each in enumerate(found, 1):
        deadline = each.deadline or Deadline()
        name, limit = deadline.matter_number, deadline.title
        rung = word(Rung, each.rung)
        rows.append((number, name, limit, deadline.owner, deadline.due_at, rung, each.planned_at))
    run.screen.table("", _COLUMNS, rows)
