"""The stage of the end-to-end tests, a process of its own: `python server.py DIRECTORY`.

It starts, stops and kills hub and nodes (the demo's `Stage`) and runs commands, because tests use gRPC, and no
process may be started by fork after that. One line of JSON asks, one line answers; when standard input ends,
everything that was started is ended.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "suzhou"))

from courts import GUSU, PARK
from workbenches import open_workbench

from stage import BIN, Actor, Stage, StageError

COMMAND_S = 120


class OftenSignedIn(Stage):
    """Every test signs the same few people in anew."""

    def _configure(self, actor: Actor, **values: str | int) -> None:
        super()._configure(actor, sign_ins_per_minute=10_000, **values)


class Supervisor:
    """What can be asked; each method is named by the request and takes its other fields."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stage = OftenSignedIn(folder / "stage", (PARK, GUSU))
        self._background: dict[int, subprocess.Popen[bytes]] = {}

    @property
    def _actors(self) -> dict[str, Actor]:
        return {"hub": self._stage.hub, **self._stage.nodes}

    def set_up(self) -> dict[str, Any]:
        """Make keys and databases, let the courts join, start everything."""
        self._stage.set_up()
        return {"administrators": self._stage.administrators, "endpoints": self.start_all()}

    def save(self) -> None:
        """Keep the stage as it is now, for `restore`."""
        for actor in self._actors.values():
            actor.stop()
        shutil.copytree(self._stage.folder, self._folder / "saved")

    def restore(self) -> dict[str, Any]:
        """Put the stage back as it was saved, and start everything."""
        for actor in (*self._stage.beside.values(), *self._actors.values()):
            actor.kill()
        self._stage.beside.clear()
        shutil.rmtree(self._stage.folder)
        shutil.copytree(self._folder / "saved", self._stage.folder)
        return self.start_all()

    def start_all(self) -> dict[str, Any]:
        """Start what does not run; where everything is."""
        stopped = [actor for actor in self._actors.values() if not _runs(actor)]
        with ThreadPoolExecutor() as threads:
            list(threads.map(Actor.start, stopped))
        return {name: actor.endpoints() for name, actor in self._actors.items()}

    def start(self, who: str) -> None:
        self._actors[who].start()

    def stop(self, who: str) -> None:
        self._actors[who].stop()

    def kill(self, who: str) -> None:
        self._actors[who].kill()

    def log(self, who: str) -> str:
        return (self._actors[who].folder / "log.txt").read_text("utf-8", "replace")

    def open_workbench(self, who: str) -> dict[str, str]:
        """Start the workbench of a desk, anew if there was one; its address and certificate."""
        folder = self._stage.folder / f"workbench-{who}"
        before = self._stage.beside.pop(folder.name, None)
        if before is not None:
            before.stop()
        shutil.rmtree(folder, ignore_errors=True)
        serves = "hub" if who == "hub" else "node"
        actor = open_workbench(folder, self._actors[who], serves=serves)
        self._stage.beside[folder.name] = actor
        return {**actor.endpoints(), "certificate": str(folder / "certificate.pem")}

    def restart_workbench(self, who: str) -> None:
        """Stop it and start it again, at the same address."""
        actor = self._stage.beside[f"workbench-{who}"]
        actor.stop()
        actor.start()

    def run(
        self,
        command: list[str],
        text: str = "",
        cwd: str | None = None,
        environment: dict[str, str] | None = None,
        seconds: int = COMMAND_S,
    ) -> dict[str, Any]:
        """Run a command to its end; `xiezhi`, `python` and the like are those of this environment."""
        done = subprocess.run(
            [_program(command[0]), *command[1:]],
            input=text,
            capture_output=True,
            text=True,
            check=False,
            cwd=cwd,
            env=os.environ | (environment or {}),
            timeout=seconds,
        )
        return {"code": done.returncode, "out": done.stdout, "err": done.stderr}

    def launch(self, command: list[str], out: str) -> int:
        """Start a command whose output goes to a file; its process id."""
        with Path(out).open("wb") as file:
            process = subprocess.Popen(
                [_program(command[0]), *command[1:]], stdin=subprocess.DEVNULL, stdout=file, stderr=file
            )
        self._background[process.pid] = process
        return process.pid

    def end(self, pid: int, number: int = signal.SIGTERM) -> int:
        """Send a signal to a launched command; its exit code."""
        process = self._background.pop(pid)
        process.send_signal(number)
        return process.wait(COMMAND_S)

    def close(self) -> None:
        for pid in list(self._background):
            self.end(pid, signal.SIGKILL)
        for actor in (*self._stage.beside.values(), *self._actors.values()):
            actor.kill()


def _runs(actor: Actor) -> bool:
    return actor.process is not None and actor.process.poll() is None


def _program(name: str) -> str:
    own = BIN / name
    return str(own) if own.exists() else name


def answer(supervisor: Supervisor, request: dict[str, Any]) -> dict[str, Any]:
    method: Callable[..., Any] = getattr(supervisor, request.pop("do"))
    try:
        return {"answer": method(**request)}
    except (StageError, OSError, subprocess.SubprocessError) as error:
        return {"problem": str(error)}


def main() -> None:
    supervisor = Supervisor(Path(sys.argv[1]))
    try:
        for line in sys.stdin:
            print(json.dumps(answer(supervisor, json.loads(line))), flush=True)
    finally:
        supervisor.close()


if __name__ == "__main__":
    main()
