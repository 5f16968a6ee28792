"""A program killed while it queues and sends notifications: none is lost, and none comes with another key."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import select
from tests.faults.children import Child
from tests.faults.notifying import OCCASIONS, open_journal

from xiezhi_adapters.receiver.arrivals import Arrivals
from xiezhi_adapters.receiver.checking import Checker
from xiezhi_adapters.receiver.program import receiving
from xiezhi_journal import tables

pytestmark = pytest.mark.long


class Counted:
    """Says when so many different messages have arrived."""

    def __init__(self) -> None:
        self.arrivals = Arrivals(show=lambda _arrival: self._changed.set())
        self._changed = asyncio.Event()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(120):
            while len({each.key for each in self.arrivals.taken}) < count:
                await self._changed.wait()
                self._changed.clear()


@pytest.mark.children(4)
async def test_killed_midway_again_and_again(journal_url, child, tmp_path):
    counted = Counted()
    async with receiving(counted.arrivals, Checker()) as ends:
        file = tmp_path / "notifications.toml"
        way = f'[sms]\nurl = "http://127.0.0.1:{ends.http}/sms"\nper_hour = 1000\n'
        file.write_text(f'quiet_hours = ""\n{way}', "utf-8")
        for count in (3, 20, 50, OCCASIONS):
            process: Child = child()
            process.start("tests.faults.notifying", "notify_for_ever", journal_url, str(file))
            await counted.until(count)
            process.kill()
            await asyncio.to_thread(process.wait)
    taken = counted.arrivals.taken
    told = Counter(each.text for each in taken)
    assert len(told) == OCCASIONS
    assert len({(each.key, each.text) for each in taken}) == OCCASIONS
    journal = open_journal(journal_url)
    query = select(tables.notification.c.notification_id, tables.notification.c.text)
    rows = journal.read_now(lambda connection: [tuple(row) for row in connection.execute(query)])
    journal.close()
    assert {(each.key, each.text) for each in taken} == set(rows)
    # At least once: what was on its way at a kill may come again, nothing else.
    assert len(taken) <= OCCASIONS + 3 * 4
