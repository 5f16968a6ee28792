"""The result of a run: everything as JSON, the medians as a table."""

import json
import os
import platform
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.bench.figures import Ratio, Round, Spread, spread
from tests.bench.harness import Plan

LIBRARIES = ("grpcio", "protobuf", "sqlalchemy", "cryptography")
FIGURES = ("per_second", "p50_ms", "p95_ms", "p99_ms", "cpu_us", "rss_mib")
NAME_WIDTH = 24
RATIO_WIDTH = 62


def summary(rounds: Sequence[Round]) -> dict[str, dict[str, Spread]]:
    """Return for each case the spread of each figure that it has."""
    found: dict[str, dict[str, Spread]] = {}
    for case in rounds[0]:
        values = {name: [getattr(one[case], name) for one in rounds] for name in FIGURES}
        found[case] = {name: spread(each) for name, each in values.items() if None not in each}
    return found


def write(path: Path, rounds: Sequence[Round], ratios: Sequence[Ratio], plan: Plan) -> None:
    """Write the whole run to *path*."""
    result = {
        "machine": _machine(),
        "plan": asdict(plan),
        "summary": {case: _plain(figures) for case, figures in summary(rounds).items()},
        "ratios": _plain({ratio.name: found for ratio in ratios if (found := ratio.over(rounds))}),
        "rounds": [{case: asdict(one) for case, one in each.items()} for each in rounds],
    }
    path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")


def table(rounds: Sequence[Round], ratios: Sequence[Ratio]) -> Iterator[str]:
    """Yield the lines of the table: medians, with the quartiles of what is compared."""
    yield f"{'':{NAME_WIDTH}} {'per s':>26} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'CPU µs':>8} {'RSS MiB':>8}"
    for case, figures in summary(rounds).items():
        rate = _with_quartiles(figures.get("per_second"), ",.0f")
        rest = " ".join(f"{_median(figures.get(name)):>8}" for name in FIGURES[1:])
        yield f"{case:{NAME_WIDTH}} {rate:>26} {rest}"
    yield ""
    for ratio in ratios:
        if found := ratio.over(rounds):
            yield f"{ratio.name:{RATIO_WIDTH}} x {_with_quartiles(found, '.2f')}"


def _with_quartiles(found: Spread | None, form: str) -> str:
    if found is None:
        return ""
    return f"{found.median:{form}} ({found.low:{form}}–{found.high:{form}})"


def _median(found: Spread | None) -> str:
    return "" if found is None else f"{found.median:.3g}" if found.median < 100 else f"{found.median:.0f}"


def _plain(figures: dict[str, Spread]) -> dict[str, dict[str, float]]:
    return {name: asdict(found) for name, found in figures.items()}


def _machine() -> dict[str, Any]:
    return {
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "libraries": {name: version(name) for name in LIBRARIES},
    }
