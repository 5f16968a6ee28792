"""A real hub with its three listeners on loopback, in the test's own process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import grpc
from argon2.profiles import CHEAPEST
from prometheus_client import CollectorRegistry
from tests.integration.hub.court import HUB_COURT, ORIGIN, Court
from tests.integration.wire.pki import dial

from xiezhi_desk.accounts.passwords import Passwords
from xiezhi_hub.app import begin
from xiezhi_hub.config import HubSettings
from xiezhi_hub.enrolment.tokens import store_token
from xiezhi_hub.health import Health
from xiezhi_hub.initialise import initialise
from xiezhi_hub.listeners import make_listeners
from xiezhi_hub.opening import open_hub
from xiezhi_hub.parts import Parts, assemble
from xiezhi_papers.workshop import Workshop
from xiezhi_wire.certificates import fingerprint
from xiezhi_wire.jointoken import new_token
from xiezhi_wire.listener import Listener
from xiezhi_wire.tls import ClientMaterial

HOUR_MS = 3_600_000


def hub_settings(directory: Path, **values: object) -> HubSettings:
    given: dict[str, object] = {
        "court": HUB_COURT,
        "origin": ORIGIN,
        "data_dir": directory,
        "link_address": "127.0.0.1:0",
        "desk_address": "127.0.0.1:0",
        "join_address": "127.0.0.1:0",
        "public_host": "127.0.0.1",
        "min_free_mib": 1,
    }
    return HubSettings(**{**given, **values})  # type: ignore[arg-type]  # what the test says


@dataclass
class Serving:
    """A serving hub."""

    parts: Parts
    listeners: dict[str, Listener]
    registry: CollectorRegistry

    @property
    def authority(self) -> Path:
        return self.parts.hub.paths.authority / "ca.pem"

    def port(self, name: str) -> int:
        return int(self.listeners[name].address.rpartition(":")[2])

    def anybody(self, name: str) -> grpc.aio.Channel:
        return dial(ClientMaterial(self.authority), self.port(name))

    async def token(self, court: str, lifetime_ms: int = 24 * HOUR_MS) -> str:
        hub = self.parts.hub
        address = f"127.0.0.1:{self.port('join')}"
        token = new_token(court, address, fingerprint(hub.authority.certificate_pem))
        now = hub.journal.clock()
        await hub.journal.write(partial(store_token, token=token, now=now, lifetime_ms=lifetime_ms))
        return token.encode()

    async def joined(self, code: str, directory: Path) -> Court:
        """A court that has joined."""
        court = Court(code, directory)
        await court.join(await self.token(code), self.authority)
        return court

    def connect(self, court: Court) -> grpc.aio.Channel:
        return court.connect(self.port("link"), self.authority)

    def health(self) -> Health:
        return Health(self.parts, list(self.listeners.values()), self.registry)


@asynccontextmanager
async def serving(settings: HubSettings, workshop: Workshop | None = None) -> AsyncIterator[Serving]:
    """Serve an initialised hub for the time of the block."""
    parts, registry = assemble(open_hub(settings), Passwords(CHEAPEST), workshop), CollectorRegistry()
    listeners = make_listeners(parts, registry)
    await begin(parts)
    for listener in listeners:
        await listener.start()
    parts.hub.paths.write_endpoints({listener.name: listener.address for listener in listeners})
    try:
        yield Serving(parts, {listener.name: listener for listener in listeners}, registry)
    finally:
        await asyncio.gather(*(listener.stop(0) for listener in listeners))
        await parts.close()


@asynccontextmanager
async def new_hub(
    directory: Path, workshop: Workshop | None = None, **values: object
) -> AsyncIterator[Serving]:
    """Make a hub and serve it."""
    settings = hub_settings(directory, **values)
    await asyncio.to_thread(initialise, settings)
    async with serving(settings, workshop) as hub:
        yield hub
