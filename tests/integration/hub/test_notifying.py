"""What the hub tells its own people of: what courts bring before them, and what the ladder says to their court."""

from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.integration.hub.court import RECEIVER, SENDER
from tests.integration.hub.stand import Serving, new_hub
from tests.integration.hub.test_scheduler import at

from xiezhi.v1 import court_pb2
from xiezhi_desk.accounts import store as accounts
from xiezhi_desk.accounts.account import Account
from xiezhi_desk.notifying.notifying import Notifying
from xiezhi_desk.notifying.rules import shipped_rules
from xiezhi_domain.terms import Role
from xiezhi_hub.notifying.own_notices import OwnNotices
from xiezhi_hub.notifying.rulings import Rulings
from xiezhi_journal import tables

PEOPLE = (Role.SUPERVISOR, Role.CENTRE_DIRECTOR, Role.BUREAU_CHIEF)


class Told:
    """The notifications of a hub that follows its log and its own notices."""

    def __init__(self, hub: Serving, folder: Path) -> None:
        self.journal, court = hub.parts.hub.journal, hub.parts.hub.seat.court
        file = folder / "notifications.toml"
        file.write_text('[sms]\nurl = "http://127.0.0.1:1/sms"\n', "utf-8")
        rules = shipped_rules()
        self.sources = [Rulings(self.journal, court, rules), OwnNotices(self.journal, court, rules)]
        self.notifying = Notifying.around(self.journal, file, lambda _settings: self.sources)

    async def hire(self) -> None:
        def work(connection) -> None:
            for role in PEOPLE:
                officer = court_pb2.Officer(name=role.lower())
                accounts.add_account(connection, Account(str(role), role.lower(), officer, frozenset({role})))

        await self.journal.write(work)

    async def count(self) -> int:
        query = select(func.count()).select_from(tables.notification)
        return await self.journal.read(lambda connection: connection.scalar(query))

    async def gather(self) -> set[tuple[str, str]]:
        for source in self.sources:
            await self.notifying.gatherer.gather(source)
        table = tables.notification
        query = select(table.c.kind, table.c.name)
        return await self.journal.read(lambda connection: {tuple(row) for row in connection.execute(query)})


@pytest.fixture
async def hub(tmp_path: Path, journal_url: str):
    async with new_hub(tmp_path / "hub", database=journal_url) as serving:
        at(serving, "2026-12-07 10:00")
        yield serving


async def test_what_courts_bring_before_the_superior(hub: Serving, tmp_path: Path) -> None:
    told = Told(hub, tmp_path)
    await told.hire()
    assert await told.gather() == set()
    sender, receiver = await hub.joined(SENDER, tmp_path), await hub.joined(RECEIVER, tmp_path)
    order = sender.issue(RECEIVER, at=hub.parts.hub.journal.clock())
    assert await hub.parts.intake.rule(SENDER, [order]) == [None]
    arrival = receiver.follow("Delivered", order, SENDER)
    assert await hub.parts.intake.rule(RECEIVER, [arrival]) == [None]
    assert await told.gather() == set()
    facts = {"role": "CENTRE_OFFICER", "court": "苏0505"}
    event = receiver.follow("WrongCourtReported", arrival, SENDER, facts)
    assert await hub.parts.intake.rule(RECEIVER, [event]) == [None]
    expected = {("REQUESTED", "supervisor")}
    assert await told.gather() == expected
    assert await told.gather() == expected
    await told.notifying.close()


async def test_what_has_not_arrived_reaches_the_command_centre(hub: Serving, tmp_path: Path) -> None:
    told = Told(hub, tmp_path)
    await told.hire()
    sender = await hub.joined(SENDER, tmp_path)
    order = sender.issue(RECEIVER, at=hub.parts.hub.journal.clock())
    assert await hub.parts.intake.rule(SENDER, [order]) == [None]
    at(hub, "2026-12-07 10:31")
    while await hub.parts.scheduler.tick():
        pass
    # Those whom the ladder names, and by SMS who is on duty by the roster; each once.
    names = ("bureau_chief", "centre_director", "值班人")
    assert await told.gather() == {("UNDELIVERED", name) for name in names}
    assert await told.count() == len(names)
    await told.notifying.close()
