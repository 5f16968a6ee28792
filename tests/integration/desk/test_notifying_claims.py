"""A try is on disk before it is made: a database that takes nothing sends nothing, again and again."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select
from tests.integration.desk.desk import Clock, open_journal

from xiezhi.v1 import court_pb2
from xiezhi_desk.accounts import store as accounts
from xiezhi_desk.accounts.account import Account
from xiezhi_desk.notifying import store
from xiezhi_desk.notifying.channels.channel import Delivery as Delivered
from xiezhi_desk.notifying.channels.channel import Message
from xiezhi_desk.notifying.delivery import Delivery
from xiezhi_desk.notifying.opening import Ways
from xiezhi_desk.notifying.schedule import FIRST_PAUSE_MS, GIVE_UP_MS, QuietHours
from xiezhi_desk.notifying.store import Stored
from xiezhi_domain.errors import Unavailable
from xiezhi_domain.terms import NotificationChannel, NotificationKind, NotificationState, Role
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal

SMS = NotificationChannel.SMS


class Gateway:
    """A gateway that takes everything; *meanwhile* happens after it has, before it answers."""

    def __init__(self, meanwhile: Callable[[Message], Awaitable[None]] | None = None) -> None:
        self.taken: list[str] = []
        self.answered: list[str] = []
        self._meanwhile = meanwhile

    async def send(self, message: Message) -> Delivered:
        self.taken.append(message.key)
        if self._meanwhile is not None:
            await self._meanwhile(message)
        self.answered.append(message.key)
        return Delivered(taken=True, answer="HTTP 200")

    async def examine(self) -> str:
        return ""

    async def close(self) -> None:
        """Hold nothing."""

    def delivery(self, journal: Journal) -> Delivery:
        return Delivery(journal, Ways(sms=self), QuietHours())


async def queue(journal: Journal, *keys: str) -> None:
    """Queue an SMS for each of *keys*."""
    now = journal.clock()
    officer = court_pb2.Officer(name="测试甲", mobile="10000000001")
    told = [
        Stored(
            notification_id=key,
            kind=NotificationKind.ASSIGNED,
            channel=SMS,
            addressee="account:judge",
            account="judge",
            name="测试甲",
            instruction="",
            confidential=False,
            urgent=True,
            subject="",
            text="苏0591委〔2026〕1187号",
            content="",
            queued_at=now,
            expires_at=now + GIVE_UP_MS,
            next_at=now,
        )
        for key in keys
    ]

    def work(connection) -> None:
        accounts.add_account(connection, Account("judge", "judge", officer, frozenset({Role.JUDGE})))
        store.add(connection, told)

    await journal.write(work)


async def states(journal: Journal) -> list[tuple[str, int]]:
    table = tables.notification
    query = select(table.c.state, table.c.attempts).order_by(table.c.notification_id)
    return [tuple(row) for row in await journal.read(lambda connection: connection.execute(query).all())]


async def test_what_cannot_be_written_down_is_not_sent(journal_url: str, clock: Clock) -> None:
    gateway = Gateway()
    with open_journal(journal_url, clock) as journal:
        await queue(journal, "a", "b")
        journal.writer.stop()
        for _ in range(3):
            with pytest.raises(Unavailable):
                await gateway.delivery(journal).send_due(SMS)
        assert gateway.taken == []
        assert await states(journal) == [(NotificationState.QUEUED, 0)] * 2


async def test_what_was_sent_and_not_noted_waits_for_its_pause(journal_url: str, clock: Clock) -> None:
    with open_journal(journal_url, clock) as journal:
        await queue(journal, "a")

        async def fill_up(_message: Message) -> None:
            await asyncio.to_thread(journal.writer.stop)

        with pytest.raises(Unavailable):
            await Gateway(fill_up).delivery(journal).send_due(SMS)
        assert await states(journal) == [(NotificationState.QUEUED, 1)]
    gateway = Gateway()
    with open_journal(journal_url, clock) as journal:
        assert await gateway.delivery(journal).send_due(SMS) == 0
        clock.now += FIRST_PAUSE_MS
        assert await gateway.delivery(journal).send_due(SMS) == 1
        assert gateway.taken == ["a"]
        assert await states(journal) == [(NotificationState.SENT, 2)]


async def test_one_that_cannot_be_noted_cuts_off_no_other(journal_url: str, clock: Clock) -> None:
    first: list[asyncio.Task[None]] = []
    both = asyncio.Barrier(2)

    with open_journal(journal_url, clock) as journal:
        await queue(journal, "a", "b")

        async def fill_up(_message: Message) -> None:
            await both.wait()
            if first:
                await asyncio.wait(first)
            else:
                first.append(asyncio.current_task())
                await asyncio.to_thread(journal.writer.stop)

        gateway = Gateway(fill_up)
        with pytest.raises(Unavailable):
            await gateway.delivery(journal).send_due(SMS)
        assert sorted(gateway.answered) == ["a", "b"]


async def test_one_that_has_changed_since_it_was_read_is_left_alone(journal: Journal, clock: Clock) -> None:
    await queue(journal, "a")
    [read] = await journal.read(lambda connection: store.due(connection, SMS, clock.now))
    next_at = clock.now + FIRST_PAUSE_MS
    claims = [
        await journal.write(lambda connection: store.claim(connection, read, clock.now, next_at))
        for _ in range(2)
    ]
    assert claims == [True, False]
