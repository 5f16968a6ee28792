"""The programs of one scenario while they run: started, asked, timed, ended. The parent never imports gRPC."""

import json
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from tests.bench.scenario import Measurement, Window

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
ANSWER_SECONDS = 300
"""What a program may need beyond the window it was asked to measure."""
STOP_SECONDS = 10


class ProgramFailed(RuntimeError):  # noqa: N818  # the name says what happened
    """A program ended or fell silent; its own words are on standard error."""


class Program:
    """A child process that answers one JSON line for each that it is sent, and ends when its input ends."""

    def __init__(self, name: str, module: str, settings: dict[str, Any]) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, json.dumps(settings)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the harness; its end ends the programs.
        )
        self.pid = self._process.pid
        self.ready: dict[str, Any] = {}

    def ask(self, command: dict[str, Any], seconds: float = 0) -> dict[str, Any]:
        """Send a command that takes about *seconds* and return the answer.

        :raises ProgramFailed: no answer in time, or the program has ended.
        """
        try:
            self._process.stdin.write(json.dumps(command).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise ProgramFailed(f"{self.name} has ended with {self._process.wait()}") from None
        return self.answer(seconds + ANSWER_SECONDS)

    def answer(self, seconds: float) -> dict[str, Any]:
        """Return the next line of the program.

        :raises ProgramFailed: none within *seconds*, or the program has ended.
        """
        readable, _, _ = select.select([self._process.stdout], [], [], seconds)
        if not readable:
            raise ProgramFailed(f"{self.name} does not answer")
        line = self._process.stdout.readline()
        if not line:
            raise ProgramFailed(f"{self.name} has ended with {self._process.wait()}")
        return json.loads(line)

    def close(self) -> None:
        """End the program: by its input, else by force."""
        self._process.stdin.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


class Running(Protocol):
    """A program that somebody else has started."""

    name: str
    pid: int

    def close(self) -> None:
        """End the program."""


class Stand:
    """A scenario's programs and files in one round."""

    def __init__(self, directory: Path, kept: Path, tls: Path) -> None:
        self.directory = directory
        """Empty at first, removed after the round."""
        self.kept = kept
        """The same in all rounds of a run."""
        self.tls = tls
        """Certificates, see `tests.bench.tls`."""
        self.programs: list[Program | Running] = []

    def start(self, name: str, module: str, **settings: Any) -> Program:
        """Start a program and wait until it says what it has to say, such as its port, in `ready`."""
        program = Program(name, module, {"directory": str(self.directory), "tls": str(self.tls)} | settings)
        self.programs.append(program)
        program.ready = program.answer(START_SECONDS)
        return program

    def adopt(self, running: Running) -> None:
        """Measure and end a program that speaks no JSON."""
        self.programs.append(running)

    def drive(self, case: str, window: Window) -> Measurement:
        """Let the driver run one case; return its answer with the CPU time and memory of all programs."""
        before = [cpu_seconds(program.pid) for program in self.programs]
        answer = self.programs[-1].ask({"case": case} | asdict(window), window.seconds)
        total = answer["total"]
        used = {
            program.name: (cpu_seconds(program.pid) - start) / total * 1e6
            for program, start in zip(self.programs, before, strict=True)
        }
        return Measurement(
            per_second=answer["per_second"],
            p50_ms=answer["p50_ms"],
            p95_ms=answer["p95_ms"],
            p99_ms=answer["p99_ms"],
            cpu_us=sum(used.values()),
            operations=total,
            cpu_us_by_program=used,
            rss_mib_by_program={program.name: resident_mib(program.pid) for program in self.programs},
        )

    def close(self) -> None:
        """End all programs, the driver first."""
        for program in reversed(self.programs):
            program.close()


@contextmanager
def opened(stand: Stand) -> Iterator[Stand]:
    """End the programs of *stand* whatever happens inside."""
    try:
        yield stand
    finally:
        stand.close()


def cpu_seconds(pid: int) -> float:
    """Return the CPU time, user and system, of all threads of a process so far.

    The kernel gives every process a clock; its number is made from the pid as in clock_getcpuclockid(3).
    """
    scheduler_clock = 2
    return time.clock_gettime((~pid << 3) | scheduler_clock)


def resident_mib(pid: int) -> float:
    """Return the resident memory of a process in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(kib) / 1024
