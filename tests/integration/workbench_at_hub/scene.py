"""The scene: a hub on SQLite, its workbench without a socket, and matters between two courts at every stage."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from tests.integration.hub.court import DAY_MS, RECEIVER, SENDER, Court, instruction_of
from tests.integration.hub.stand import Serving, new_hub
from tests.integration.workbench.browser import Browser
from tests.unit.ladder.ways import Order

from xiezhi.v1 import court_pb2
from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_desk.accounts import store
from xiezhi_desk.accounts.account import Account
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import Kind, Role
from xiezhi_journal.journal import system_clock
from xiezhi_journal.reading import history
from xiezhi_papers.workshop import Workshop
from xiezhi_workbench.app import build
from xiezhi_workbench.config import WorkbenchSettings

PASSWORD = "a long enough password"


class Scene:
    """What a test plays with."""

    def __init__(self, hub: Serving, sender: Court, receiver: Court, app: Any, stack: AsyncExitStack) -> None:
        self.hub, self.sender, self.receiver = hub, sender, receiver
        self._app, self._stack = app, stack

    def go_to_day(self, day: int) -> None:
        self.hub.parts.hub.journal.clock = lambda: system_clock() + day * DAY_MS

    @property
    def _now(self) -> int:
        return self.hub.parts.hub.journal.clock()

    async def browser(self, *roles: Role) -> Browser:
        """A browser at the hub's workbench, of somebody new with *roles*."""
        login = "-".join(role.lower() for role in roles)
        hashed = await self.hub.parts.passwords.hash(PASSWORD)
        officer = court_pb2.Officer(name=f"中院{login}", phone="0512-00000001")
        account = Account(login, login, officer, frozenset(roles), hashed)
        await self.hub.parts.hub.journal.write(lambda connection: store.add_account(connection, account))
        transport = httpx.ASGITransport(self._app)
        client = httpx.AsyncClient(transport=transport, base_url="https://workbench.example", timeout=60.0)
        browser = Browser(await self._stack.enter_async_context(client))
        assert (await browser.sign_in(login, PASSWORD)).status_code == 303
        return browser

    async def rule(self, court: Court, record: StoredEvent) -> StoredEvent:
        assert await self.hub.parts.intake.rule(court.code, [record]) == [None]
        return record

    async def issue(self, number: int = 1) -> StoredEvent:
        """A matter that has arrived."""
        record = await self.rule(self.sender, self.sender.issue(RECEIVER, number))
        return await self.then(record, "Delivered", "")

    async def then(self, before: StoredEvent, kind: str, role: str, **facts: object) -> StoredEvent:
        """The next event, of the receiver."""
        told = {**facts, **({"role": role} if role else {})}
        return await self.rule(self.receiver, self.receiver.follow(kind, before, SENDER, told, at=self._now))

    async def answered(self, before: StoredEvent, kind: str, role: str, **facts: object) -> StoredEvent:
        """The next event, of the sender."""
        told = {**facts, "role": role}
        return await self.rule(self.sender, self.sender.follow(kind, before, RECEIVER, told, at=self._now))

    async def handover(self) -> str:
        """The id of a handover that the first court refused and that was reported to the superior."""
        rules = shipped_rulebook().rules(Kind.HANDOVER, SENDER, RECEIVER)
        now = self._now
        # Its papers are not brought: the hub counts only those that the body names.
        facts = {**Order(SENDER, RECEIVER).facts(rules, now), "documents": 0}
        record = await self.rule(self.sender, self.sender.begin(RECEIVER, facts, at=now))
        for kind, role, told in (
            *(("Delivered", "", {}), ("Signed", "CENTRE_OFFICER", {}), ("Assigned", "CENTRE_OFFICER", {})),
            ("HandoverRefused", "BUREAU_CHIEF", {"reason": min(rules.reasons["refusal"])}),
        ):
            record = await self.then(record, kind, role, **told)
        matter = instruction_of(record)
        rows = await self.hub.parts.hub.journal.read(lambda connection: history(connection, matter))
        [arrival] = [row for row in rows if row.kind == "Delivered"]
        proof = {"arrival": arrival.event_id, "entry": arrival.log_index}
        await self.answered(record, "HandoverEscalated", "JUDGE", **proof)
        return matter

    async def matter(self, number: int = 1) -> str:
        """The id of a matter that has arrived."""
        return instruction_of(await self.issue(number))


@asynccontextmanager
async def open_scene(folder: Path, workshop: Workshop) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        hub = await stack.enter_async_context(new_hub(folder / "hub", workshop))
        sender, receiver = await hub.joined(SENDER, folder), await hub.joined(RECEIVER, folder)
        settings = WorkbenchSettings(
            serves="hub",
            server=f"127.0.0.1:{hub.port('desk')}",
            server_authority=hub.authority,
            certificate=hub.authority,
            certificate_key=hub.authority,
        )
        app = build(settings)
        await stack.enter_async_context(app.router.lifespan_context(app))
        yield Scene(hub, sender, receiver, app, stack)
