"""The curve of a day: what was sent and what was reported in each of its hours."""

from collections import Counter
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, select

from xiezhi_domain.terms import EventKind
from xiezhi_journal import tables
from xiezhi_journal.reading.lists import of_a_trial

_HOUR_MS: Final = 3_600_000


class HourOfDay(NamedTuple):
    """What the log has accepted in one hour of a day, counted from 0."""

    hour: int
    sent: int
    reported: int


def day_curve(connection: Connection, midnight: int, now: int) -> list[HourOfDay]:
    """Return the hours from *midnight* (ms) up to *now*, those without movement too; trials are left out."""
    event, ruling, instruction = tables.event, tables.ruling, tables.instruction
    hour = ((ruling.c.ruled_at - midnight) // _HOUR_MS).label("hour")
    moved = connection.execute(
        select(hour, event.c.kind, func.count().label("events"))
        .join(event, event.c.position == ruling.c.position)
        .join(instruction, instruction.c.instruction == event.c.instruction)
        .where(
            ruling.c.log_index >= _first_since(connection, midnight), ruling.c.ruled_at.between(midnight, now)
        )
        .where(ruling.c.accepted, event.c.kind.in_((EventKind.ISSUED, EventKind.COMPLETED)), ~of_a_trial())
        .group_by(hour, event.c.kind)
    )
    counts = Counter({(int(row.hour), row.kind): row.events for row in moved})
    return [
        HourOfDay(each, counts[each, EventKind.ISSUED], counts[each, EventKind.COMPLETED])
        for each in range((now - midnight) // _HOUR_MS + 1)
    ]


def _first_since(connection: Connection, moment: int) -> int:
    """Return the index of the first entry ruled on at *moment* or later: time rises with the log, so halve it."""
    ruled_at = select(tables.ruling.c.log_index, tables.ruling.c.ruled_at).order_by(tables.ruling.c.log_index)
    low, high = 0, (connection.scalar(select(func.max(tables.ruling.c.log_index))) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        found = connection.execute(ruled_at.where(tables.ruling.c.log_index >= middle).limit(1)).first()
        if found is None or found.ruled_at >= moment:
            high = middle
        else:
            low = found.log_index + 1
    return low
