"""指挥大屏: what is under way between the courts, by the minute, for a wall or a desk."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, cast

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    Client,
    CourtOverview,
    Figure,
    IndicatorChoice,
    IndicatorDefinition,
    NotAllowed,
    Overview,
    Period,
)
from xiezhi_client.sdk.vocabulary import Indicator as IndicatorName
from xiezhi_domain.terms import Indicator, Variant
from xiezhi_workbench import schematic, words
from xiezhi_workbench.asking import due_today, longest_overdue
from xiezhi_workbench.page import Page, page

_INDICATORS: Final = (
    Indicator.COMPLETED_IN_TIME,
    Indicator.HANDLING_DAYS,
    Indicator.SIGNED_IN_TIME,
    Indicator.RETURNED_RECEIVED,
)
_OURS: Final = "PLATFORM"
_TOP: Final = 10
_MOST_COUNTED: Final = 500


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator of the screen in words (口径)."""

    indicator: Indicator
    variant: Variant
    formula: str
    version: int


@dataclass(frozen=True, slots=True)
class Row:
    """One court in the table: counts of now, and the month's figures, in the order of the columns."""

    court: CourtOverview
    figures: tuple[Figure | None, ...]


@page
async def show(page: Page) -> Response:
    """Show the whole screen."""
    return page.render("screen/screen.html", **await _board(page.client))


@page
async def board(page: Page) -> Response:
    """Give the changing part, which the open screen fetches when something has happened.

    A wall clicks nothing: what it shows keeps its session, up to the end that a session has in any case.
    """
    return page.render("screen/board.html", **await _board(page.client))


async def _board(client: Client) -> dict[str, Any]:
    overview, courts, (late, withheld), (due, more_due), (rows_of, definitions) = await asyncio.gather(
        client.supervision.overview(),
        client.directory.courts(joined_only=True),
        longest_overdue(client, _TOP),
        due_today(client, _MOST_COUNTED),
        _figures(client),
    )
    joined = {court.code for court in courts}
    stands = schematic.place(overview.courts)
    return {
        "overview": overview,
        "stands": stands,
        "arcs": schematic.connect(stands, overview.flows),
        "rows": [Row(court, rows_of.get(court.court, ())) for court in overview.courts],
        "names": {stand.court.court: stand.name for stand in stands},
        "definitions": definitions,
        "late": late,
        "withheld": withheld,
        "joined": joined,
        "totals": {**_totals(overview), "due_today": len(due) + more_due, "joined": len(joined)},
        "charts": {"hours": [[each.hour, each.sent, each.reported] for each in overview.today]},
    }


def _totals(overview: Overview) -> dict[str, int]:
    courts = overview.courts
    return {
        "open": sum(court.received_open for court in courts),
        "sent_today": sum(hour.sent for hour in overview.today),
        "reported_today": sum(hour.reported for hour in overview.today),
        "overdue": sum(court.received_overdue for court in courts),
        "connected": sum(court.connected for court in courts),
    }


async def _figures(client: Client) -> tuple[Mapping[str, tuple[Figure | None, ...]], list[Definition]]:
    """Give the month's figures by court, and how they are counted; nothing to those who may not see them."""
    today = words.now().date()
    # Up to today: what a period has not reached yet would count as not done in time.
    period = Period(first_day=today.replace(day=1).isoformat(), last_day=today.isoformat())
    choices = [IndicatorChoice(indicator=cast(IndicatorName, indicator.value)) for indicator in _INDICATORS]
    try:
        figures, definitions = await asyncio.gather(
            client.figures.get(period, choices=choices), client.figures.definitions()
        )
    except NotAllowed:
        return {}, []
    return _by_court(figures.figures), _in_words(definitions)


def _by_court(figures: Sequence[Figure]) -> dict[str, tuple[Figure | None, ...]]:
    found: dict[tuple[str, str], Figure] = {
        (each.court, each.indicator): each for each in figures if each.channel == _OURS
    }
    courts = {court for court, _ in found}
    return {court: tuple(found.get((court, each.value)) for each in _INDICATORS) for court in courts}


def _in_words(definitions: Sequence[IndicatorDefinition]) -> list[Definition]:
    by_name = {each.indicator: each for each in definitions}
    return [
        Definition(indicator, Variant(first.variant), first.formula, by_name[indicator.value].version)
        for indicator in _INDICATORS
        if indicator.value in by_name
        for first in islice(by_name[indicator.value].variants, 1)
    ]


routes = [Route("/screen", show), Route("/screen/board", board)]
