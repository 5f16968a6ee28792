"""`xiezhi-cases` as a process of its own, started by the stage server: no process may be started once gRPC runs."""

import asyncio
import json
import signal
from pathlib import Path
from typing import Any

from tests.stage.plugin import StageServer, run_command

from xiezhi_node.cases.source import SourceAddress

READY_S = 60


class Adapter:
    """One case source; it keeps its address when it is started again."""

    def __init__(self, server: StageServer, folder: Path, *what: str) -> None:
        folder.mkdir()
        self._server = server
        self._folder = folder
        self._what = what
        self._pid = 0
        self.address = "127.0.0.1:0"

    @property
    def place(self) -> SourceAddress:
        """What a node's configuration says of it."""
        token = (self._certificates / "token").read_text("utf-8").strip()
        return SourceAddress(self.address, self._certificates / "ca.pem", token, 10.0)

    @property
    def _certificates(self) -> Path:
        return self._folder / "tls"

    async def start(self) -> None:
        """Start it and wait until it listens."""
        if not self._certificates.exists():
            made = await run_command(self._server, "xiezhi-cases", "certificate", self._certificates)
            assert made["code"] == 0, made["err"]
        announced = self._folder / "announced.json"
        announced.unlink(missing_ok=True)
        self._pid = await self._ask(
            "launch", command=self._command(announced), out=str(self._folder / "log.txt")
        )
        async with asyncio.timeout(READY_S):
            while not announced.exists():
                await asyncio.sleep(0.05)
        self.address = json.loads(announced.read_text("utf-8"))["address"]

    async def kill(self) -> None:
        """Pull the plug: SIGKILL."""
        if self._pid:
            await self._ask("end", pid=self._pid, number=signal.SIGKILL)
            self._pid = 0

    def log(self) -> str:
        return (self._folder / "log.txt").read_text("utf-8")

    def _command(self, announced: Path) -> list[str]:
        tls = self._certificates
        return [
            *("xiezhi-cases", "serve", *self._what, "--address", self.address),
            *("--certificates", str(tls), "--token-file", str(tls / "token"), "--announce", str(announced)),
        ]

    async def _ask(self, do: str, **values: Any) -> Any:
        return await asyncio.to_thread(self._server.ask, do, **values)
