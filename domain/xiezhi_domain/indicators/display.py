"""Figures as people read them. Rounding happens here and nowhere else: half up, rates to 0.01 %, days to 0.1."""

from fractions import Fraction
from typing import Final

from xiezhi_domain.indicators.definitions import Measure

NOTHING: Final = "—"
"""0/0: nothing was counted, which is neither 0 % nor 100 %."""

_RATE_DIGITS: Final = 2
_DAY_DIGITS: Final = 1


def shown(measure: Measure, value: Fraction | None) -> str:
    """Give a value with its unit: `75.00%`, `6.3天`, `2件`, or a dash."""
    if value is None:
        return NOTHING
    match measure:
        case Measure.RATE:
            return f"{decimal(value * 100, _RATE_DIGITS)}%"
        case Measure.DAYS:
            return f"{decimal(value, _DAY_DIGITS)}天"
        case Measure.COUNT:
            return f"{decimal(value, 0)}件"


def shown_change(measure: Measure, change: Fraction | None) -> str:
    """Give a change with its sign and unit: rates change by 个百分点, never by per cent."""
    if change is None:
        return NOTHING
    match measure:
        case Measure.RATE:
            number, unit = decimal(change * 100, _RATE_DIGITS), "个百分点"
        case Measure.DAYS:
            number, unit = decimal(change, _DAY_DIGITS), "天"
        case Measure.COUNT:
            number, unit = decimal(change, 0), "件"
    sign = "+" if change > 0 and not number.startswith("-") else ""
    return f"{sign}{number}{unit}"


def decimal(value: Fraction, digits: int) -> str:
    """Give *value* with *digits* places, halves rounded away from zero."""
    scale = 10**digits
    units = (abs(value) * scale * 2 + 1) // 2
    whole, part = divmod(units, scale)
    sign = "-" if value < 0 and units else ""
    return f"{sign}{whole}.{part:0{digits}}" if digits else f"{sign}{whole}"
