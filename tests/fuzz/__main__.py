"""`make fuzz`: tries every row of the table for its share of the time, within bounded memory, and says what it did."""

import argparse
import logging
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Final

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from tests.fuzz.decoder import Decoder
from tests.fuzz.table import DECODERS

MEMORY_BYTES: Final = 3 * 1024**3
LONGEST_S: Final = 30
"""Of one example; the time that whoever waits for an answer has."""
ROUND: Final = settings(
    max_examples=100,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate, Phase.shrink),
)


def main() -> int:
    """Try everything, or the rows whose names hold one of the words; return how many rows failed."""
    parser = argparse.ArgumentParser(prog="make fuzz")
    parser.add_argument("--seconds", type=float, default=420.0, help="for all rows together")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**32, help="to repeat a run")
    parser.add_argument("words", nargs="*", help="rows whose names hold one of these words; none: all")
    asked = parser.parse_args()
    rows = [row for row in DECODERS if not asked.words or any(word in row.names[0] for word in asked.words)]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    signal.signal(signal.SIGALRM, _too_long)
    # What libraries say of files that were broken on purpose.
    logging.disable()
    print(f"{len(rows)} readers, {asked.seconds:.0f} s, seed {asked.seed}", flush=True)
    failed = [row for row in rows if not _holds(row, asked.seconds / len(rows), asked.seed)]
    print(f"{len(rows) - len(failed)} of {len(rows)} readers answered everything with a value or in words")
    return len(failed)


def _holds(decoder: Decoder, seconds: float, first_seed: int) -> bool:
    """Try one row for so long; print what came of it."""
    counts, ends = Counter[bool](), time.monotonic() + seconds
    number = first_seed
    try:
        while time.monotonic() < ends:
            _round(decoder, counts, number)
            number += 1
    except BaseExceptionGroup as several:
        _tell(decoder, several.exceptions)
        return False
    except Exception as error:  # noqa: BLE001  # whatever a reader does is told, and the next one is tried
        _tell(decoder, [error])
        return False
    print(f"{counts.total():>8} tried {counts[True]:>7} read  {decoder.names[0]}", flush=True)
    return True


def _round(decoder: Decoder, counts: Counter[bool], number: int) -> None:
    @seed(number)
    @ROUND
    @given(st.data())
    def one(data: st.DataObject) -> None:
        sent = data.draw(decoder.inputs)
        with _bounded():
            counts[decoder.takes(sent)] += 1

    one()


@contextmanager
def _bounded():
    signal.alarm(LONGEST_S)
    try:
        yield
    finally:
        signal.alarm(0)


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError(f"no answer within {LONGEST_S} s")


def _tell(decoder: Decoder, errors: Sequence[BaseException]) -> None:
    print(f"  FAILED  {decoder.names[0]}", flush=True)
    for error in errors:
        traceback.print_exception(error, limit=-3, file=sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
