"""What a killed hub was doing: climbing the ladder for many deadlines, a day at a time."""

import asyncio

from tests.integration.journal.scene import DAY, SENDER, START, Clock, Hub, issued_records

from xiezhi_hub.deadlines.scheduler import Scheduler
from xiezhi_hub.recovery.gate import Gate

MATTERS = 60
DAYS = 40


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
