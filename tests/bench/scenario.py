"""The interface of a scenario: a few cases that are measured on the same running programs."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from tests.bench.stand import Stand


@dataclass(frozen=True, slots=True)
class Window:
    """How long a case is measured, and after how many operations it ends at the latest."""

    seconds: float
    operations: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one round found out about one case. What does not apply is None."""

    per_second: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    cpu_us: float | None = None
    """CPU time (user and system) of all programs per operation."""
    operations: int = 0
    cpu_us_by_program: dict[str, float] = field(default_factory=dict)
    rss_mib_by_program: dict[str, float] = field(default_factory=dict)

    @property
    def rss_mib(self) -> float:
        """Resident memory of all programs together, MiB."""
        return sum(self.rss_mib_by_program.values())


class Scenario(ABC):
    """Programs that are started anew in each round, measured case by case, checked and ended.

    A new scenario is a module with one subclass, listed in `catalogue`. State that is costly to make (a seeded
    journal) is made once in `Stand.kept` and copied from there.
    """

    name: ClassVar[str]
    cases: ClassVar[tuple[str, ...]]
    operations: ClassVar[int] = 50_000
    """Bound of a case, so that files stay small where the machine is fast."""

    @abstractmethod
    def start(self, stand: "Stand") -> None:
        """Start the programs with `stand.start`; the last one started is the driver."""

    def measure(self, stand: "Stand", case: str, window: Window) -> Measurement:
        """Return the figures of one case; as a rule the driver is asked."""
        return stand.drive(case, window)

    def check(self, stand: "Stand") -> None:  # noqa: B027  # not every scenario leaves something to check
        """Raise `AssertionError` if the programs did not do what was measured."""
