"""The rounds: in each, every scenario is started anew, measured case by case, checked and ended."""

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench import tls
from tests.bench.scenario import Measurement, Scenario, Window
from tests.bench.stand import ROOT, Stand, opened

BUILD = ROOT / "build"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    rounds: int
    seconds: float
    """Length of the window of each case."""
    seed: int
    """Instructions in the journal of the scenario `seeded`."""


def run(
    scenarios: Sequence[Scenario], plan: Plan, say: Callable[[str], None]
) -> list[dict[str, Measurement]]:
    """Return the measurements of each round by case; *say* is told what is going on.

    :raises RuntimeError: gRPC is loaded here; what starts programs must not have it.
    :raises ProgramFailed: a program ended or fell silent.
    :raises AssertionError: programs did not do what was measured.
    """
    if "grpc" in sys.modules:
        raise RuntimeError("the harness starts processes and must not import grpc")
    BUILD.mkdir(exist_ok=True)
    # Not in the system's temporary directory: that may be memory, where nothing is ever waited for.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=BUILD) as name:
        directory = Path(name)
        tls.create(directory / "tls")
        rounds = []
        for number in range(plan.rounds):
            say(f"round {number + 1} of {plan.rounds}")
            rounds.append(_round(directory, _turned(scenarios, number), plan, say))
        return rounds


def _turned(scenarios: Sequence[Scenario], by: int) -> list[Scenario]:
    """Let each round begin with another scenario, so that none has the cold or the warm end for itself."""
    start = by % len(scenarios)
    return [*scenarios[start:], *scenarios[:start]]


def _round(
    directory: Path, scenarios: Sequence[Scenario], plan: Plan, say: Callable[[str], None]
) -> dict[str, Measurement]:
    found = {}
    for scenario in scenarios:
        kept = directory / f"kept-{scenario.name}"
        kept.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory) as place:
            stand = Stand(Path(place), kept, directory / "tls")
            for case, measurement in _measure(scenario, stand, plan, say):
                found[f"{scenario.name}/{case}"] = measurement
    return found


def _measure(
    scenario: Scenario, stand: Stand, plan: Plan, say: Callable[[str], None]
) -> Iterator[tuple[str, Measurement]]:
    with opened(stand):
        scenario.start(stand)
        for case in scenario.cases:
            say(f"  {scenario.name}/{case}")
            yield case, scenario.measure(stand, case, Window(plan.seconds, scenario.operations))
        scenario.check(stand)
