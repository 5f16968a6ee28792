"""Processes that a test may kill. They start before the first test runs: later, gRPC forbids starting any."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2]


class Child:
    """A process that waits to be told which function to run; what the function prints is read line by line."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.children"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, module: str, function: str, *arguments: Any) -> None:
        """Let it run a function with *arguments* that JSON can carry."""
        self._process.stdin.write(json.dumps([module, function, arguments]) + "\n")
        self._process.stdin.flush()

    def lines(self) -> Iterator[str]:
        """Everything it prints until it ends, also what it printed before it was killed."""
        for line in self._process.stdout:
            # A killed process may have printed half a line.
            if line.endswith("\n"):
                yield line[:-1]

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()

    def wait(self) -> int:
        """Wait for its end; returns its exit code."""
        return self._process.wait()

    def close(self) -> None:
        """Let it go, told what to do or not."""
        self._process.stdin.close()
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()


class Children:
    """All processes of a test run."""

    def __init__(self, count: int) -> None:
        self._all = [Child() for _ in range(count)]
        self._free = iter(self._all)

    def take(self) -> Child:
        """Give out one that nobody has had."""
        return next(self._free)

    def close(self) -> None:
        """Let all go."""
        for child in self._all:
            child.close()


POOL = pytest.StashKey[Children]()


def run_what_is_said() -> None:
    """Read one line that says what to run, and run it; nothing is said if the test run is over."""
    line = sys.stdin.readline()
    if line:
        module, function, arguments = json.loads(line)
        getattr(importlib.import_module(module), function)(*arguments)


if __name__ == "__main__":
    run_what_is_said()
