"""A bulletin (统计通报): the figures of a period, frozen at a log index, and the corrections (更正) that follow.

What is frozen are numbers. The matters behind them are found again by folding the log up to the same index, so that
a correction can name the matters that made the difference.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.indicators.comparison import ranked_matters, ranking
from xiezhi_domain.indicators.definitions import Definition, Edition, Measure
from xiezhi_domain.indicators.figures import CountedMatter, Figure, FigureKey, figures_of, value_of
from xiezhi_domain.indicators.period import Period
from xiezhi_domain.indicators.reach import within_reach
from xiezhi_domain.indicators.record import MatterRecord
from xiezhi_domain.terms import Indicator, Variant


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numerator (matters, or ms) and denominator of one figure."""

    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Line:
    """One figure as published, with what it is compared to. `place` is 0 where the court is not ranked."""

    key: FigureKey
    measure: Measure
    numbers: Numbers
    previous: Numbers
    year_before: Numbers
    place: int
    provisional: int
    median: Fraction | None
    p90: Fraction | None
    reasons: Mapping[str, int]

    @property
    def value(self) -> Fraction | None:
        """The exact value; None for 0/0."""
        return value_of(self.measure, self.numbers.numerator, self.numbers.denominator)

    def change_on(self, then: Numbers) -> Fraction | None:
        """Return by how much it moved against *then*; None where one of the two is 0/0."""
        before = value_of(self.measure, then.numerator, then.denominator)
        return None if self.value is None or before is None else self.value - before


@dataclass(frozen=True, slots=True)
class Bulletin:
    """Figures of one period that `court` draws up of the log's first `log_size` entries.

    `edition` is the hash of the definitions used.
    """

    court: str
    period: Period
    log_size: int
    edition: str
    lines: tuple[Line, ...]

    def of_court(self, court: str) -> "Bulletin":
        """Return the part about one court alone."""
        lines = tuple(line for line in self.lines if line.key.court == court)
        return Bulletin(self.court, self.period, self.log_size, self.edition, lines)


@dataclass(frozen=True, slots=True)
class Correction:
    """A published figure that later events have changed: what it is now, and the matters that made the difference."""

    line: Line
    now: Numbers
    entered: tuple[CountedMatter, ...]
    left: tuple[CountedMatter, ...]

    @property
    def value(self) -> Fraction | None:
        """The exact value as it is now."""
        return value_of(self.line.measure, self.now.numerator, self.now.denominator)


@dataclass(frozen=True, slots=True)
class Choice:
    """A definition and the one of its variants that the intermediate court has picked."""

    definition: Definition
    variant: Variant


def choices(
    edition: Edition, day: date, picked: Mapping[Indicator, Variant] | None = None
) -> tuple[Choice, ...]:
    """Return every indicator of *edition* for a period that ends on *day*, in the variant *picked* or the standard.

    :raises InvalidInput: a variant that the indicator does not have.
    """
    wanted = picked or {}
    chosen = []
    for definition in edition.on(day):
        variant = wanted.get(definition.indicator, Variant.STANDARD)
        if variant not in definition.variants:
            raise InvalidInput.in_field("variants", f"“{definition.indicator.zh}”没有“{variant.zh}”这一口径")
        chosen.append(Choice(definition, variant))
    return tuple(chosen)


def draw_up(
    records: Collection[MatterRecord],
    period: Period,
    edition: Edition,
    chosen: Sequence[Choice],
    courts: Collection[str],
    *,
    rivals: Collection[str],
    publisher: str,
    log_size: int,
) -> Bulletin:
    """Return the bulletin of *period*; *records* are the matters as the log's first *log_size* entries leave them.

    It has the figures of *courts*; *rivals* are the courts that are ranked against each other.
    """
    lines: list[Line] = []
    periods = (period, period.previous, period.year_before)
    reached = [(each, within_reach(records, each)) for each in periods]
    ranked = ranked_matters(reached[0][1], period)
    for choice in chosen:
        now, previous, year_before = (
            figures_of(found, each, choice.definition, choice.variant, courts) for each, found in reached
        )
        compared = figures_of(ranked, period, choice.definition, choice.variant, rivals)
        places = ranking(compared, choice.definition, edition.least_to_rank)
        lines += (
            _line(figure, previous.get(key), year_before.get(key), places.get(key, 0))
            for key, figure in now.items()
        )
    return Bulletin(publisher, period, log_size, edition.hash, tuple(lines))


def corrections(
    published: Bulletin, edition: Edition, then: Iterable[MatterRecord], now: Iterable[MatterRecord]
) -> list[Correction]:
    """Return the lines of *published* that are no longer so.

    *then* are the matters as of the bulletin's own log index, *now* as of a later one.
    """
    before, after = list(then), list(now)
    courts = {line.key.court for line in published.lines}
    found: list[Correction] = []
    for indicator, variant in dict.fromkeys(
        (line.key.indicator, line.key.variant) for line in published.lines
    ):
        definition = edition.find(indicator, published.period.last)
        old = figures_of(before, published.period, definition, variant, courts)
        new = figures_of(after, published.period, definition, variant, courts)
        found += (
            _correction(line, old.get(line.key), new.get(line.key))
            for line in published.lines
            if line.key[:2] == (indicator, variant) and line.numbers != _numbers(new.get(line.key))
        )
    return found


def _correction(line: Line, old: Figure | None, new: Figure | None) -> Correction:
    before, after = set(old.counted if old else ()), set(new.counted if new else ())
    return Correction(line, _numbers(new), tuple(sorted(after - before)), tuple(sorted(before - after)))


def _line(figure: Figure, previous: Figure | None, year_before: Figure | None, place: int) -> Line:
    return Line(
        key=figure.key,
        measure=figure.measure,
        numbers=_numbers(figure),
        previous=_numbers(previous),
        year_before=_numbers(year_before),
        place=place,
        provisional=figure.provisional,
        median=figure.median,
        p90=figure.p90,
        reasons=figure.reasons,
    )


def _numbers(figure: Figure | None) -> Numbers:
    return Numbers(figure.numerator, figure.denominator) if figure else Numbers(0, 0)
