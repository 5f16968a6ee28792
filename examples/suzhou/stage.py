"""The stage: hub and nodes as processes of their own, set up, started, killed and started again.

No gRPC here: this process makes others all the time, and none may be made once gRPC runs in a process.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from courts import HUB, NODES, ORIGIN
from ports import free_ports
from seal_authority import SealAuthority
from shifted_clock import set_ahead

READY_S = 120.0
STOP_S = 20.0
LIFE_DAYS = 1_000
BIN = Path(sys.executable).parent
SHIFTED = [sys.executable, str(Path(__file__).with_name("shifted_clock.py"))]


class StageError(Exception):
    """Something on the stage did not work; the message says what and where to look."""


@dataclass
class Actor:
    """One program: what starts it, where it lies, and whether it runs."""

    name: str
    program: str
    command: list[str]
    folder: Path
    process: "subprocess.Popen[bytes] | None" = None
    log: IO[bytes] | None = field(default=None, repr=False)

    @property
    def endpoints_file(self) -> Path:
        """What the program writes when it is ready."""
        return self.folder / "data" / "endpoints.json"

    def start(self) -> None:
        """Start the program and wait until it is ready."""
        self.endpoints_file.unlink(missing_ok=True)
        self.log = (self.folder / "log.txt").open("ab")
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, cwd=self.folder
        )
        deadline = time.monotonic() + READY_S
        while not self.endpoints_file.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise StageError(f"{self.name} 没有启动，请查看 {self.folder / 'log.txt'}")
            time.sleep(0.05)

    def kill(self) -> None:
        """Pull the plug: SIGKILL, without a word."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """Ask it to stop, and insist if it does not."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
        if self.log is not None:
            self.log.close()

    def endpoints(self) -> dict[str, Any]:
        """The addresses and certificates of the running program."""
        found: dict[str, Any] = json.loads(self.endpoints_file.read_text("utf-8"))
        return found


class Stage:
    """Hub 苏05 and the nodes of *courts* under one folder, with fresh keys; on a clock that can be put ahead or not."""

    def __init__(self, folder: Path, courts: Sequence[str] = NODES, *, own_clock: bool = False) -> None:
        self.folder = folder.resolve()
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir(mode=0o700, parents=True)
        self.clock = self.folder / "clock" if own_clock else None
        """The clock that all programs follow, None for the true time."""
        self._ahead_ms = 0
        if self.clock is not None:
            set_ahead(self.clock, 0)
        self.hub = self._actor("hub", "xiezhi-hub")
        self.nodes = {court: self._actor(f"node-{court}", "xiezhi-node") for court in courts}
        self.notifications: Path | None = None
        """What nodes are told about gateways outside; None where nobody is notified."""
        self.administrators: dict[str, dict[str, str]] = {}
        self.beside: dict[str, Actor] = {}
        """What a story has put beside the node of a court."""

    def _actor(self, name: str, program: str) -> Actor:
        folder = self.folder / name
        folder.mkdir(mode=0o700)
        path = str(BIN / program)
        serve = [path, "serve", "--config", str(folder / "config.toml")]
        return Actor(name, path, [*SHIFTED, str(self.clock), *serve] if self.clock else serve, folder)

    def set_up(self) -> None:
        """Make keys and databases, start everything, let the courts join."""
        ports = free_ports(3 + len(self.nodes))
        self._configure(
            self.hub,
            court=HUB,
            origin=ORIGIN,
            link_address=f"127.0.0.1:{ports[0]}",
            desk_address=f"127.0.0.1:{ports[1]}",
            join_address=f"127.0.0.1:{ports[2]}",
            # Certificates are checked by the true time: one renewed on a clock that is ahead would not be valid yet.
            node_certificate_days=LIFE_DAYS,
        )
        self.administrators["hub"] = {"login": "admin", "password": self.run(self.hub, "init")}
        self.hub.start()
        seals = SealAuthority(self.folder / "seals")
        for (court, node), port in zip(self.nodes.items(), ports[3:], strict=True):
            self._configure(
                node,
                desk_address=f"127.0.0.1:{port}",
                seal_key_file=str(seals.seal(court)),
                seal_trust_file=str(seals.trust_file),
            )
            self.run(node, "join", self.run(self.hub, "enrol", court))
            password = self.run(node, "account", "create-admin", "admin")
            self.administrators[court] = {"login": "admin", "password": password}
            node.start()

    def _configure(self, actor: Actor, **values: str | int) -> None:
        if self.notifications is not None:
            values["notifications_file"] = str(self.notifications)
        values = {"data_dir": str(actor.folder / "data"), "log_level": "INFO", **values}
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
        (actor.folder / "config.toml").write_text("\n".join(lines) + "\n", "utf-8")

    def run(self, actor: Actor, *arguments: str) -> str:
        """Run one command of an actor's program and return what it printed."""
        command = [actor.program, *arguments, "--config", str(actor.folder / "config.toml")]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=actor.folder)
        if done.returncode:
            raise StageError(f"{actor.name} {' '.join(arguments[:1])} 失败：{done.stderr.strip()}")
        return done.stdout.strip()

    def pass_time(self, passed_ms: int) -> None:
        """Put the clock of all programs ahead."""
        if self.clock is None:
            raise StageError("这台戏没有自己的时钟，时间不能快进")
        self._ahead_ms += passed_ms
        set_ahead(self.clock, self._ahead_ms)

    def actor(self, name: str) -> Actor:
        """Return the hub, or the node of a court."""
        return self.hub if name == "hub" else self.nodes[name]

    def write_endpoints(self, accounts: dict[str, Any]) -> Path:
        """Write addresses, certificates and accounts for scripts, and return the file."""
        path = self.folder / "endpoints.json"
        content = {
            "hub": self.hub.endpoints(),
            "nodes": {court: node.endpoints() for court, node in self.nodes.items()},
            "administrators": self.administrators,
            "accounts": accounts,
        }
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=2)
        return path

    def close(self) -> None:
        """Stop everything, nodes first."""
        for actor in (*self.nodes.values(), self.hub, *self.beside.values()):
            actor.stop()
