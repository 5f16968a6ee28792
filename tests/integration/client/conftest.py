import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.integration.client.fake_node import LOGIN, PASSWORD, Running, running
from typer.testing import CliRunner, Result

from xiezhi_client.cli.app import app
from xiezhi_client.cli.profile import Profile
from xiezhi_client.sdk import Client, RetryPolicy, connect

# Short pauses: what is tested is what is repeated, not how long a person would wait.
PATIENCE = RetryPolicy(attempts=5, first_wait=0.01, longest_wait=1.0)


@pytest.fixture
async def fake(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


@pytest.fixture
async def client(fake: Running) -> AsyncIterator[Client]:
    async with connect(fake.address, fake.ca_file, retry=PATIENCE) as connected:
        await connected.sign_in(LOGIN, PASSWORD)
        yield connected


class Stage:
    """The process of `stage.py`, started before the first test."""

    def __init__(self, directory: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("stage.py"), directory],
            cwd=Path(__file__).parents[3],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def ask(self, **request: Any) -> dict[str, Any]:
        print(json.dumps(request), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate(timeout=60)


STAGE = pytest.StashKey[Stage]()


def pytest_collection_finish(session: pytest.Session) -> None:
    wanted = any("stage" in getattr(item, "fixturenames", ()) for item in session.items)
    if wanted and not session.config.option.collectonly and STAGE not in session.config.stash:
        directory = Path(tempfile.mkdtemp(prefix="xiezhi-stage-"))
        stage = session.config.stash[STAGE] = Stage(directory)
        session.config.add_cleanup(lambda: shutil.rmtree(directory))
        session.config.add_cleanup(stage.close)


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> Stage:
    return request.config.stash[STAGE]


@dataclass
class Terminal:
    """A user with a profile at a new fake node, and the `xiezhi` command."""

    stage: Stage
    node: dict[str, str]
    profile: Path

    def __call__(self, *args: str, code: int = 0, text: str = "") -> Result:
        result = CliRunner().invoke(app, ["--profile", str(self.profile), *args], input=text)
        assert result.exit_code == code, (result.stdout, result.stderr, result.exception)
        return result

    def json(self, *args: str, code: int = 0) -> Any:
        return json.loads(self(*args, "--json", code=code).stdout)

    def client(self) -> AbstractAsyncContextManager[Client]:
        return connect(self.node["address"], self.node["ca"], self.node["token"], retry=PATIENCE)


@pytest.fixture
def xiezhi(stage: Stage, tmp_path: Path) -> Terminal:
    node = stage.ask(node=True)
    profile = tmp_path / "profile.json"
    Profile(node["address"], node["ca"], node["token"]).save(profile)
    return Terminal(stage, node, profile)
