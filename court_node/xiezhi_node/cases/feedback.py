"""Writing results (办结反馈) back into the case system: a durable outbox that is tried until it is empty."""

import asyncio
from functools import partial
from typing import Final

import structlog

from xiezhi_domain.errors import DomainError
from xiezhi_journal.journal import Journal
from xiezhi_link.signal import Signal
from xiezhi_node.cases.feedback_store import (
    Waiting,
    gather,
    has_news,
    newest_position,
    note_failure,
    note_sent,
    read_waiting,
)
from xiezhi_node.cases.source import CaseSource

FIRST_PAUSE_MS: Final = 10_000
LONGEST_PAUSE_MS: Final = 3_600_000
LOOK_EVERY_S: Final = 5.0
_log = structlog.get_logger(__name__)


class FeedbackPusher:
    """Takes accepted results to the case source for ever. The source takes the same event id once."""

    def __init__(self, journal: Journal, source: CaseSource, commits: Signal) -> None:
        self._journal = journal
        self._source = source
        self._commits = commits
        # What was looked through in vain is not looked through again before the program starts anew.
        self._looked_to = 0

    async def run(self) -> None:
        """Run until cancelled; without a case source results are not gathered."""
        if not self._source.configured:
            await asyncio.Event().wait()
        with self._commits.subscribe() as wake:
            while True:
                try:
                    await self.push()
                except DomainError as error:
                    _log.warning("case_feedback_not_gathered", reason=error.reason)
                await wake.wait(LOOK_EVERY_S)

    async def push(self) -> int:
        """Gather what came and try what is due; returns how many results the source has taken."""
        now = self._journal.clock()
        newest = await self._journal.read(newest_position)
        if await self._journal.read(partial(has_news, after=self._looked_to)):
            await self._journal.write(partial(gather, now=now))
        self._looked_to = newest
        waiting = await self._journal.read(partial(read_waiting, now=now))
        return sum([await self._push(each) for each in waiting])

    async def _push(self, waiting: Waiting) -> bool:
        event_id = waiting.message.feedback_id
        try:
            await self._source.push_feedback(waiting.message)
        except DomainError as error:
            _log.warning("case_feedback_not_taken", feedback=event_id, reason=error.reason)
            pause = min(FIRST_PAUSE_MS * 2 ** min(waiting.failures, 20), LONGEST_PAUSE_MS)
            failed = partial(
                note_failure,
                event_id=event_id,
                problem=error.message,
                next_at=self._journal.clock() + pause,
            )
            await self._journal.write(failed)
            return False
        await self._journal.write(partial(note_sent, event_id=event_id, now=self._journal.clock()))
        return True
