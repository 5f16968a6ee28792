"""What courts bring before the superior, as the hub rules on it: complaints, requests, replies."""

from functools import partial
from typing import Final

from sqlalchemy import Connection, select

from xiezhi_desk.notifying.gathering import Found
from xiezhi_desk.notifying.matters import event_occasions
from xiezhi_desk.notifying.rules import Rules, Side
from xiezhi_hub.notifying.matters import told_matters
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal

AT_ONCE: Final = 200
_SIDES: Final = frozenset({Side.SUPERIOR})


class Rulings:
    """Follows the log by index."""

    name = "notifications_rulings"

    def __init__(self, journal: Journal, court: str, rules: Rules) -> None:
        self._journal = journal
        self._court = court
        self._rules = rules
        about = (rule.events for rule in rules.rules if Side.SUPERIOR in rule.sides)
        self._events = sorted({str(event) for events in about for event in events})

    async def newest(self) -> int:
        """Return the length of the log: what was before notifications were configured is not told."""
        return await self._journal.read(_log_size)

    async def after(self, place: int) -> Found:
        """Return what the entries from index *place* on give to tell."""
        return await self._journal.read(partial(self._after, place=place))

    def _after(self, connection: Connection, place: int) -> Found:
        # Read before the rulings: what is ruled on meanwhile is found at the next look.
        end = _log_size(connection)
        event, ruling = tables.event, tables.ruling
        query = (
            select(event.c.event_id, event.c.instruction, event.c.kind, ruling.c.log_index, ruling.c.ruled_at)
            .join(ruling, ruling.c.position == event.c.position)
            .where(ruling.c.log_index >= place, ruling.c.log_index < end, ruling.c.accepted)
            .where(event.c.kind.in_(self._events), event.c.court != self._court)
            .order_by(ruling.c.log_index)
            .limit(AT_ONCE)
        )
        rows = connection.execute(query).all()
        matters = told_matters(connection, self._journal.rulebooks, {row.instruction for row in rows})
        found = [
            occasion
            for row in rows
            if (matter := matters.get(row.instruction)) is not None
            for occasion in event_occasions(self._rules, matter, row.event_id, row.kind, _SIDES, row.ruled_at)
        ]
        more = len(rows) == AT_ONCE
        return Found(found, rows[-1].log_index + 1 if more else max(end, place), more=more)


def _log_size(connection: Connection) -> int:
    return connection.scalar(select(tables.head.c.log_size)) or 0
