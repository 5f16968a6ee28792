"""A hub killed between and within ticks of its scheduler: afterwards every rung is there once, and so is its effect."""

import asyncio
from collections import Counter
from itertools import islice

import pytest
from sqlalchemy import select
from tests.faults.children import Child
from tests.faults.scheduling import DAYS, MATTERS, climb_to
from tests.integration.journal.scene import DAY, HUB_COURT, START, Clock, Hub

from xiezhi_domain.escalation import climbs_within
from xiezhi_journal import tables
from xiezhi_journal.clockwork import read_clockwork
from xiezhi_journal.deadlines import stages_by_matter


def expected(hub: Hub) -> set[tuple]:
    """What the dry run says for the same days."""

    def read(connection) -> set[tuple]:
        clockwork = read_clockwork(connection)
        setting = clockwork.setting(connection, HUB_COURT)
        until, found = START + DAYS * DAY, set()
        for stages in stages_by_matter(connection, hub.journal.rulebooks, setting):
            matter = stages[-1].after
            limits = (
                hub.journal.rulebooks[matter.rulebook]
                .rules(matter.kind, matter.sender, matter.receiver)
                .limits
            )
            for each in climbs_within(stages, limits, clockwork.rules, clockwork.calendar, until):
                found.add((matter.id, each.deadline.clock, each.climb.step, each.climb.automatic))
        return found

    return hub.journal.read_now(read)


@pytest.mark.children(1)
@pytest.mark.parametrize("days", [2, 9])
def test_nothing_is_fired_twice_or_left_out(journal_url, child, days):
    process: Child = child()
    process.start("tests.faults.scheduling", "climb_for_ever", journal_url)
    assert len(list(islice(process.lines(), days))) == days
    process.kill()
    hub = Hub(journal_url, Clock())
    hub.journal.start()
    asyncio.run(climb_to(hub, DAYS))
    firing, notice = tables.firing, tables.notice
    query = select(firing.c.instruction, firing.c.clock, firing.c.step, firing.c.automatic)
    fired = hub.journal.read_now(lambda connection: [tuple(row) for row in connection.execute(query)])
    told = hub.journal.read_now(
        lambda connection: Counter(
            tuple(row)
            for row in connection.execute(select(notice.c.instruction, notice.c.clock, notice.c.rung))
        )
    )
    assert len(fired) == len(set(fired)) >= MATTERS * 10
    assert set(fired) == expected(hub)
    assert sum(told.values()) == sum(automatic for *_, automatic in fired)
    hub.journal.close()
