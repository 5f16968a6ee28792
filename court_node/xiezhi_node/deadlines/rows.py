"""The open deadlines of this court's matters as rows, so that a list is a page of an index and not all histories."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

import structlog
from sqlalchemy import Connection

from xiezhi_domain.errors import DomainError
from xiezhi_journal.clockwork import read_clockwork
from xiezhi_journal.deadlines import deadline_row
from xiezhi_journal.journal import Journal
from xiezhi_journal.previews import Stale, find_stale, put_previews
from xiezhi_node.deadlines.preview import preview
from xiezhi_node.seat import Seat

_log = structlog.get_logger(__name__)

AT_ONCE: Final = 200
"""Matters that one transaction makes again: the writer has others to answer."""


class RowKeeper:
    """Makes the rows again that are stale, before a list is read."""

    def __init__(self, journal: Journal, seat: Seat) -> None:
        self._journal = journal
        self._seat = seat

    async def refresh(self) -> None:
        """Return once every row shows what this node knows now; costs one query where nothing has changed."""
        while await self._journal.read(partial(find_stale, limit=1)) is not None:
            await self._journal.write(self._make)

    def _make(self, connection: Connection) -> None:
        stale = find_stale(connection, AT_ONCE)
        if stale is not None:
            put_previews(connection, stale, self._rows(connection, stale))

    def _rows(self, connection: Connection, stale: Stale) -> Iterator[tuple[Any, ...]]:
        clockwork, rulebooks = read_clockwork(connection), self._journal.rulebooks
        for instruction in stale.matters:
            try:
                found = preview(connection, self._seat, rulebooks, instruction)
            except (DomainError, KeyError):
                # It is quarantined, and doctor says so; the deadlines of the others are to be seen all the same.
                _log.warning("deadlines_not_previewed", instruction=instruction)
                continue
            if found is None:
                continue
            matter = found.matter
            rules = rulebooks[matter.rulebook].rules(matter.kind, matter.sender, matter.receiver)
            for deadline in found.deadlines:
                if deadline.is_open:
                    yield deadline_row(matter, deadline, rules, clockwork)
