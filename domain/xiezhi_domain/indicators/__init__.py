"""Indicators: figures that nobody can argue with (indicators.md).

`history` makes a record of each matter from its accepted events, `counting` says what each indicator counts,
`definitions` holds the variants (口径) as data, `figures` puts numerator and denominator together with the matters
behind them, `comparison` sets figures side by side, `display` rounds them, `bulletin` and `frozen` publish them. All
is integers and fractions: the same history gives the same figure at the hub and at every court.
"""

from xiezhi_domain.indicators.definitions import Definition, Edition, Measure, shipped_edition
from xiezhi_domain.indicators.figures import ALL_COURTS, CountedMatter, Figure, FigureKey, figures_of
from xiezhi_domain.indicators.history import record_of
from xiezhi_domain.indicators.period import Period
from xiezhi_domain.indicators.record import MatterRecord, Work

__all__ = [
    "ALL_COURTS",
    "CountedMatter",
    "Definition",
    "Edition",
    "Figure",
    "FigureKey",
    "MatterRecord",
    "Measure",
    "Period",
    "Work",
    "figures_of",
    "record_of",
    "shipped_edition",
]
