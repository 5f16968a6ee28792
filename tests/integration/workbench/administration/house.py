"""A hub, a node on its link, their people, and a workbench beside each, in one process."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
from argon2.profiles import CHEAPEST
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from tests.integration.hub.stand import Serving, new_hub
from tests.integration.link.house import eventually
from tests.integration.workbench.browser import Browser

from xiezhi.v1 import court_pb2
from xiezhi_desk.accounts import store
from xiezhi_desk.accounts.account import Account
from xiezhi_desk.accounts.passwords import Passwords
from xiezhi_domain.terms import Role
from xiezhi_journal.journal import Journal
from xiezhi_journal.migrate import upgrade
from xiezhi_node.config import NodeSettings
from xiezhi_node.joining import join, make_desk_certificate
from xiezhi_node.node import Node, open_node
from xiezhi_node.services import node_services
from xiezhi_papers.workshop import Workshop
from xiezhi_wire.accounting import Accounting
from xiezhi_wire.credentials import bearer
from xiezhi_wire.interceptors import ChainParts, standard_chain
from xiezhi_wire.jointoken import decode
from xiezhi_wire.limits import RateLimiter
from xiezhi_wire.listener import Listener, ListenerSettings
from xiezhi_wire.policy import MethodPolicy
from xiezhi_wire.streams import LiveStreams
from xiezhi_wire.tls import ServerMaterial
from xiezhi_workbench.app import build
from xiezhi_workbench.config import WorkbenchSettings

COURT, HUB = "苏0508", "hub"
PASSWORD = "only-for-tests-4711"


@dataclass
class House:
    """Who signs in is named by his role; each role has one person at each place."""

    hub: Serving
    node: Node
    apps: dict[str, Starlette]
    stack: AsyncExitStack

    async def browse(self, place: str, who: Role | None = None) -> Browser:
        """A new browser at the workbench of a place, signed in or not."""
        transport = httpx.ASGITransport(self.apps[place])
        client = httpx.AsyncClient(transport=transport, base_url="https://workbench.example", timeout=60)
        browser = Browser(await self.stack.enter_async_context(client))
        if who is not None:
            answer = await browser.sign_in(who.lower(), PASSWORD)
            assert answer.status_code == 303, answer.text
        return browser


@asynccontextmanager
async def open_house(directory: Path, workshop: Workshop, **node_settings: Any) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        hub = await stack.enter_async_context(new_hub(directory / "hub"))
        node = await stack.enter_async_context(_joined(hub, directory, workshop, node_settings))
        desk = await stack.enter_async_context(_serving(node))
        link = asyncio.create_task(node.link.run())
        stack.callback(link.cancel)
        await eventually(lambda: node.link.state.connected)
        await _hire(hub.parts.hub.journal, hub.parts.passwords, Role)
        await _hire(node.journal, node.passwords, Role)
        apps = {
            HUB: _workbench("hub", f"127.0.0.1:{hub.port('desk')}", hub.authority, directory),
            COURT: _workbench("node", desk.address, node.settings.paths.desk_authority, directory),
        }
        for app in apps.values():
            await stack.enter_async_context(app.router.lifespan_context(app))
        yield House(hub, node, apps, stack)


@asynccontextmanager
async def _joined(
    hub: Serving, directory: Path, workshop: Workshop, given: Mapping[str, Any]
) -> AsyncIterator[Node]:
    settings = NodeSettings(data_dir=directory / "node", min_free_mib=1, **given)
    settings.paths.create()
    await asyncio.to_thread(upgrade, settings.database_url)
    pins = await join(settings, decode(await hub.token(COURT)))
    make_desk_certificate(settings, pins.court, hub.parts.hub.journal.clock())
    opened = open_node(settings, workshop)
    opened.passwords.close()
    node = replace(opened, passwords=Passwords(CHEAPEST))
    node.journal.start()
    yield node
    await node.hub.close()
    await node.close()


@asynccontextmanager
async def _serving(node: Node) -> AsyncIterator[Listener]:
    policy = resources.files("xiezhi_node").joinpath("policy_desk.toml").read_text(encoding="utf-8")
    parts = ChainParts(
        Accounting(CollectorRegistry()),
        [bearer(node.sessions)],
        MethodPolicy.load(policy),
        RateLimiter(10_000, 1_000, node.journal.clock),
        LiveStreams(),
        second_factor=node.second_factor,
    )
    paths = node.settings.paths
    settings = ListenerSettings(
        name="desk",
        address="127.0.0.1:0",
        material=ServerMaterial(paths.desk_chain, paths.desk_key),
        require_client=False,
        reflection=False,
    )
    listener = Listener(settings, node_services(node), [standard_chain(parts)])
    await listener.start()
    yield listener
    await listener.stop(0)


async def _hire(journal: Journal, passwords: Passwords, roles: Iterable[Role]) -> None:
    """Give every role a person."""
    hashed = await passwords.hash(PASSWORD)
    for role in roles:
        officer = court_pb2.Officer(name=f"{role.zh}演", phone="0512-00000000")
        account = Account(str(uuid.uuid4()), role.lower(), officer, frozenset({role}), hashed)
        await journal.write(partial(store.add_account, account=account))


def _workbench(serves: str, server: str, authority: Path, directory: Path) -> Starlette:
    # Served in this process and not by TLS of its own: a certificate is named and not looked at.
    settings = WorkbenchSettings(
        serves=serves,  # type: ignore[arg-type]  # as the caller says
        server=server,
        server_authority=authority,
        certificate=directory / "none.pem",
        certificate_key=directory / "none.key",
    )
    return build(settings)
