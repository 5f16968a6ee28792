"""The demo's log and figures, checked in an environment that holds `xiezhi[verify]` and nothing else."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.stage.plugin import ROOT, StageServer, run_command

pytestmark = pytest.mark.long

_LEFT_OUT = ("sqlalchemy", "typer", "structlog", "typst", "argon2", "starlette", "openpyxl")
_SUZHOU = ("苏05", "苏0591", "苏0508")


class Alone:
    """A small environment of its own."""

    def __init__(self, server: StageServer, folder: Path) -> None:
        self._server, self._folder = server, folder

    async def run(self, *words: object, code: int = 0) -> str:
        done = await run_command(self._server, *map(str, words), seconds=280)
        assert done["code"] == code, done["out"] + done["err"]
        return str(done["out"])

    async def make(self) -> None:
        await self.run(sys.executable, "-m", "venv", self._folder)
        pip = (self._folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check")
        await self.run(*pip, f"{ROOT}[verify]")
        for name in _LEFT_OUT:
            await self.run(self._folder / "bin" / "python", "-c", f"import {name}", code=1)

    async def verify(self, *words: object) -> str:
        return await self.run(self._folder / "bin" / "xiezhi-verify", *words)

    async def as_json(self, *words: object) -> Any:
        return json.loads(await self.verify(*words, "--json"))


async def test_the_demo_is_verified_from_outside(stage_server: StageServer, tmp_path: Path) -> None:
    """The verifier asks no server anything; its pins are those of a court that it was given them by."""
    alone, demo, log = Alone(stage_server, tmp_path / "venv"), tmp_path / "demo", tmp_path / "log"
    await alone.make()
    await alone.run("python", ROOT / "examples" / "suzhou" / "demo.py", "--once", "--folder", demo)
    await alone.run("xiezhi-hub", "export", log, "--config", demo / "hub" / "config.toml")

    pins = ("--pins", demo / "node-苏0508" / "data" / "endpoints.json")
    audited = await alone.as_json("audit", log, *pins)
    assert (audited["verdict"], audited["copies"][0]["whole"]) == ("CHECKED", True)
    for court in _SUZHOU:
        journal = demo / f"node-{court}" / "data" / "journal.db"
        held = await alone.as_json("audit", journal, "--against", log, *pins)
        assert (held["verdict"], held["between"]) == ("CHECKED", []), held
    period = ("--first", "2000-01-01", "--last", "2099-12-31")
    counted = await alone.as_json("figures", log, *period, *pins)
    assert counted["verdict"] == "CHECKED"
    found = {(each["indicator"], each["court"]): each["numbers"] for each in counted["figures"]}
    assert found["COMPLETED_IN_TIME", "苏0508"] == {"numerator": 1, "denominator": 1}
