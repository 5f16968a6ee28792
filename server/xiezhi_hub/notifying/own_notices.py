"""What the ladder tells the hub's own court: deadlines that it is charged with, matters that have not arrived."""

from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Row

from xiezhi_desk.accounts.store import roles_from_text
from xiezhi_desk.notifying.gathering import Found
from xiezhi_desk.notifying.matters import ToldDeadline, deadline_occasions
from xiezhi_desk.notifying.rules import Rules
from xiezhi_domain.terms import Rung
from xiezhi_hub.notifying.matters import told_matters
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading.deadlines import notices

AT_ONCE: Final = 200


class OwnNotices:
    """Follows the notices to the hub's own court by their number."""

    name = "notifications_notices"

    def __init__(self, journal: Journal, court: str, rules: Rules) -> None:
        self._journal = journal
        self._court = court
        self._rules = rules

    async def newest(self) -> int:
        """Return the beginning: what is long past is left out by its age."""
        return 0

    async def after(self, place: int) -> Found:
        """Return what the notices behind *place* give to tell."""
        return await self._journal.read(partial(self._after, place=place))

    def _after(self, connection: Connection, place: int) -> Found:
        rows = notices(connection, self._court, place, AT_ONCE)
        matters = told_matters(connection, self._journal.rulebooks, {row.instruction for row in rows})
        found = [
            occasion
            for row in rows
            if (matter := matters.get(row.instruction)) is not None
            for occasion in deadline_occasions(self._rules, matter, _told(row))
        ]
        return Found(found, rows[-1].id if rows else place, more=len(rows) == AT_ONCE)


def _told(row: Row[Any]) -> ToldDeadline:
    return ToldDeadline(
        at=row.at, clock=row.clock, rung=Rung(row.rung), due_at=row.due_at, roles=roles_from_text(row.roles)
    )
