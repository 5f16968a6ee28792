"""Bulletins (统计通报): read and objected to at a node, made at the hub."""

from typing import Annotated, cast

import typer

from xiezhi_client.cli.figures.arguments import Choices, From, Month, To, parse_choice, parse_period
from xiezhi_client.cli.figures.show import show_figures
from xiezhi_client.cli.run import run_of
from xiezhi_client.sdk import BulletinSummary, Client
from xiezhi_client.sdk.vocabulary import Indicator as IndicatorName
from xiezhi_client.typed.words import identifier, word
from xiezhi_domain.terms import BulletinState, Channel, Indicator

app = typer.Typer(no_args_is_help=True)
Id = Annotated[str, typer.Argument(metavar="通报标识")]


@app.command("list", help="通报目录，新的在前")
def list_(ctx: typer.Context) -> None:
    """List bulletins."""
    run = run_of(ctx)

    async def work(client: Client) -> list[BulletinSummary]:
        return [bulletin async for bulletin in client.bulletins.list(page_size=500)]

    rows = run.online(work)
    run.screen.data(rows)
    columns = ("期间", "进度", "异议截止", "发布时间", "通报标识")
    run.screen.table("", columns, map(_row, rows))


@app.command(help="通报的指标和更正")
def show(ctx: typer.Context, bulletin: Id) -> None:
    """Show a bulletin with its corrections."""
    run = run_of(ctx)
    found = run.online(lambda client: client.bulletins.get(bulletin))
    run.screen.data(found)
    period = found.bulletin.period if found.bulletin else None
    title = f"{period.first_day} 至 {period.last_day}" if period else ""
    show_figures(run, title, found.figures)
    if found.corrections:
        rows = (
            (
                word(Indicator, each.indicator),
                each.court or "合计",
                word(Channel, each.channel),
                each.shown_published,
                each.shown_now,
                "、".join(dict.fromkeys(matter.matter_number for matter in (*each.entered, *each.left))),
            )
            for each in found.corrections
        )
        columns = ("指标", "法院", "渠道", "发布时", "更正后", "有变化的事项")
        run.screen.table(f"更正（日志 {found.corrected_at_log_size} 条）", columns, rows)


@app.command(help="起草通报，各院可先看本院数据")
def draft(
    ctx: typer.Context,
    month: Month = "",
    first: From = "",
    last: To = "",
    indicator: Choices = [],  # noqa: B006  typer copies it
) -> None:
    """Draw up a draft."""
    period, choices = parse_period(month, first, last), [parse_choice(text) for text in indicator]
    run = run_of(ctx)
    _say(ctx, run.online(lambda client: client.bulletins.draft(period, choices)))


@app.command(help="发布通报：异议期满、异议均已答复，由起草人以外的人员发布")
def publish(ctx: typer.Context, bulletin: Id) -> None:
    """Publish a draft."""
    _say(ctx, run_of(ctx).online(lambda client: client.bulletins.publish(bulletin)))


@app.command(help="作废通报草稿")
def discard(ctx: typer.Context, bulletin: Id) -> None:
    """Discard a draft."""
    _say(ctx, run_of(ctx).online(lambda client: client.bulletins.discard(bulletin)))


@app.command("object", help="对本院数据提出异议")
def object_(
    ctx: typer.Context,
    bulletin: Id,
    text: Annotated[str, typer.Option("--text", help="哪里不对，不要写个人信息")],
    indicator: Annotated[str, typer.Option("--indicator", help="指标；不写为整份数据")] = "",
) -> None:
    """File an objection."""
    run = run_of(ctx)
    name = cast(IndicatorName, identifier(Indicator, indicator)) if indicator else ""
    filed = run.online(lambda client: client.bulletins.object(bulletin, text, indicator=name))
    run.screen.data(filed)
    run.screen.say(f"已提出数据异议：{filed.objection_id}")


@app.command(help="查看数据异议及答复")
def objections(ctx: typer.Context, bulletin: Id) -> None:
    """List objections."""
    run = run_of(ctx)
    found = run.online(lambda client: client.bulletins.objections(bulletin))
    run.screen.data(found)
    run.screen.table(
        "",
        ("法院", "指标", "异议", "提出时间", "成立", "答复", "异议标识"),
        (
            (
                each.court,
                word(Indicator, each.indicator),
                each.text,
                each.filed_at,
                each.upheld if each.answered_at else None,
                each.answer,
                each.objection_id,
            )
            for each in found
        ),
    )


@app.command(help="答复数据异议")
def answer(
    ctx: typer.Context,
    objection: Annotated[str, typer.Argument(metavar="异议标识")],
    text: Annotated[str, typer.Option("--text", help="答复")],
    upheld: Annotated[bool, typer.Option("--upheld/--not-upheld", help="异议是否成立")],
) -> None:
    """Answer an objection."""
    run = run_of(ctx)
    answered = run.online(lambda client: client.bulletins.answer(objection, text, upheld=upheld))
    run.screen.data(answered)
    run.screen.say(f"已答复{answered.court}的数据异议")


def _say(ctx: typer.Context, bulletin: BulletinSummary) -> None:
    run = run_of(ctx)
    run.screen.data(bulletin)
    run.screen.table("", ("期间", "进度", "异议截止", "发布时间", "通报标识"), [_row(bulletin)])


def _row(bulletin: BulletinSummary) -> tuple[object, ...]:
    period = bulletin.period
    return (
        f"{period.first_day} 至 {period.last_day}" if period else "",
        word(BulletinState, bulletin.state),
        bulletin.objections_until,
        bulletin.published_at,
        bulletin.bulletin_id,
    )
