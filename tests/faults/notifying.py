"""A program that notifies people for ever; run in a process of its own, to be killed."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Final

from sqlalchemy import select

from xiezhi.v1 import court_pb2
from xiezhi_desk.accounts import store as accounts
from xiezhi_desk.accounts.account import Account
from xiezhi_desk.notifying.facts import EXAMPLE
from xiezhi_desk.notifying.gathering import Found
from xiezhi_desk.notifying.notifying import Notifying
from xiezhi_desk.notifying.occasion import Occasion
from xiezhi_desk.notifying.rules import Person, shipped_rules
from xiezhi_domain.terms import NotificationChannel, NotificationKind, Role
from xiezhi_journal import tables
from xiezhi_journal.engine import open_writer_engine
from xiezhi_journal.journal import Journal

OCCASIONS: Final = 120
OFFICER: Final = "judge"


class Endless:
    """Occasions one by one, always the same ones."""

    name = "endless"

    async def newest(self) -> int:
        return 0

    async def after(self, place: int) -> Found:
        if place == OCCASIONS:
            return Found((), place)
        [rule] = shipped_rules().of_kind(NotificationKind.ASSIGNED)
        facts = replace(EXAMPLE, kind=NotificationKind.ASSIGNED, number=f"苏0591委〔2026〕{place}号")
        people = {Person.OFFICER: frozenset({OFFICER})}
        occasion = Occasion(f"event/{place}", facts, rule, at=2_000_000_000_000, accounts=people)
        return Found([occasion], place + 1, more=True)


def open_journal(url: str) -> Journal:
    """Open the journal, with its schema and its one person, which may be there from before."""
    engine = open_writer_engine(url)
    tables.metadata.create_all(engine)
    engine.dispose()
    journal = Journal(url, court="苏0508")
    journal.start()
    return journal


def notify_for_ever(url: str, file: str) -> None:
    """Gather and send side by side, until killed."""
    asyncio.run(_notify(open_journal(url), Path(file)))


async def _notify(journal: Journal, file: Path) -> None:
    await journal.write(_hire)
    notifying = Notifying.around(journal, file, lambda _settings: [Endless()])
    async with asyncio.TaskGroup() as group:
        group.create_task(notifying.gatherer.gather(Endless()))
        group.create_task(notifying.delivery.run(NotificationChannel.SMS))


def _hire(connection) -> None:
    if connection.scalar(select(tables.account.c.account_id)) is None:
        officer = court_pb2.Officer(name="测试甲", mobile="10000000001")
        accounts.add_account(connection, Account(OFFICER, OFFICER, officer, frozenset({Role.JUDGE})))
