"""Hub and two nodes as their operators run them: made once by their own commands, copied for each round."""

import json
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.bench.courts import HUB, RECEIVER, SENDER
from tests.bench.stand import ROOT

from xiezhi_domain.rulebook import shipped_rulebook

BIN = Path(sys.executable).parent
WITHOUT = "tests.bench.product.without"
ORIGIN = "bench.invalid/xiezhi"
READY_SECONDS = 60
STOP_SECONDS = 30
LETTER = (
    'acts = []\npapers = ["ENTRUSTMENT_LETTER"]',
    'acts = ["CONTROL_PERSON"]\npapers = ["ENTRUSTMENT_LETTER"]',
)
"""References have no documents, so here the letter is asked for in fewer matters than by the shipped rules."""
LATER = (f'version = "{shipped_rulebook().version}"', f'version = "{shipped_rulebook().version}.1"')
FIRST_PORT, EPHEMERAL = 10_000, 32_768
UNLIMITED = 1_000_000
"""Calls per second of one account. The limit protects from a caller as busy as the benchmark's."""
NAMES = {"hub": "xiezhi-hub", SENDER: "xiezhi-node", RECEIVER: "xiezhi-node"}


class Service:
    """One `serve` of hub or node. `Stand` sees it as one of its programs."""

    def __init__(self, name: str, folder: Path, *command: str | Path) -> None:
        self.name = name
        self._folder = folder
        self._endpoints = folder / "data" / "endpoints.json"
        self._endpoints.unlink(missing_ok=True)
        with (folder / "log.txt").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "serve", "--config", folder / "config.toml"],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the harness; its end ends the programs.
            )
        self.pid = self._process.pid

    def endpoints(self) -> dict[str, Any]:
        """Return the addresses, once it listens.

        :raises RuntimeError: it does not start.
        """
        deadline = time.monotonic() + READY_SECONDS
        while not self._endpoints.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                tail = (self._folder / "log.txt").read_text("utf-8")[-2_000:]
                raise RuntimeError(f"{self.name} does not start:\n{tail}")
            time.sleep(0.02)
        return json.loads(self._endpoints.read_text("utf-8"))

    def close(self) -> None:
        """Drain and end it, by force if it does not."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Stage:
    """The three programs' files under one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def journal(self, name: str) -> Path:
        """Return the database of the hub or of a court's node."""
        return self.folder / name / "data" / "journal.db"

    def data(self, name: str) -> Path:
        """Return the data directory of the hub or of a court's node."""
        return self.folder / name / "data"

    def create(self) -> dict[str, str]:
        """Make hub and nodes and let them join; returns the passwords of the nodes' administrators."""
        # The address of the link stays: it is what the courts have been told when they joined.
        addresses = {f"{listener}_address": f"127.0.0.1:{_free_port()}" for listener in ("link", "join")}
        (self.folder / "hub").mkdir(parents=True)
        self._configure("hub", court=HUB, origin=ORIGIN, **addresses)
        self._run("hub", "init")
        hub = self.start("hub")
        passwords = {}
        try:
            hub.endpoints()
            for court in (SENDER, RECEIVER):
                (self.folder / court).mkdir()
                self._configure(court)
                self._run(court, "join", self._run("hub", "enrol", court))
                passwords[court] = self._run(court, "account", "create-admin", "admin")
        finally:
            hub.close()
        self._put_rulebook_in_force()
        return passwords

    def copy_to(self, folder: Path) -> "Stage":
        """Return a copy of a stage on which nothing runs."""
        shutil.copytree(self.folder, folder)
        for name in NAMES:
            config = folder / name / "config.toml"
            config.write_text(config.read_text("utf-8").replace(str(self.folder), str(folder)), "utf-8")
        return Stage(folder)

    def start(self, name: str, *, bare: bool = False) -> Service:
        """Start the hub or a court's node; *bare*: without what makes evidence (`without`)."""
        command = (sys.executable, "-m", WITHOUT, NAMES[name]) if bare else (BIN / NAMES[name],)
        return Service(name, self.folder / name, *command)

    def open_workbench(self, court: str, desk: dict[str, Any], tls: Path) -> Service:
        """Start the workbench of a court's node that runs; `tls` holds the court's certificate."""
        folder = self.folder / f"workbench-{court}"
        (folder / "data").mkdir(parents=True, exist_ok=True)
        settings = {
            "serves": "node",
            "server": desk["desk"],
            "server_authority": desk["ca"],
            "listen": "127.0.0.1:0",
            "certificate": str(tls / f"{court}.server.pem"),
            "certificate_key": str(tls / f"{court}.key"),
            "announce": str(folder / "data" / "endpoints.json"),
            "log_level": "WARNING",
        }
        _write(folder, settings)
        return Service(folder.name, folder, BIN / "xiezhi", "workbench")

    def _configure(self, name: str, **values: str) -> None:
        settings: dict[str, Any] = {
            "data_dir": str(self.data(name)),
            "desk_address": "127.0.0.1:0",
            "calls_per_second": UNLIMITED,
            "calls_at_once": UNLIMITED,
            "log_level": "WARNING",
            **values,
        }
        _write(self.folder / name, settings)

    def _put_rulebook_in_force(self) -> None:
        shipped = shipped_rulebook().content
        changed = shipped.decode().replace(*LETTER)
        assert changed.encode() != shipped, "the rule to change is not where it was"
        content = changed.replace(*LATER).encode()
        hash_ = sha256(content).hexdigest()
        for name in NAMES:
            with closing(sqlite3.connect(self.journal(name))) as file, file:
                file.execute("INSERT INTO rulebook VALUES (?, ?, 1)", (hash_, content))

    def _run(self, name: str, *arguments: str) -> str:
        command = [BIN / NAMES[name], *arguments, "--config", self.folder / name / "config.toml"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{name} {arguments[0]}: {done.stderr.strip()}")
        return done.stdout.strip()


def _write(folder: Path, settings: dict[str, Any]) -> None:
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in settings.items()]
    (folder / "config.toml").write_text("".join(lines), "utf-8")


def _free_port() -> int:
    """Return a port that stays free until the last round: the system gives those below `EPHEMERAL` to nobody."""
    while True:
        port = random.randrange(FIRST_PORT, EPHEMERAL)
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
