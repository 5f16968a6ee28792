"""What keeps a program from starting, in words that its operator can act on; and nothing is changed by the try."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.stage.people import GUSU
from tests.stage.plugin import StageServer, folder_of, run_command

pytestmark = pytest.mark.long

PROGRAMS = {"hub": "xiezhi-hub", GUSU: "xiezhi-node"}


class Spoiled:
    """A copy of a program's folder, which a test may spoil."""

    def __init__(self, server: StageServer, who: str, folder: Path) -> None:
        self._server = server
        self._program = PROGRAMS[who]
        self.config = folder / "config.toml"
        self.data = folder / "data"
        shutil.copytree(server.folder / "saved" / folder_of(who), folder)
        lines = [line for line in self.config.read_text("utf-8").splitlines() if "data_dir" not in line]
        self.config.write_text("\n".join([f'data_dir = "{self.data}"', *lines, ""]), "utf-8")

    async def refusal(self) -> str:
        """Try to serve; what the operator reads."""
        done = await run_command(self._server, self._program, "serve", "--config", self.config, seconds=60)
        assert done["code"] == 1, done
        assert "Traceback" not in done["err"]
        return done["err"]


@pytest.fixture(params=PROGRAMS)
def spoiled(request: pytest.FixtureRequest, saved_stage: StageServer, tmp_path: Path) -> Spoiled:
    return Spoiled(saved_stage, request.param, tmp_path / "copy")


async def test_an_unknown_configuration_key_is_named(spoiled: Spoiled) -> None:
    with spoiled.config.open("a", encoding="utf-8") as file:
        file.write('desk_adress = "127.0.0.1:1"\n')
    assert "desk_adress" in await spoiled.refusal()


async def test_a_database_of_another_version_says_what_to_run(spoiled: Spoiled) -> None:
    with sqlite3.connect(spoiled.data / "journal.db") as database:
        database.execute("UPDATE alembic_version SET version_num = 'of-the-future'")
    database.close()
    words = await spoiled.refusal()
    assert "migrate" in words or "升级" in words


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_text("no key")])
async def test_a_missing_or_broken_key_is_named(spoiled: Spoiled, spoil: Callable[[Path], object]) -> None:
    spoil(spoiled.data / "keys" / "event.pem")
    assert "密钥" in await spoiled.refusal()
