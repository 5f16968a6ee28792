"""The process in which files of strangers are looked into (`python -m`, see `apart`): one job, then it is gone.

The kernel ends it when the job takes too long, whatever code it is in, and gives it no more memory than its bound.
"""

import json
import resource
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from xiezhi_workbench import previews, scans
from xiezhi_workbench.scans import Sheet, UnusableError

MEMORY_BYTES: Final = 3 * 1024**3


def _thumbnails(files: Sequence[bytes], _plan: Any) -> list[bytes]:
    return scans.thumbnails(files[0])


def _bind(files: Sequence[bytes], plan: Any) -> list[bytes]:
    return scans.bind(files, [[Sheet(*sheet) for sheet in paper] for paper in plan])


def _look(files: Sequence[bytes], plan: Any) -> list[bytes]:
    previews.check(files[0], str(plan))
    return []


_JOBS: Final[Mapping[str, Callable[[Sequence[bytes], Any], list[bytes]]]] = {
    "thumbnails": _thumbnails,
    "bind": _bind,
    "look": _look,
}


def main() -> None:
    """Do the job that standard input says, within so many seconds as the first argument says."""
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    asked = json.loads(sys.stdin.buffer.readline())
    files = [sys.stdin.buffer.read(size) for size in asked["sizes"]]
    made: list[bytes] = []
    try:
        made = _JOBS[asked["job"]](files, asked["plan"])
        told: dict[str, Any] = {"sizes": list(map(len, made))}
    except UnusableError as error:
        told = {"wrong": str(error)}
    except MemoryError:
        told = {"heavy": True}
    sys.stdout.buffer.write(b"".join((json.dumps(told).encode(), b"\n", *made)))


if __name__ == "__main__":
    main()
