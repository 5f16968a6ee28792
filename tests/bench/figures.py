"""Medians, quartiles and percentiles; ratios that are taken within each round."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.bench.scenario import Measurement

Round = Mapping[str, Measurement]
"""The measurements of one round by case, such as ``prototype/sat``."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some rounds and the quartiles around it."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """Return median and quartiles of *values*, of which there is at least one."""
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(middle, low, high)


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile of *ordered* values: at least *share* of them are not above it."""
    rank = -int(-share * len(ordered) // 1)
    return ordered[max(rank, 1) - 1]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure made from several cases of one round."""

    name: str
    cases: tuple[str, ...]
    of: Callable[..., float]
    """Takes the measurements of *cases*, in their order."""

    def over(self, rounds: Sequence[Round]) -> Spread | None:
        """Return the spread of the rounds' ratios; None where no round measured all of its cases."""
        complete = [one for one in rounds if all(case in one for case in self.cases)]
        return (
            spread([self.of(*(one[case] for case in self.cases)) for one in complete]) if complete else None
        )


def throughput(name: str, fast: str, slow: str) -> Ratio:
    """Return the ratio of operations per second of two cases."""
    return Ratio(name, (fast, slow), lambda a, b: a.per_second / b.per_second)


def latency(name: str, long: str, short: str) -> Ratio:
    """Return the ratio of median latencies of two cases."""
    return Ratio(name, (long, short), lambda a, b: a.p50_ms / b.p50_ms)


def slow_tail(name: str, long: str, short: str) -> Ratio:
    """Return the ratio of the 95th percentiles of two cases' latencies."""
    return Ratio(name, (long, short), lambda a, b: a.p95_ms / b.p95_ms)


def cpu(name: str, much: str, little: str) -> Ratio:
    """Return the ratio of CPU time per operation of two cases."""
    return Ratio(name, (much, little), lambda a, b: a.cpu_us / b.cpu_us)
