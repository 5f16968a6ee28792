"""`StatisticsService`: figures of the courts that this program answers for."""

# Methods are named by the contract.
# ruff: noqa: N802

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Any, TypeAlias

import grpc

from xiezhi.v1 import statistics_service_pb2 as pb
from xiezhi.v1.statistics_service_pb2_grpc import StatisticsServiceServicer
from xiezhi_desk.statistics.messages import counted_message, definition_message, figure_message
from xiezhi_desk.statistics.questions import channel_of, choices_of, courts_of, day_of, period_of
from xiezhi_desk.statistics.records import MatterRecords, Snapshot
from xiezhi_desk.terms import CHANNELS
from xiezhi_domain.court_time import to_date
from xiezhi_domain.indicators import ALL_COURTS, Edition, FigureKey, Period, figures_of
from xiezhi_domain.indicators.bulletin import draw_up
from xiezhi_domain.indicators.comparison import ranked_courts
from xiezhi_domain.indicators.items import items_by_outcome
from xiezhi_domain.terms import Channel, Outcome
from xiezhi_journal.journal import Clock
from xiezhi_journal.reading import Page
from xiezhi_journal.reading.paging import token_after

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


Known: TypeAlias = Callable[[Collection[str]], Awaitable[Collection[str]]]
"""Gives which of some matters, by id, the caller may know of."""


class StatisticsService(StatisticsServiceServicer):
    """Counts what *records* hold, for *courts*, by the definitions of *edition*; *court* is the program's own.

    Figures count everything; of the matters behind them the caller is shown those that are *known* to him.
    """

    def __init__(
        self,
        records: MatterRecords,
        edition: Edition,
        court: str,
        courts: Collection[str],
        clock: Clock,
        known: Known,
    ) -> None:
        self._records = records
        self._edition = edition
        self._court = court
        self._courts = frozenset(courts)
        self._clock = clock
        self._known = known

    async def ListDefinitions(
        self, request: pb.ListDefinitionsRequest, _context: _Context
    ) -> pb.ListDefinitionsResponse:
        """Return the definitions for periods that end on a day."""
        day = day_of(request.day, "day") if request.day else to_date(self._clock())
        return pb.ListDefinitionsResponse(
            definitions=[definition_message(each) for each in self._edition.on(day)],
            edition=self._edition.version,
            edition_hash=bytes.fromhex(self._edition.hash),
        )

    async def GetFigures(self, request: pb.GetFiguresRequest, _context: _Context) -> pb.GetFiguresResponse:
        """Return the figures of a period."""
        period = period_of(request.period)
        courts = courts_of(request.courts, self._courts)
        chosen = choices_of(request.choices, self._edition, period.last, only_named=True)
        snapshot = await self._read(period, request.log_size)
        count = partial(
            draw_up,
            snapshot.records,
            period,
            self._edition,
            chosen,
            courts,
            rivals=self._rivals(snapshot, period),
            publisher=self._court,
            log_size=snapshot.log_size,
        )
        # Years of matters take seconds to count: not on the loop, which others wait for.
        drawn = await asyncio.to_thread(count)
        # What a single court has is said once.
        lines = [line for line in drawn.lines if line.key.court != ALL_COURTS or len(courts) > 1]
        return pb.GetFiguresResponse(
            figures=[figure_message(line, self._edition) for line in lines],
            log_size=snapshot.log_size,
            items=_items(snapshot, period, courts),
        )

    async def ListCountedMatters(
        self, request: pb.ListCountedMattersRequest, _context: _Context
    ) -> pb.ListCountedMattersResponse:
        """Return a page of the matters behind a figure; all pages are read at the same size of the log."""
        period = period_of(request.period)
        [choice] = choices_of([request.choice], self._edition, period.last, only_named=True)
        courts = courts_of([request.court] if request.court else [], self._courts)
        page = Page.of(request.page_size, request.page_token)
        size, start = page.after(int, int) or (request.log_size, 0)
        snapshot = await self._read(period, int(size))
        channel = channel_of(request.channel, "channel")
        key = FigureKey(choice.definition.indicator, choice.variant, request.court and courts[0], channel)
        found = figures_of(snapshot.records, period, choice.definition, choice.variant, courts).get(key)
        counted = found.counted if found else ()
        known = await self._known({matter.id for matter in counted})
        shown = [matter for matter in counted if matter.id in known]
        end = int(start) + page.size
        return pb.ListCountedMattersResponse(
            matters=[counted_message(matter) for matter in shown[int(start) : end]],
            next_page_token=token_after(snapshot.log_size, end) if end < len(shown) else "",
            log_size=snapshot.log_size,
            withheld=0 if page.token else len(counted) - len(shown),
        )

    def _rivals(self, snapshot: Snapshot, period: Period) -> frozenset[str]:
        """Return the courts that are ranked, whichever are asked for; a court alone has nobody to be ranked against."""
        return (
            ranked_courts(snapshot.joined_at, period) & self._courts if len(self._courts) > 1 else frozenset()
        )

    async def _read(self, period: Period, log_size: int) -> Snapshot:
        compared = (period, period.previous, period.year_before)
        return await self._records.read(min(each.start_ms for each in compared), log_size)


def _items(snapshot: Snapshot, period: Period, courts: Collection[str]) -> list[pb.ItemCount]:
    counted = items_by_outcome(snapshot.records, period)
    return [_item_count(*key, items) for key, items in sorted(counted.items()) if key[0] in courts]


def _item_count(court: str, channel: Channel, items: Counter[Outcome]) -> pb.ItemCount:
    return pb.ItemCount(
        court=court,
        channel=CHANNELS.to_proto(channel),
        done=items[Outcome.DONE],
        partly_done=items[Outcome.PARTLY_DONE],
        not_done=items[Outcome.NOT_DONE],
        not_needed=items[Outcome.NOT_NEEDED],
    )
