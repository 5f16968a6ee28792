"""`python -m tests.bench`: measure, write `build/bench.json`, print the table."""

import argparse
import signal
import sys

from tests.bench import harness, report
from tests.bench.catalogue import RATIOS, SCENARIOS, scenarios
from tests.bench.harness import Plan

SEED = 200_000
"""What the whole run has time for; the target is stated for 1,000,000 (make bench SEED=1000000)."""
QUICK_SEED = 5_000


def main() -> None:
    # So that programs end and files go away also when a CI stops the run.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    arguments = _arguments()
    plan = _plan(arguments)
    chosen = [one for one in scenarios(plan.seed) if arguments.only is None or one.name in arguments.only]
    rounds = harness.run(chosen, plan, lambda line: print(line, file=sys.stderr, flush=True))
    target = harness.BUILD / "bench.json"
    report.write(target, rounds, RATIOS, plan)
    for line in report.table(rounds, RATIOS):
        print(line)
    print(
        f"\nMedians of {plan.rounds} rounds, quartiles in brackets. Seeded journal: {plan.seed:,} instructions."
        f" All rounds: {target.relative_to(harness.ROOT)}"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="how often each case is measured (default 7)")
    parser.add_argument("--quick", action="store_true", help="two rounds: does it run, roughly how fast")
    parser.add_argument("--seconds", type=float, default=1.5, help="window of each case (default 1.5)")
    parser.add_argument(
        "--seed",
        type=int,
        help=f"instructions in the seeded journal (default {SEED:,}, quick {QUICK_SEED:,})",
    )
    parser.add_argument(
        "--only",
        nargs="+",
        metavar="SCENARIO",
        choices=[one.name for one in SCENARIOS],
        help="leave the others out",
    )
    return parser.parse_args()


def _plan(arguments: argparse.Namespace) -> Plan:
    seed = arguments.seed or (QUICK_SEED if arguments.quick else SEED)
    return Plan(2 if arguments.quick else arguments.rounds, arguments.seconds, seed)


if __name__ == "__main__":
    main()
