"""Changes as they come: for screens and for automated sync.

A watcher reads the journal by its cursor, so nothing is kept for it here and a slow one holds up nobody; who does not
read at all is cut off, to come back with its cursor. Sessions are asked about again by the wire
(`xiezhi_wire.streams`), which ends the stream.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import Connection, and_, select

from xiezhi.v1 import instruction_service_pb2 as pb
from xiezhi_desk.timelines import to_entry
from xiezhi_domain.errors import LimitExceeded, Reason
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Box, Filters, Page, changes_after, list_instructions
from xiezhi_link.signal import Signal
from xiezhi_node.confidentiality import visible
from xiezhi_node.instructions.summaries import to_summary
from xiezhi_node.seat import Seat
from xiezhi_node.witnessing.marking import mark_witnessed
from xiezhi_wire.caller import Caller

MOST_AT_ONCE: Final = 200
FROM_NOW: Final = -1

Write = Callable[[pb.WatchInstructionsResponse], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class WatchLimits:
    """How long a watcher waits for a wake-up before it looks again, and how long one message may wait to be read."""

    poll_s: float = 1.0
    write_s: float = 30.0


class Watching:
    """Follows the journal's changes for watchers. *committed* is told after each commit of the journal."""

    def __init__(
        self, journal: Journal, seat: Seat, committed: Signal, limits: WatchLimits | None = None
    ) -> None:
        self._journal = journal
        self._seat = seat
        self._committed = committed
        self._limits = limits or WatchLimits()

    async def follow(self, caller: Caller, after: int, box: Box, write: Write) -> None:
        """Write every change after cursor *after* that *caller* may know of, for ever.

        :raises LimitExceeded: RATE_LIMITED, a message was not read in time.
        """
        with self._committed.subscribe() as wake:
            cursor = await self._journal.read(_newest) if after == FROM_NOW else after
            while True:
                told, messages = await self._journal.read(
                    partial(self._next, caller=caller, after=cursor, box=box)
                )
                for message in messages:
                    await self._write(write, message)
                if told == cursor:
                    await wake.wait(self._limits.poll_s)
                cursor = told

    async def _write(self, write: Write, message: pb.WatchInstructionsResponse) -> None:
        try:
            async with asyncio.timeout(self._limits.write_s):
                await write(message)
        except TimeoutError:
            raise LimitExceeded(
                Reason.RATE_LIMITED, "接收过慢，连接已断开，请从最后收到的位置继续", retry_after_ms=1_000
            ) from None

    def _next(
        self, connection: Connection, caller: Caller, after: int, box: Box
    ) -> tuple[int, list[pb.WatchInstructionsResponse]]:
        """Return the cursor reached and what the caller is told of the changes up to it."""
        changes = changes_after(connection, after, MOST_AT_ONCE, bodies=True)
        if not changes:
            return after, []
        matters = {change.event.instruction for change in changes}
        also = and_(
            tables.instruction.c.instruction.in_(sorted(matters)), visible(caller, self._seat.rulebook)
        )
        page = list_instructions(connection, Filters(box=box), Page(MOST_AT_ONCE), also)
        rows = {row.instruction: row for row in page.rows}
        kinds, now = self._seat.rulebook.kinds, self._journal.clock()
        messages = [
            pb.WatchInstructionsResponse(
                cursor=change.cursor,
                entry=to_entry(change.event, kinds.get(row.kind)),
                instruction=to_summary(row, self._seat, now),
            )
            for change in changes
            if (row := rows.get(change.event.instruction)) is not None
        ]
        mark_witnessed(connection, [message.entry for message in messages])
        return changes[-1].cursor, messages


def _newest(connection: Connection) -> int:
    return connection.scalar(select(tables.head.c.change)) or 0
