"""A hub killed between and within ticks of its scheduler: afterwards every rung is there once, and so is its effect."""

import asyncio
from collections import Counter
from itertools import islice

import pytest
from sqlalchemy import select
from tests.faults.children import Child
from tests.faults.scheduling import DAYS, DIED, MATTERS, climb_to
from tests.integration.journal.scene import DAY, HUB_COURT, START, Clock, Hub

from xiezhi_domain.escalation import climbs_within
from xiezhi_domain.terms import EventKind
from xiezhi_journal import tables
from xiezhi_journal.clockwork import read_clockwork
from xiezhi_journal.deadlines import stages_by_matter

pytestmark = pytest.mark.long


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


def check_everything_once(url: str) -> None:
    """Let the hub go on until the last day, and compare what is there with what the rules say."""
    hub = Hub(url, Clock())
    hub.journal.start()
    asyncio.run(climb_to(hub, DAYS))
    firing, notice, event = tables.firing, tables.notice, tables.event
    query = select(firing.c.instruction, firing.c.clock, firing.c.step, firing.c.automatic)
    fired = hub.journal.read_now(lambda connection: [tuple(row) for row in connection.execute(query)])
    told = hub.journal.read_now(lambda connection: Counter(connection.scalars(select(notice.c.instruction))))
    logged = hub.journal.read_now(
        lambda connection: list(
            connection.scalars(select(event.c.instruction).where(event.c.kind == EventKind.UNDELIVERED))
        )
    )
    assert len(fired) == len(set(fired)) >= MATTERS * 10
    assert set(fired) == expected(hub)
    # 未到达 stands in the log once, and both courts and the superior were told.
    assert len(logged) == len(set(logged)) == MATTERS
    assert told == Counter(matter for matter, *_, automatic in fired if automatic) + Counter(logged * 3)
    hub.journal.close()


@pytest.mark.children(1)
@pytest.mark.parametrize("days", [2, 9])
def test_nothing_is_fired_twice_or_left_out(journal_url, child, days):
    process: Child = child()
    process.start("tests.faults.scheduling", "climb_for_ever", journal_url)
    assert len(list(islice(process.lines(), days))) == days
    process.kill()
    check_everything_once(journal_url)


@pytest.mark.children(1)
@pytest.mark.parametrize("moment", ["firing", "committing", "committed"])
@pytest.mark.parametrize("transactions", [1, 4])
def test_a_hub_that_dies_between_firing_and_recording(journal_url, child, moment, transactions):
    process: Child = child()
    process.start("tests.faults.scheduling", "climb_and_die", journal_url, moment, transactions)
    assert process.wait() == DIED
    check_everything_once(journal_url)
