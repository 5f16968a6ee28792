"""Everybody's `xiezhi` on the stage, each with a profile of his own."""

import json
from pathlib import Path
from typing import Any

from tests.stage.people import PASSWORD, Player
from tests.stage.plugin import Stage


class Terminals:
    """The command line of each player, or of each login that a test names itself."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self._stage = stage
        self._folder = folder

    async def run(
        self, who: Player | str, *words: str | Path, code: int = 0, text: str = ""
    ) -> dict[str, Any]:
        """Run one command; its exit code is checked."""
        login = who.login if isinstance(who, Player) else who
        profile = self._folder / f"{login}.json"
        done = await self._stage.run("xiezhi", *words, "--profile", profile, text=text)
        assert done["code"] == code, done
        return done

    async def json(self, who: Player | str, *words: str | Path, code: int = 0) -> Any:
        """Run one command; give what it prints for programs."""
        return json.loads((await self.run(who, *words, "--json", code=code))["out"])

    async def log_in(
        self, who: Player | str, password: str = PASSWORD, place: str = "", *, login: str = "", code: int = 0
    ) -> None:
        """Sign in; the login is the profile's name unless another is given."""
        if isinstance(who, Player):
            login, place = who.login, who.place
        desk = self._stage.endpoints[place]
        where = ("--address", desk["desk"], "--ca", desk["ca"])
        await self.run(who, "login", "--user", login or who, *where, "--stdin", text=password, code=code)
