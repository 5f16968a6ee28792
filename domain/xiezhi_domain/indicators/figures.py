"""Figures: numerator and denominator of an indicator with the matters behind them, exact to the last digit."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

from xiezhi_domain.indicators.counting import COUNTINGS, Unit
from xiezhi_domain.indicators.definitions import Definition, Measure
from xiezhi_domain.indicators.period import Period
from xiezhi_domain.indicators.record import MatterRecord
from xiezhi_domain.terms import Channel, Indicator, Variant

DAY_MS: Final = 86_400_000
ALL_COURTS: Final = ""
"""The court of a figure over all courts."""


class CountedMatter(NamedTuple):
    """A matter behind a figure, by id and number, and what it adds."""

    id: str
    number: str
    unit: Unit


class FigureKey(NamedTuple):
    """What tells one figure of a period from another."""

    indicator: Indicator
    variant: Variant
    court: str
    channel: Channel


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one court in one channel, from the matters counted."""

    key: FigureKey
    measure: Measure
    counted: tuple[CountedMatter, ...]

    @property
    def numerator(self) -> int:
        """What is summed: matters, or ms where days are measured."""
        return sum(each.unit.amount for each in self.counted)

    @property
    def denominator(self) -> int:
        """How many are counted."""
        return len(self.counted)

    @property
    def value(self) -> Fraction | None:
        """The figure itself: a share, days, or a number; None for 0/0, which is shown as a dash and never as 100 %."""
        return value_of(self.measure, self.numerator, self.denominator)

    @property
    def median(self) -> Fraction | None:
        """The middle of what is measured in days; None where nothing is."""
        amounts = self._amounts
        if not amounts:
            return None
        low, high = amounts[(len(amounts) - 1) // 2], amounts[len(amounts) // 2]
        return Fraction(low + high, 2 * DAY_MS)

    @property
    def p90(self) -> Fraction | None:
        """The days within which nine of ten were done (nearest rank); None where nothing is measured in days."""
        amounts = self._amounts
        if not amounts:
            return None
        rank = -(-9 * len(amounts) // 10)
        return Fraction(amounts[rank - 1], DAY_MS)

    @property
    def provisional(self) -> int:
        """How many count provisionally: replies under review."""
        return sum(each.unit.provisional for each in self.counted)

    @property
    def reasons(self) -> Mapping[str, int]:
        """How many were returned for each reason code."""
        return Counter(each.unit.label for each in self.counted if each.unit.label)

    @property
    def _amounts(self) -> list[int]:
        if self.measure is not Measure.DAYS:
            return []
        return sorted(each.unit.amount for each in self.counted)


def value_of(measure: Measure, numerator: int, denominator: int) -> Fraction | None:
    """Return the exact value of a figure from its two numbers; None for 0/0."""
    if measure is Measure.COUNT:
        return Fraction(numerator)
    if denominator == 0:
        return None
    return Fraction(numerator, denominator * (DAY_MS if measure is Measure.DAYS else 1))


def figures_of(
    records: Iterable[MatterRecord],
    period: Period,
    definition: Definition,
    variant: Variant,
    courts: Iterable[str],
) -> dict[FigureKey, Figure]:
    """Return the figures of *courts*, and of all of them together, in every channel that has anything.

    The channel of the platform itself is always there, so that "nothing" is said and not left out. The order of
    *records* does not matter.
    """
    wanted = frozenset(courts)
    counting = COUNTINGS[definition.indicator, variant]
    counted: defaultdict[tuple[str, Channel], list[CountedMatter]] = defaultdict(list)
    channels = {Channel.PLATFORM}
    for record in records:
        for unit in counting(record, period):
            if unit.court in wanted:
                channels.add(record.channel)
                matter = CountedMatter(record.id, record.number, unit)
                counted[unit.court, record.channel].append(matter)
                counted[ALL_COURTS, record.channel].append(matter)
    figures = {}
    for court in (*sorted(wanted), ALL_COURTS):
        for channel in sorted(channels):
            key = FigureKey(definition.indicator, variant, court, channel)
            figures[key] = Figure(key, definition.measure, tuple(sorted(counted[court, channel])))
    return figures
