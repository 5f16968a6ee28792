"""The deadlines of a matter, and what this court was told about its own."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated

import typer

from xiezhi_client.cli.run import Run, known_up_to, run_of, tell_withheld
from xiezhi_client.sdk import Client, Deadline
from xiezhi_client.typed.words import word, words
from xiezhi_domain.terms import DeadlineState, Mark, Role, Rung, TimeVerdict

app = typer.Typer()
COLUMNS = ("事项", "期限", "责任法院", "起算", "届满", "状态", "认定", "备注")


@app.command(help="事项的各项期限；法院节点上为预览，以中院平台为准")
def deadlines(ctx: typer.Context, matter: Annotated[str, typer.Argument(metavar="事项")]) -> None:
    """Show the deadlines of a matter."""
    run = run_of(ctx)
    found = run.online(lambda client: client.deadlines.of_matter(matter))
    run.screen.data(found)
    show_deadlines(run, found.deadlines)
    if found.approval_ms:
        run.screen.say(f"本院内部审批用时 {timedelta(milliseconds=found.approval_ms)}（不计入期限）")


@app.command(help="未履行的期限，先到期的在前；法院节点上平台断线时也可查看")
def due(
    ctx: typer.Context,
    court: Annotated[str, typer.Option("--court", help="只看某责任法院")] = "",
    clock: Annotated[str, typer.Option("--clock", help="只看某期限，例如 handle")] = "",
    today: Annotated[bool, typer.Option("--today", help="只看今日到期的")] = False,
    days: Annotated[int, typer.Option("--days", min=0, help="只看此后若干天内到期的")] = 0,
    overdue: Annotated[bool, typer.Option("--overdue", help="只看已届满的")] = False,
    mine: Annotated[bool, typer.Option("--mine", help="只看我办理的")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="最多几行")] = 50,
) -> None:
    """List open deadlines."""
    run = run_of(ctx)
    before = datetime.now(UTC) + timedelta(days=days) if days else None

    async def work(client: Client) -> tuple[list[Deadline], int]:
        asked = partial(
            client.deadlines.open,
            court,
            clock,
            due_before=before,
            today_only=today,
            overdue_only=overdue,
            mine_only=mine,
        )
        return await known_up_to(limit, lambda size: asked(page_size=size))

    rows, withheld = run.online(work)
    run.screen.data(rows)
    show_deadlines(run, rows)
    tell_withheld(run, withheld)


@app.command(help="本院收到的期限提醒")
def notices(
    ctx: typer.Context,
    after: Annotated[int, typer.Option("--after", help="只看此编号之后的")] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, max=500, help="最多几条")] = 50,
) -> None:
    """List notices."""
    run = run_of(ctx)
    found = run.online(lambda client: client.deadlines.notices(after, page_size=limit))
    run.screen.data(found)
    rows = [
        (each.notice_id, each.at, each.court, word(Rung, each.rung), words(Role, each.roles), each.text)
        for each in found
    ]
    run.screen.table("", ("编号", "时间", "法院", "步骤", "对象", "内容"), rows)


def show_deadlines(run: Run, found: tuple[Deadline, ...] | list[Deadline]) -> None:
    """Print deadlines as a table."""
    run.screen.table("", COLUMNS, map(_row, found))


def _row(each: Deadline) -> tuple[object, ...]:
    verdict = word(TimeVerdict, each.verdict) if each.verdict else ""
    notes = [Mark.PROVISIONAL.zh] if each.provisional else []
    notes += [Mark.EXTENDED.zh] if each.not_before else []
    state = word(DeadlineState, each.state)
    name = each.matter_number or each.instruction_id
    return (
        name,
        each.title or each.clock,
        each.owner,
        each.started_at,
        each.due_at,
        state,
        verdict,
        "；".join(notes),
    )
