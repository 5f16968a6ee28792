"""A stage with real processes, as a pytest plugin: hub and two nodes over mTLS, one fresh stage for each module.

The processes are started by `server.py`, which starts when the tests are collected, before the first one loads
gRPC. Keys, courts and accounts are made once and saved; a module begins with a copy of that.
"""

import asyncio
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Generator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from tests.stage.company import Company, enlist
from tests.stage.people import Player

ROOT = Path(__file__).parents[2]
LOG_LINES = 15


class StageServer:
    """The conversation with `server.py`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("server.py")), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C ends the test run; the stage then ends what it started.
        )
        self._one_at_a_time = threading.Lock()
        self.saved: dict[str, Any] = {}
        """What `set_up` answered."""
        self.restored = 0
        """How often the stage was put back."""

    def ask(self, do: str, **values: Any) -> Any:
        with self._one_at_a_time:
            print(json.dumps({"do": do, **values}), file=self._process.stdin, flush=True)
            line = self._process.stdout.readline()
        assert line, "the stage has left"
        answer = json.loads(line)
        if "problem" in answer:
            pytest.fail(answer["problem"], pytrace=False)
        return answer["answer"]

    def restore(self) -> dict[str, dict[str, str]]:
        """Put the stage back as it was saved, with everything running; where everything is."""
        self.restored += 1
        return self.ask("restore")

    def close(self) -> None:
        self._process.communicate(timeout=60)


class Stage:
    """Hub and nodes as a test sees them. `who` is `hub` or a court."""

    def __init__(self, server: StageServer, endpoints: dict[str, dict[str, str]]) -> None:
        self.server = server
        self.endpoints = endpoints
        self.administrators: dict[str, dict[str, str]] = server.saved["administrators"]
        self.tokens: dict[Player, str] = {}
        self._workbenches: dict[str, dict[str, str]] = {}

    async def start(self, who: str) -> None:
        await self._ask("start", who=who)

    async def stop(self, who: str) -> None:
        await self._ask("stop", who=who)

    async def kill(self, who: str) -> None:
        """Pull the plug: SIGKILL."""
        await self._ask("kill", who=who)

    async def start_all(self) -> None:
        await self._ask("start_all")

    async def log(self, who: str) -> str:
        return await self._ask("log", who=who)

    async def run(self, *command: str | Path, **options: Any) -> dict[str, Any]:
        """Run a command to its end: `code`, `out`, `err`."""
        return await run_command(self.server, *command, **options)

    async def launch(self, *command: str | Path, out: Path) -> int:
        return await self._ask("launch", command=[str(part) for part in command], out=str(out))

    async def end(self, pid: int, *, kill: bool = False) -> int:
        return await self._ask("end", pid=pid, number=signal.SIGKILL if kill else signal.SIGTERM)

    async def workbench(self, who: str) -> dict[str, str]:
        """The workbench of a desk, which is started when first asked for: `workbench`, its address, `certificate`."""
        if who not in self._workbenches:
            self._workbenches[who] = await self._ask("open_workbench", who=who)
        return self._workbenches[who]

    async def restart_workbench(self, who: str) -> None:
        """Stop it and start it again, at the same address; its sessions are gone."""
        await self._ask("restart_workbench", who=who)

    def data(self, who: str) -> Path:
        """The data directory of a program."""
        return self.server.folder / "stage" / folder_of(who) / "data"

    def config(self, who: str) -> Path:
        return self.server.folder / "stage" / folder_of(who) / "config.toml"

    async def _ask(self, do: str, **values: Any) -> Any:
        return await asyncio.to_thread(self.server.ask, do, **values)


SERVER = pytest.StashKey[StageServer]()


def pytest_collection_finish(session: pytest.Session) -> None:
    config = session.config
    wanted = any("stage_server" in getattr(item, "fixturenames", ()) for item in session.items)
    if wanted and not config.option.collectonly and SERVER not in config.stash:
        folder = Path(tempfile.mkdtemp(prefix="xiezhi-stage-"))
        server = config.stash[SERVER] = StageServer(folder)
        config.add_cleanup(lambda: shutil.rmtree(folder))
        config.add_cleanup(server.close)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failure what the programs said last."""
    report = yield
    server = item.config.stash.get(SERVER, None)
    if report.failed and server is not None:
        for log in sorted(server.folder.glob("stage/*/log.txt")):
            lines = log.read_text("utf-8", "replace").splitlines()
            report.sections.append((f"log of {log.parent.name}", "\n".join(lines[-LOG_LINES:])))
    return report


@pytest.fixture(scope="session")
def stage_server(request: pytest.FixtureRequest) -> StageServer:
    """The process that starts others."""
    return request.config.stash[SERVER]


@pytest.fixture(scope="session")
def saved_stage(stage_server: StageServer) -> StageServer:
    """The same, with a stage set up and saved: keys, courts, accounts, a case."""
    # Each folder's conftest has this fixture of its own; the server is one.
    if not stage_server.saved:
        stage_server.saved = stage_server.ask("set_up")
        asyncio.run(enlist(stage_server.saved["endpoints"], stage_server.saved["administrators"]))
        stage_server.ask("save")
    return stage_server


@pytest.fixture(scope="module")
def module_stage(saved_stage: StageServer) -> Stage:
    """A fresh stage with everything running."""
    return Stage(saved_stage, saved_stage.restore())


@pytest.fixture(scope="session")
def shared_stages() -> dict[int, Stage]:
    """The stages that modules share, by how often the stage had been put back with them."""
    return {}


@pytest.fixture(scope="module")
def shared_stage(saved_stage: StageServer, shared_stages: dict[int, Stage]) -> Stage:
    """One stage for many modules, anew where others had it in between; of folders that take it for `module_stage`."""
    if saved_stage.restored not in shared_stages:
        made = Stage(saved_stage, saved_stage.restore())
        shared_stages[saved_stage.restored] = made
    return shared_stages[saved_stage.restored]


@pytest.fixture
async def stage(module_stage: Stage) -> Stage:
    """The module's stage; what a test before has left lying is up again."""
    await module_stage.start_all()
    return module_stage


@pytest.fixture
async def company(stage: Stage) -> AsyncIterator[Company]:
    """Everybody on the stage, signed in when first asked for."""
    async with AsyncExitStack() as stack:
        yield Company(stage.endpoints, stage.tokens, stack)


def folder_of(who: str) -> str:
    """The name of a program's folder on the stage."""
    return "hub" if who == "hub" else f"node-{who}"


async def run_command(server: StageServer, *command: str | Path, **options: Any) -> dict[str, Any]:
    """Run a command to its end: `code`, `out`, `err`."""
    words = [str(word) for word in command]
    return await asyncio.to_thread(server.ask, "run", command=words, **options)
