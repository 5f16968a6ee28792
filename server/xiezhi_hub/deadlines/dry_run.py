"""What rules would have done over a past period, told from the histories; nothing is written."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from xiezhi_domain.escalation import EscalationRules, climbs_within
from xiezhi_domain.escalation.climb import Fired
from xiezhi_domain.ladder import Instruction
from xiezhi_journal import tables
from xiezhi_journal.clockwork import read_clockwork
from xiezhi_journal.deadlines import stages_by_matter
from xiezhi_journal.matter import Rulebooks

MOST: Final = 2_000
"""Rungs in one answer."""


class Period(NamedTuple):
    """A period (ms), and the court that it is asked for; empty for all."""

    since: int
    until: int
    court: str = ""


class WouldFire(NamedTuple):
    """A rung of a matter."""

    matter: Instruction
    fired: Fired


def dry_run(
    connection: Connection, superior: str, rulebooks: Rulebooks, rules: EscalationRules | None, period: Period
) -> list[WouldFire]:
    """Return what *rules* (None: those in force) would have climbed in *period*, in order of time.

    At most `MOST` and one more, which tells that there were others.
    """
    found = sorted(
        _found(connection, superior, rulebooks, rules, period),
        key=lambda each: (each.fired.at, each.matter.id, each.fired.climb),
    )
    return found[: MOST + 1]


def _found(
    connection: Connection, superior: str, rulebooks: Rulebooks, rules: EscalationRules | None, period: Period
) -> Iterator[WouldFire]:
    clockwork = read_clockwork(connection)
    setting = clockwork.setting(connection, superior)
    for stages in stages_by_matter(connection, rulebooks, setting, _concerned(connection, period)):
        matter = stages[-1].after
        limits = rulebooks[matter.rulebook].rules(matter.kind, matter.sender, matter.receiver).limits
        for fired in climbs_within(
            stages, limits, rules or clockwork.rules, clockwork.calendar, period.until
        ):
            if fired.at >= period.since and period.court in ("", fired.deadline.owner):
                yield WouldFire(matter, fired)


def _concerned(connection: Connection, period: Period) -> list[str]:
    """Return the matters with a deadline that was open in the period."""
    table = tables.deadline
    query = select(table.c.instruction).distinct().where(table.c.started_at <= period.until)
    query = query.where((table.c.ended_at == 0) | (table.c.ended_at >= period.since))
    return list(connection.scalars(query.order_by(table.c.instruction)))
