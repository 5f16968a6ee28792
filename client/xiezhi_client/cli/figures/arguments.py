"""How periods, indicators and their definitions are written on the command line."""

from typing import Annotated, cast

import typer

from xiezhi_client.sdk import IndicatorChoice, Period
from xiezhi_client.sdk.vocabulary import Indicator as IndicatorName
from xiezhi_client.sdk.vocabulary import Variant as VariantName
from xiezhi_client.typed.words import identifier
from xiezhi_domain.indicators import Period as Days
from xiezhi_domain.terms import Indicator, Variant

Month = Annotated[str, typer.Option("--month", metavar="2026-11", help="统计月份")]
From = Annotated[str, typer.Option("--from", metavar="2026-11-01", help="起始日，与 --to 同用，代替 --month")]
To = Annotated[str, typer.Option("--to", metavar="2026-11-30", help="截止日")]
Choices = Annotated[
    list[str],
    typer.Option(
        "--indicator", metavar="指标[=口径]", help="例如 期限内办结率=仅办结口径；可重复，不写为全部指标"
    ),
]


def parse_period(month: str, first: str, last: str) -> Period:
    """Read a period from the options. Raise `typer.BadParameter`."""
    if bool(month) == bool(first or last):
        raise typer.BadParameter("请用 --month 写明月份，或用 --from 和 --to 写明起止日")
    if not month:
        return Period(first_day=first, last_day=last)
    year, _, number = month.partition("-")
    try:
        days = Days.month(int(year), int(number))
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"“{month}”应写成 2026-11") from None
    return Period(first_day=days.first.isoformat(), last_day=days.last.isoformat())


def parse_choice(text: str) -> IndicatorChoice:
    """Read ``指标=口径``. Raise `typer.BadParameter`, which lists the words."""
    indicator, _, variant = text.partition("=")
    return IndicatorChoice(
        indicator=cast(IndicatorName, identifier(Indicator, indicator)),
        variant=cast(VariantName, identifier(Variant, variant)) if variant else "",
    )
