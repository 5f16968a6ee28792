"""The events of this court's matters as they are ruled on: what people are told of them."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from sqlalchemy import Connection, select

from xiezhi_desk.notifying.gathering import Found
from xiezhi_desk.notifying.matters import ToldMatter, event_occasions, step_of
from xiezhi_desk.notifying.occasion import Occasion
from xiezhi_desk.notifying.rules import Person, Rules, Side
from xiezhi_domain.terms import NotificationKind
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading.history import HistoryRow, changes_after
from xiezhi_node.notifying.matters import told_matters
from xiezhi_node.seat import Seat

AT_ONCE: Final = 200


class Changes:
    """Follows the changes of the journal. A change that is told twice makes the same notifications."""

    name = "notifications_changes"

    def __init__(self, journal: Journal, seat: Seat, rules: Rules) -> None:
        self._journal = journal
        self._seat = seat
        self._rules = rules

    async def newest(self) -> int:
        """Return the last change: what was before notifications were configured is not told."""
        return await self._journal.read(_newest)

    async def after(self, place: int) -> Found:
        """Return what the changes behind *place* give to tell."""
        return await self._journal.read(partial(self._after, place=place))

    def _after(self, connection: Connection, place: int) -> Found:
        changes = changes_after(connection, place, AT_ONCE)
        if not changes:
            return Found((), place)
        ruled = [change.event for change in changes if change.event.accepted is not None]
        matters = told_matters(
            connection,
            self._seat,
            {event.instruction for event in ruled},
            self._journal.clock(),
            left_too=True,
        )
        found = [
            occasion
            for event in ruled
            if (matter := matters.get(event.instruction)) is not None
            for occasion in self._occasions(connection, event, matter)
        ]
        return Found(found, changes[-1].cursor, more=len(changes) == AT_ONCE)

    def _occasions(self, connection: Connection, event: HistoryRow, matter: ToldMatter) -> Iterator[Occasion]:
        if event.accepted:
            sides = self._sides(connection, event)
            yield from event_occasions(self._rules, matter, event.event_id, event.kind, sides, event.ruled_at)
        elif event.court == self._seat.court:
            yield from self._refused(connection, event, matter)

    def _sides(self, connection: Connection, event: HistoryRow) -> frozenset[Side]:
        table = tables.instruction
        query = select(table.c.sender, table.c.receiver).where(table.c.instruction == event.instruction)
        row = connection.execute(query).one()
        if self._seat.court not in row:
            # Only the event that took the matter from this court is news to it; those before were told in their time.
            return frozenset({Side.FORMER})
        acted = event.court == self._seat.court
        side = Side.SENDER if row.sender == self._seat.court else Side.RECEIVER
        return frozenset({side, Side.ACTOR if acted else Side.OTHER})

    def _refused(self, connection: Connection, event: HistoryRow, matter: ToldMatter) -> Iterator[Occasion]:
        """Tell the one who acted that the hub has not accepted it."""
        table = tables.returned_work
        query = select(table.c.account).where(table.c.event_id == event.event_id)
        actors = frozenset(connection.scalars(query)) - {""}
        told = replace(matter, accounts={**matter.accounts, Person.ACTOR: actors})
        for rule in self._rules.of_kind(NotificationKind.REFUSED):
            yield Occasion(
                key=f"event/{event.event_id}",
                facts=told.facts(rule.kind, step=step_of(event.kind)),
                rule=rule,
                at=event.ruled_at,
                accounts=told.accounts,
            )


def _newest(connection: Connection) -> int:
    return connection.scalar(select(tables.head.c.change)) or 0
