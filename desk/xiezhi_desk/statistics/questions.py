"""What is asked about figures, read from messages and checked."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from xiezhi.v1 import indicator_pb2 as pb
from xiezhi_desk.terms import CHANNELS, INDICATORS, VARIANTS
from xiezhi_domain.courts import parse_court_code
from xiezhi_domain.errors import InvalidInput, Reason
from xiezhi_domain.indicators import Edition, Period
from xiezhi_domain.indicators.bulletin import Choice, choices
from xiezhi_domain.terms import Channel, Indicator, Variant

LONGEST_DAYS: Final = 1_100
"""Three years and some days."""


def period_of(message: pb.Period) -> Period:
    """Return the period asked for.

    :raises InvalidInput: no such days, the wrong way round, or too many of them.
    """
    period = Period(
        day_of(message.first_day, "period.first_day"), day_of(message.last_day, "period.last_day")
    )
    if (period.last - period.first).days >= LONGEST_DAYS:
        raise InvalidInput.in_field("period", "统计期间最长三年，请缩短")
    return period


def day_of(text: str, field: str) -> date:
    """Return the day that *text* names.

    :raises InvalidInput: it is no day.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput.in_field(field, "日期应写成 2026-11-01") from None


def choices_of(
    messages: Iterable[pb.IndicatorChoice], edition: Edition, day: date, *, only_named: bool
) -> tuple[Choice, ...]:
    """Return the indicators in the definitions picked; *only_named*: without the others in their standard ones.

    :raises InvalidInput: an indicator twice or unknown, or a definition that it does not have.
    """
    picked: dict[Indicator, Variant] = {}
    for at, message in enumerate(messages):
        indicator = INDICATORS.from_proto(message.indicator, f"choices[{at}].indicator")
        if indicator in picked:
            raise InvalidInput.in_field(f"choices[{at}].indicator", f"“{indicator.zh}”重复")
        picked[indicator] = _variant(message.variant, f"choices[{at}].variant")
    chosen = choices(edition, day, picked)
    if not (only_named and picked):
        return chosen
    return tuple(choice for choice in chosen if choice.definition.indicator in picked)


def courts_of(codes: Collection[str], answered: Collection[str]) -> list[str]:
    """Return the courts asked for among those *answered* for, all of them if none is named.

    :raises InvalidInput: UNKNOWN_COURT; one of them is no court of this program.
    """
    if not codes:
        return sorted(answered)
    wanted = [parse_court_code(code, f"courts[{at}]") for at, code in enumerate(codes)]
    for code in wanted:
        if code not in answered:
            raise InvalidInput(Reason.UNKNOWN_COURT, f"本系统不统计 {code} 的数据，请核对法院代字")
    return wanted


def channel_of(number: int, field: str) -> Channel:
    """Return the channel asked for, the platform's own if none is.

    :raises InvalidInput: one that a newer version knows.
    """
    return CHANNELS.from_proto(number, field) if number else Channel.PLATFORM


def _variant(number: int, field: str) -> Variant:
    return VARIANTS.from_proto(number, field) if number else Variant.STANDARD
