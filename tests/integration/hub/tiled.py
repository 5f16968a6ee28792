"""A hub whose log is served as files, and a court that reads them."""

import asyncio
import http.client
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.integration.hub.court import ORIGIN, RECEIVER, SENDER, Court
from tests.integration.hub.stand import Serving, new_hub

from xiezhi_client.verify.audit import Audit, AuditResult, run_audit
from xiezhi_client.verify.log_sources import Identity
from xiezhi_client.verify.pins import Pins
from xiezhi_hub.tiled_log.assembly import log_listeners
from xiezhi_hub.tiled_log.export import export_log
from xiezhi_hub.tiled_log.listener import LogListener

MANY = 300
"""More than one tile holds."""


class Stand:
    """A hub whose log is served, and a court that has joined."""

    def __init__(self, hub: Serving, listener: LogListener, court: Court) -> None:
        self.hub = hub
        self.listener = listener
        self.court = court
        self.journal = hub.parts.hub.journal
        self.port = int(listener.address.rpartition(":")[2])
        self.pins = Pins(ORIGIN, (self.journal.signer.verifier_key.format(),))
        self.identity = Identity(hub.authority, court.directory / "tls.pem", court.directory / "tls.key")

    async def get(
        self, path: str, method: str = "GET", identity: Identity | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        return await asyncio.to_thread(self._get, path, method, identity or self.identity)

    def _get(self, path: str, method: str, identity: Identity) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=identity.context())
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    async def file(self, path: str) -> tuple[int, dict[str, str], bytes]:
        return await self.get(f"/{ORIGIN}/{path}")

    async def audit(self, copy: object, **values: object) -> AuditResult:
        asked = Audit(str(copy), self.pins, identity=self.identity, **values)  # type: ignore[arg-type]  # what the test says
        return await asyncio.to_thread(run_audit, asked)

    async def export(self, folder: Path) -> int:
        return (await asyncio.to_thread(export_log, self.journal, folder)).written

    async def rule(self, number: int) -> None:
        records = [self.court.issue(RECEIVER, each) for each in range(1, number + 1)]
        assert set(await self.hub.parts.intake.rule(SENDER, records)) == {None}


@asynccontextmanager
async def served_log(directory: Path) -> AsyncIterator[Stand]:
    async with new_hub(directory / "hub", log_address="127.0.0.1:0") as hub:
        court = await hub.joined(SENDER, directory)
        await hub.joined(RECEIVER, directory)
        [listener] = log_listeners(hub.parts)
        await listener.start()
        stand = Stand(hub, listener, court)
        await stand.rule(MANY)
        try:
            yield stand
        finally:
            await listener.stop(1)
