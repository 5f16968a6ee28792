"""Figures, their definitions, the matters behind them."""

from dataclasses import dataclass

from xiezhi.v1 import indicator_pb2, statistics_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.vocabulary import Channel, Indicator, Measure, ReturnCause, Variant


@dataclass(frozen=True, slots=True, kw_only=True)
class Period(Record[indicator_pb2.Period]):
    """Whole days of Asia/Shanghai, both included, as ``2026-11-01``."""

    first_day: str = ""
    last_day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorChoice(Record[indicator_pb2.IndicatorChoice]):
    """An indicator in the definition that is picked for it, the standard one if none is."""

    indicator: Indicator = ""
    variant: Variant = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureNumbers(Record[indicator_pb2.FigureNumbers]):
    """Numerator (matters, or ms where days are measured) and denominator, exact."""

    numerator: int = 0
    denominator: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnReasonCount(Record[indicator_pb2.ReturnReasonCount]):
    """How many matters were returned for a reason."""

    reason: str = ""
    cause: ReturnCause = ""
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Record[indicator_pb2.Figure]):
    """One figure of one court (empty: of all together) in one channel; `shown` is as people read it."""

    indicator: Indicator = ""
    variant: Variant = ""
    court: str = ""
    channel: Channel = ""
    measure: Measure = ""
    numbers: FigureNumbers | None = None
    shown: str = ""
    previous: FigureNumbers | None = None
    year_before: FigureNumbers | None = None
    shown_on_previous: str = ""
    shown_on_year_before: str = ""
    place: int = 0
    provisional: int = 0
    shown_median: str = ""
    shown_p90: str = ""
    reasons: tuple[ReturnReasonCount, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedMatter(Record[indicator_pb2.CountedMatter]):
    """A matter behind a figure, and what it adds to the numerator."""

    instruction_id: str = ""
    matter_number: str = ""
    amount: int = 0
    provisional: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantFormula(Record[indicator_pb2.VariantFormula]):
    """A definition in words."""

    variant: Variant = ""
    formula: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorDefinition(Record[indicator_pb2.IndicatorDefinition]):
    """One version of one indicator's definitions and the days for which it holds."""

    indicator: Indicator = ""
    measure: Measure = ""
    version: int = 0
    valid_from: str = ""
    valid_to: str = ""
    variants: tuple[VariantFormula, ...] = ()
    source: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCount(Record[statistics_service_pb2.ItemCount]):
    """How many items of finished matters ended how."""

    court: str = ""
    channel: Channel = ""
    done: int = 0
    partly_done: int = 0
    not_done: int = 0
    not_needed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures(Record[statistics_service_pb2.GetFiguresResponse]):
    """Figures of a period, read at a size of the log."""

    figures: tuple[Figure, ...] = ()
    log_size: int = 0
    items: tuple[ItemCount, ...] = ()
