"""Figures beside others: the period before, the year before, the other courts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from xiezhi_domain.indicators.definitions import Definition
from xiezhi_domain.indicators.figures import ALL_COURTS, Figure, FigureKey
from xiezhi_domain.indicators.period import Period
from xiezhi_domain.indicators.record import MatterRecord


@dataclass(frozen=True, slots=True)
class Change:
    """By how much a figure moved against the period before (环比) and the year before (同比); None: no comparison."""

    on_previous: Fraction | None
    on_year_before: Fraction | None


def change_of(now: Figure, previous: Figure | None, year_before: Figure | None) -> Change:
    """Return the change of *now* against the same figure of the two other periods."""
    return Change(_difference(now, previous), _difference(now, year_before))


def ranking(figures: Mapping[FigureKey, Figure], definition: Definition, least: int) -> dict[FigureKey, int]:
    """Return the places, from 1, of courts within each channel; equal values share a place.

    A court with fewer than *least* in the denominator is shown and not ranked, nor is one with nothing at all.
    """
    if definition.high_is_better is None:
        return {}
    ranked = [
        (key, figure.value)
        for key, figure in figures.items()
        if key.court != ALL_COURTS and figure.denominator >= least and figure.value is not None
    ]
    sign = -1 if definition.high_is_better else 1
    return {
        key: 1 + sum(other.channel is key.channel and sign * rival < sign * value for other, rival in ranked)
        for key, value in ranked
    }


def ranked_matters(records: Iterable[MatterRecord], period: Period) -> list[MatterRecord]:
    """Leave out 补录 matters in their first period: they are on the clock, and outside rankings (practice.md §18)."""
    return [record for record in records if record.ranked_from <= period.start_ms]


def ranked_courts(joined_at: Mapping[str, int], period: Period) -> frozenset[str]:
    """Leave out courts that joined (ms; 0: not) within the period or after it: in their first one they learn."""
    return frozenset(court for court, at in joined_at.items() if 0 < at <= period.start_ms)


def _difference(now: Figure, then: Figure | None) -> Fraction | None:
    if then is None or now.value is None or then.value is None:
        return None
    return now.value - then.value
