"""The platform as scenarios: on a journal with nothing in it, and on a seeded one."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

from tests.bench.courts import RECEIVER, SENDER
from tests.bench.product import end_state
from tests.bench.product.stage import NAMES, Service, Stage
from tests.bench.scenario import Measurement, Scenario, Window
from tests.bench.stand import ROOT, Program, Stand, opened, resident_mib

CALLER = "caller"
IDLE = "idle"


class Product(Scenario):
    """Hub, sender A and receiver B with a caller at A."""

    name = "product"
    cases = (IDLE, "sat", "low", "unary-1", "unary-16", "unary-64", "batch-512")
    operations = 20_000
    bare = False

    def start(self, stand: Stand) -> None:
        kept = _kept_stage(stand)
        self._stage = kept.copy_to(stand.directory / "stage")
        self._begin(stand)

    def _begin(self, stand: Stand, *, workbench: bool = False) -> None:
        self._before = end_state.mark(self._stage)
        token = (stand.kept / "token").read_text()
        self._caller = _play(stand, self._stage, token, workbench=workbench, bare=self.bare)

    def measure(self, stand: Stand, case: str, window: Window) -> Measurement:
        if case == IDLE:
            time.sleep(window.seconds)
            return Measurement(rss_mib_by_program=_memory(stand))
        found = stand.drive(case, window)
        used = {name: each for name, each in found.cpu_us_by_program.items() if name != CALLER}
        return replace(found, cpu_us=sum(used.values()), rss_mib_by_program=_memory(stand))

    def check(self, stand: Stand) -> None:
        issued = self._caller.ask({"do": "told"})["issued"]
        end_state.check(self._stage, self._before, issued)


class Bare(Product):
    """The same path without what makes evidence, see `without`. What it leaves is counted and proves nothing."""

    name = "bare"
    cases = ("sat",)
    bare = True

    def check(self, stand: Stand) -> None:
        issued = self._caller.ask({"do": "told"})["issued"]
        end_state.check_counts(self._stage, self._before, issued)


class Seeded(Product):
    """The same on a journal that holds many instructions. It is played in place: a copy would be of many GB."""

    name = "seeded"
    cases = ("sat", "low", "list", "inbox", "proof")
    operations = 10_000

    def __init__(self, instructions: int) -> None:
        self.instructions = instructions

    def start(self, stand: Stand) -> None:
        self._stage = _kept_stage(stand)
        if not (stand.kept / "seeded").exists():
            sample = _play_sample(stand, self._stage)
            settings = {"stage": str(self._stage.folder), "sample": sample, "count": self.instructions}
            command = [sys.executable, "-m", "tests.bench.product.seeding", json.dumps(settings)]
            subprocess.run(command, cwd=ROOT, check=True)
            _prove(stand, self._stage)
            (stand.kept / "seeded").touch()
        self._begin(stand, workbench=True)


def _play_sample(stand: Stand, stage: Stage) -> str:
    """Let one matter be issued, delivered and withdrawn; returns its id when everybody knows of it."""
    with opened(Stand(stand.directory, stand.kept, stand.tls)) as making:
        caller = _play(making, stage, (stand.kept / "token").read_text())
        sample = caller.ask({"do": "sample"})["instruction"]
        password = (stand.kept / "password").read_text()
        caller.ask({"do": "withdraw", "instruction": sample, "password": password})
        end_state.settle(stage)
    return sample


def _prove(stand: Stand, stage: Stage) -> None:
    """Have receipts of some seeded events checked offline, and one seeded matter withdrawn."""
    events, still_open = end_state.samples(stage)
    with opened(Stand(stand.directory, stand.kept, stand.tls)) as proving:
        caller = _play(proving, stage, (stand.kept / "token").read_text())
        told = proving.programs[1].endpoints()
        pinned = {key: told[key] for key in ("origin", "log_vkey")}
        password = (stand.kept / "password").read_text()
        caller.ask({"do": "verify", "events": events, "password": password, **pinned})
        caller.ask({"do": "withdraw", "instruction": still_open, "password": password})
        end_state.settle(stage)


def _memory(stand: Stand) -> dict[str, float]:
    return {each.name: resident_mib(each.pid) for each in stand.programs if each.name != CALLER}


def _play(stand: Stand, stage: Stage, token: str, *, workbench: bool = False, bare: bool = False) -> Program:
    """Start everything on *stage*, if asked with a workbench at the receiver; returns the caller."""
    services = {name: stage.start(name, bare=bare) for name in NAMES}
    for service in services.values():
        stand.adopt(service)
    for service in services.values():
        service.endpoints()
    look = _open_workbench(stand, stage, services[RECEIVER]) if workbench else {}
    return _start_caller(stand, stage, services[SENDER], token, look)


def _open_workbench(stand: Stand, stage: Stage, node: Service) -> dict[str, Any]:
    """Start the workbench of *node*; returns what the caller needs to look at both."""
    at = node.endpoints()
    service = stage.open_workbench(RECEIVER, at, stand.tls)
    stand.adopt(service)
    return {
        "desk": at["desk"],
        "ca": at["ca"],
        "workbench": service.endpoints()["workbench"],
        "trust": str(stand.tls / "ca.pem"),
        "password": (stand.kept / "receiver-password").read_text(),
        "events": end_state.samples(stage)[0],
    }


def _start_caller(stand: Stand, stage: Stage, node: Service, token: str, look: dict[str, Any]) -> Program:
    at = node.endpoints()
    return stand.start(
        CALLER,
        "tests.bench.product.caller",
        desk=at["desk"],
        ca=at["ca"],
        journal=str(stage.journal(SENDER)),
        token=token,
        look=look,
    )


def _kept_stage(stand: Stand) -> Stage:
    """Return the stage that all rounds begin with: joined courts, a program with its token, a case."""
    stage = Stage(stand.kept / "stage")
    if not (stand.kept / "token").exists():
        passwords = stage.create()
        (stand.kept / "password").write_text(passwords[SENDER])
        (stand.kept / "receiver-password").write_text(passwords[RECEIVER])
        with opened(Stand(stand.directory, stand.kept, stand.tls)) as making:
            caller = _play(making, stage, "")
            token = caller.ask({"do": "token", "password": passwords[SENDER]})["token"]
            at = making.programs[list(NAMES).index(RECEIVER)].endpoints()
            caller.ask({"do": "reader", "desk": at["desk"], "ca": at["ca"], "password": passwords[RECEIVER]})
        (stand.kept / "token").write_text(token)
    return stage
