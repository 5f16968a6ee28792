"""Figures of the matters between courts: at the hub of all its courts, at a node of its own."""

from collections.abc import Awaitable, Sequence

from xiezhi.v1 import channel_pb2
from xiezhi.v1 import statistics_service_pb2 as pb
from xiezhi.v1.statistics_service_pb2_grpc import StatisticsServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.records.figure import (
    CountedMatter,
    Figures,
    IndicatorChoice,
    IndicatorDefinition,
    Period,
)
from xiezhi_client.sdk.rows import Rows
from xiezhi_client.sdk.vocabulary import Channel


class FiguresOfCourts:
    """`StatisticsService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = StatisticsServiceStub(calls.channel)

    async def definitions(self, day: str = "") -> tuple[IndicatorDefinition, ...]:
        """Give the definitions for periods that end on `day`, such as ``2026-11-30``; today if empty."""
        request = pb.ListDefinitionsRequest(day=day)
        answer = await self._calls.unary(self._stub.ListDefinitions, request)
        return tuple(map(IndicatorDefinition.from_proto, answer.definitions))

    async def get(
        self,
        period: Period,
        *,
        courts: Sequence[str] = (),
        choices: Sequence[IndicatorChoice] = (),
        log_size: int = 0,
    ) -> Figures:
        """Give the figures of a period, of all courts and indicators if none are named.

        State is read as of `log_size` entries of the hub's log, 0 meaning now. Raise `InvalidInput`.
        """
        request = pb.GetFiguresRequest(
            period=period.to_proto(),
            courts=courts,
            choices=[choice.to_proto() for choice in choices],
            log_size=log_size,
        )
        return Figures.from_proto(await self._calls.unary(self._stub.GetFigures, request))

    def matters(
        self,
        period: Period,
        choice: IndicatorChoice,
        *,
        court: str = "",
        channel: Channel = "",
        log_size: int = 0,
        page_size: int = 0,
    ) -> Rows[CountedMatter]:
        """Give the matters behind one figure, all read at one size of the log. Raise `InvalidInput`."""
        request = pb.ListCountedMattersRequest(
            period=period.to_proto(),
            choice=choice.to_proto(),
            court=court,
            channel=channel_pb2.Channel.Value(f"CHANNEL_{channel or 'UNSPECIFIED'}"),
            log_size=log_size,
            page_size=page_size,
        )

        def ask(token: str) -> Awaitable[pb.ListCountedMattersResponse]:
            request.page_token = token
            return self._calls.unary(self._stub.ListCountedMatters, request)

        return Rows(ask, lambda page: map(CountedMatter.from_proto, page.matters))
