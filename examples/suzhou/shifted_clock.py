"""Run a program on a clock that is ahead: `python shifted_clock.py CLOCK PROGRAM ARGUMENT…`.

Stories in which days go by need that. The programs themselves are those that courts run: all of them take their time
from `time.time_ns`, and nothing else is changed here. *CLOCK* is a file that says how many milliseconds the clock is
ahead; the stage writes it while the programs run.
"""

import mmap
import runpy
import struct
import sys
import time
from pathlib import Path

AHEAD = struct.Struct("<q")


def set_ahead(clock: Path, ahead_ms: int) -> None:
    """Write how many milliseconds the clock is ahead; running programs see it at once."""
    clock.touch(mode=0o600)
    with clock.open("r+b") as file:
        file.write(AHEAD.pack(ahead_ms))


def follow(clock: Path) -> None:
    """Put this process on the clock."""
    with clock.open("rb") as file:
        ahead = mmap.mmap(file.fileno(), AHEAD.size, access=mmap.ACCESS_READ)
    true_ns = time.time_ns

    def shifted_ns() -> int:
        (ahead_ms,) = AHEAD.unpack(ahead)
        return true_ns() + int(ahead_ms) * 1_000_000

    time.time_ns = shifted_ns


if __name__ == "__main__":
    follow(Path(sys.argv[1]))
    del sys.argv[:2]
    runpy.run_path(sys.argv[0], run_name="__main__")
