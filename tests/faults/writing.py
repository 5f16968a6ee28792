"""What the killed processes do: write as fast as they can and print what they were told is stored."""

import asyncio
import itertools

from tests.integration.journal.scene import RECEIVER, SENDER, Clock, Hub, Node, issued_records

from xiezhi_domain.events.header import decode_header
from xiezhi_journal import migrate

WORKERS = 20


def act_for_ever(url: str) -> None:
    """A court's node that issues order after order."""
    node = Node(url, SENDER, Clock())
    node.journal.start()
    numbers = itertools.count(1)

    async def worker() -> None:
        for number in numbers:
            matter = await node.journal.submit(node.issue(number, RECEIVER))
            print(matter.last_event, flush=True)

    asyncio.run(_together(worker))


def rule_for_ever(url: str) -> None:
    """A hub that rules on push after push."""
    hub = Hub(url, Clock())
    hub.journal.start()
    firsts = itertools.count(1, 3)

    async def worker() -> None:
        for first in firsts:
            records = issued_records(3, first=first)
            await hub.push(SENDER, records)
            for record in records:
                print(decode_header(record.header).id, flush=True)

    asyncio.run(_together(worker))


async def _together(worker) -> None:
    await asyncio.gather(*(worker() for _ in range(WORKERS)))


def migrate_now(url: str) -> None:
    """An operator who migrates."""
    migrate.upgrade(url)
    print("done", flush=True)
