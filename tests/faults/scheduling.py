"""What a killed hub was doing: climbing the ladder for many deadlines, a day at a time."""

import asyncio
import os

from sqlalchemy import event
from tests.integration.journal.scene import DAY, SENDER, START, Clock, Hub, issued_records

from xiezhi_hub.deadlines.scheduler import Scheduler
from xiezhi_hub.recovery.gate import Gate

MATTERS = 60
DAYS = 40
DIED = 9


def open_gate() -> Gate:
    gate = Gate()
    gate.open()
    return gate


async def climb_to(hub: Hub, day: int) -> None:
    """Let the scheduler do everything up to a day after the orders."""
    hub.journal.clock.now = START + day * DAY
    scheduler = Scheduler(hub.journal, hub.seat, open_gate())
    while await scheduler.tick():
        pass


def climb_for_ever(url: str) -> None:
    """A hub that has ruled on orders which nobody takes up, and whose days pass quickly."""
    hub = Hub(url, Clock())
    hub.journal.start()

    async def days() -> None:
        await hub.push(SENDER, issued_records(MATTERS))
        for day in range(DAYS):
            await climb_to(hub, day)
            print(day, flush=True)

    asyncio.run(days())


def climb_and_die(url: str, moment: str, transactions: int) -> None:
    """A hub that dies in the transaction with which it fires for the *transactions*-th time: at *moment* of it.

    `firing`: the rung is written, its effect is not; `committing`: both are, and nothing is committed; `committed`:
    nobody has been told.
    """
    hub = Hub(url, Clock())
    hub.journal.start()
    dying = _Dying(transactions)
    if moment == "firing":
        event.listen(hub.journal._writing, "after_cursor_execute", dying.after_statement)
    elif moment == "committing":
        event.listen(hub.journal._writing, "commit", dying.before_commit)
        event.listen(hub.journal._writing, "after_cursor_execute", dying.note_statement)
    else:
        hub.journal.after_commit = dying.after_commit

    async def days() -> None:
        await hub.push(SENDER, issued_records(MATTERS))
        for day in range(DAYS):
            await climb_to(hub, day)

    asyncio.run(days())


class _Dying:
    """Ends the process as a power cut would, in the transaction with which something is fired for the n-th time."""

    def __init__(self, transactions: int) -> None:
        self._left = transactions
        self._has_fired = False

    def after_statement(self, _connection, _cursor, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO firing"):
            self._count()

    def note_statement(self, _connection, _cursor, statement: str, *_: object) -> None:
        self._has_fired |= statement.startswith("INSERT INTO firing")

    def before_commit(self, _connection) -> None:
        if self._has_fired:
            self._has_fired = False
            self._count()

    def after_commit(self, ledger) -> None:
        if ledger.rows.get("firing"):
            self._count()

    def _count(self) -> None:
        self._left -= 1
        if not self._left:
            os._exit(DIED)
