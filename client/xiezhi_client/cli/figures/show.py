"""Figures of a period: at a node of its own court, at the hub of all courts."""

from collections.abc import Iterable
from typing import Annotated, cast

import typer

from xiezhi_client.cli.figures.arguments import Choices, From, Month, To, parse_choice, parse_period
from xiezhi_client.cli.run import Run, run_of, tell_withheld
from xiezhi_client.sdk import Client, CountedMatter, Figure
from xiezhi_client.sdk.vocabulary import Channel as ChannelName
from xiezhi_client.typed.words import identifier, word
from xiezhi_domain.terms import Channel, Indicator, Variant

app = typer.Typer(no_args_is_help=True)

_TOGETHER = "合计"
_COLUMNS = (
    "指标",
    "口径",
    "法院",
    "渠道",
    "数值",
    "分子",
    "分母",
    "环比",
    "同比",
    "排名",
    "中位数",
    "九成以内",
)


@app.command(help="统计指标：数值、分子分母、环比同比、排名")
def show(
    ctx: typer.Context,
    month: Month = "",
    first: From = "",
    last: To = "",
    court: Annotated[list[str], typer.Option("--court", help="法院代字，可重复")] = [],  # noqa: B006  typer copies it
    indicator: Choices = [],  # noqa: B006  typer copies it
    log_size: Annotated[int, typer.Option("--log-size", help="按平台日志前若干条统计；0 为目前")] = 0,
) -> None:
    """Show the figures of a period."""
    run, period = run_of(ctx), parse_period(month, first, last)
    choices = [parse_choice(text) for text in indicator]
    found = run.online(
        lambda client: client.figures.get(period, courts=court, choices=choices, log_size=log_size)
    )
    run.screen.data(found)
    show_figures(run, f"{period.first_day} 至 {period.last_day}，日志 {found.log_size} 条", found.figures)


@app.command(help="查看某项指标背后的事项")
def matters(
    ctx: typer.Context,
    indicator: Annotated[str, typer.Argument(metavar="指标[=口径]", help="例如 期限内办结率")],
    month: Month = "",
    first: From = "",
    last: To = "",
    court: Annotated[str, typer.Option("--court", help="法院代字；不写为合计")] = "",
    channel: Annotated[str, typer.Option("--channel", help="渠道")] = "",
) -> None:
    """List the matters behind a figure."""
    run, period, choice = run_of(ctx), parse_period(month, first, last), parse_choice(indicator)
    through = cast(ChannelName, identifier(Channel, channel)) if channel else ""

    async def work(client: Client) -> tuple[list[CountedMatter], int]:
        found = client.figures.matters(period, choice, court=court, channel=through, page_size=500)
        return [matter async for matter in found], found.withheld

    rows, withheld = run.online(work)
    run.screen.data(rows)
    run.screen.table(
        word(Indicator, choice.indicator),
        ("事项编号", "计入分子", "暂计", "退回原因", "事项标识"),
        ((row.matter_number, row.amount, row.provisional, row.reason, row.instruction_id) for row in rows),
    )
    tell_withheld(run, withheld)


@app.command(help="指标口径：公式、版本、生效期间")
def definitions(
    ctx: typer.Context,
    day: Annotated[str, typer.Option("--day", metavar="2026-11-30", help="期间截止日")] = "",
) -> None:
    """Show how the indicators are defined."""
    run = run_of(ctx)
    found = run.online(lambda client: client.figures.definitions(day))
    run.screen.data(found)
    rows = [
        (
            word(Indicator, each.indicator),
            word(Variant, formula.variant),
            each.version,
            each.valid_from,
            formula.formula,
        )
        for each in found
        for formula in each.variants
    ]
    run.screen.table("", ("指标", "口径", "版本", "生效", "公式"), rows)


def show_figures(run: Run, title: str, figures: Iterable[Figure]) -> None:
    """Print figures as a table for people."""
    run.screen.table(title, _COLUMNS, map(_row, figures))


def _row(figure: Figure) -> tuple[object, ...]:
    numbers = figure.numbers
    return (
        word(Indicator, figure.indicator),
        word(Variant, figure.variant),
        figure.court or _TOGETHER,
        word(Channel, figure.channel),
        figure.shown,
        numbers.numerator if numbers else 0,
        numbers.denominator if numbers else 0,
        figure.shown_on_previous,
        figure.shown_on_year_before,
        figure.place or "",
        figure.shown_median,
        figure.shown_p90,
    )
