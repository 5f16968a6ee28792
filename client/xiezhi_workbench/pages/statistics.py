"""统计通报: the figures of a period, what they are made of and how they are counted; bulletins; a court's ledger."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, cast
from urllib.parse import quote, urlencode

from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    Figure,
    IndicatorChoice,
    IndicatorDefinition,
    Period,
    XiezhiError,
)
from xiezhi_client.sdk.vocabulary import Channel as ChannelName
from xiezhi_client.sdk.vocabulary import Indicator as IndicatorName
from xiezhi_client.sdk.vocabulary import LedgerBox, SheetFormat
from xiezhi_client.sdk.vocabulary import Variant as VariantName
from xiezhi_domain.errors import DomainError
from xiezhi_domain.indicators import Period as Days
from xiezhi_domain.terms import BulletinState, Channel, Indicator, ReturnCause, Variant
from xiezhi_workbench import words
from xiezhi_workbench.asking import first, if_allowed
from xiezhi_workbench.page import Page, Problem, page, status_of
from xiezhi_workbench.periods import ended

HERE: Final = "/statistics"
_MOST: Final = 500
_MOST_BULLETINS: Final = 24
_MONTHS: Final = 12
_LOG_SIZE: Final = re.compile("[0-9]{1,18}")
_MEDIA: Final = {
    "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "PDF": "application/pdf",
}
VOCABULARIES: Final[dict[str, Any]] = {
    "indicators": Indicator,
    "variants": Variant,
    "channels": Channel,
    "causes": ReturnCause,
    "bulletin_states": BulletinState,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address of the page asks for: a period, a channel, the definition of each indicator."""

    first: date
    last: date
    channel: str
    variants: dict[str, str]

    @classmethod
    def of(cls, query: QueryParams) -> "Wanted":
        """Read the address; what it leaves out is this month up to today, our own channel, the standard definitions."""
        today = words.now().date()
        year, month = _month(query.get("month", "")) or (today.year, today.month)
        days = Days.month(year, month)
        if days.first <= today < days.last:
            # Up to today: what a month has not reached yet would count as not done in time.
            days = Days(days.first, today)
        first, last = _day(query.get("first", "")), _day(query.get("last", ""))
        # The month that was chosen is what counts, unless both days are given.
        if first and last:
            days = Days(first, last)
        channel = words.known(Channel, query.get("channel", "")) or Channel.PLATFORM.value
        chosen = {name: words.known(Variant, query.get(f"by-{name}", "")) for name in Indicator.__members__}
        return cls(days.first, days.last, channel, {name: value for name, value in chosen.items() if value})

    @property
    def period(self) -> Period:
        """The period, as the server takes it."""
        return Period(first_day=self.first.isoformat(), last_day=self.last.isoformat())

    def choice(self, indicator: Indicator) -> IndicatorChoice:
        """Give the definition that is wanted for an indicator."""
        variant = cast(VariantName, self.variants.get(indicator.value, ""))
        return IndicatorChoice(indicator=cast(IndicatorName, indicator.value), variant=variant)

    def address_of(self, figure: Figure, log_size: int) -> str:
        """Give the address of the matters behind a figure, read at the same size of the log."""
        values = {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "indicator": figure.indicator,
            "variant": figure.variant,
            "court": figure.court,
            "channel": figure.channel,
            "log_size": log_size,
        }
        return f"{HERE}/matters?{urlencode(values)}"


@page
async def show(page: Page) -> Response:
    """Show the table of the period, and below it how each figure is counted."""
    return await shown(page)


async def shown(page: Page, error: XiezhiError | DomainError | None = None) -> Response:
    """Show the page, with what went wrong."""
    wanted = Wanted.of(page.request.query_params)
    figures, definitions, bulletins = await asyncio.gather(
        page.client.figures.get(wanted.period, choices=[wanted.choice(each) for each in Indicator]),
        page.client.figures.definitions(wanted.last.isoformat()),
        if_allowed(first(page.client.bulletins.list(page_size=_MOST_BULLETINS), _MOST_BULLETINS)),
    )
    shown = [each for each in figures.figures if each.channel == wanted.channel]
    return page.render(
        "statistics/table.html",
        status_of(error) if error else 200,
        wanted=wanted,
        months=_months(words.now().date()),
        ended=ended(words.now().date()),
        log_size=figures.log_size,
        table=table_of(shown),
        definitions={each.indicator: each for each in definitions},
        formulas=_formulas(definitions),
        bulletins=bulletins or (),
        problem=Problem.of(error) if error else None,
        **VOCABULARIES,
    )


def table_of(figures: Sequence[Figure]) -> list[tuple[str, dict[str, Figure]]]:
    """Give rows by court, all together last, each with its figures by indicator."""
    rows: dict[str, dict[str, Figure]] = {}
    for figure in figures:
        rows.setdefault(figure.court, {})[figure.indicator] = figure
    return sorted(rows.items(), key=lambda row: (not row[0], row[0]))


def _formulas(definitions: Sequence[IndicatorDefinition]) -> dict[tuple[str, str], str]:
    return {(each.indicator, one.variant): one.formula for each in definitions for one in each.variants}


@page
async def matters(page: Page) -> Response:
    """Show the matters behind one figure."""
    query = page.request.query_params
    wanted = Wanted.of(query)
    size = query.get("log_size", "")
    choice = IndicatorChoice(
        indicator=cast(IndicatorName, words.known(Indicator, query.get("indicator", ""))),
        variant=cast(VariantName, words.known(Variant, query.get("variant", ""))),
    )
    behind = page.client.figures.matters(
        wanted.period,
        choice,
        court=query.get("court", ""),
        channel=cast(ChannelName, wanted.channel),
        log_size=int(size) if _LOG_SIZE.fullmatch(size) else 0,
        page_size=_MOST,
    )
    found = await first(behind, _MOST)
    return page.render(
        "statistics/matters.html",
        wanted=wanted,
        choice=choice,
        court_code=query.get("court", ""),
        found=found,
        left_out=behind.withheld,
        most=_MOST,
        **VOCABULARIES,
    )


@page
async def ledger(page: Page) -> Response:
    """Give the ledger of a court as a file; the server records who took it, and for what."""
    query = QueryParams({name: page.text(name) for name in ("month", "first", "last")})
    chosen: SheetFormat = "PDF" if page.text("format") == "PDF" else "XLSX"
    box: LedgerBox = "SENT" if page.text("box") == "SENT" else "RECEIVED"
    try:
        sheet = await page.client.ledgers.export(
            Wanted.of(query).period, box, page.text("purpose"), sheet_format=chosen
        )
    except XiezhiError as error:
        return await shown(page, error)
    return Response(
        sheet.content,
        media_type=_MEDIA[chosen],
        headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(sheet.name)}"},
    )


def _months(today: date) -> list[str]:
    """Give this month and those before it, as ``2026-11``."""
    months, day = [], today.replace(day=1)
    for _ in range(_MONTHS):
        months.append(f"{day:%Y-%m}")
        day = (day - timedelta(days=1)).replace(day=1)
    return months


def _month(text: str) -> tuple[int, int] | None:
    first = _day(f"{text}-01")
    return (first.year, first.month) if first else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


routes = [
    Route(HERE, show),
    Route(f"{HERE}/matters", matters),
    Route(f"{HERE}/ledger", ledger, methods=["POST"]),
]
