"""The state machine of ADR 0002: compare, recall what is missing from nodes' copies, open."""

import asyncio
from collections.abc import Sequence
from functools import partial

import structlog
from sqlalchemy import Connection, func, select

from xiezhi.v1 import event_pb2
from xiezhi_domain.errors import DomainError, Reason, WrongState
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_hub.hub_journal import HubJournal
from xiezhi_hub.recovery.compare import Diverged, OwnLog, check_extends
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.recovery.restore import RestoreEntries, check_form
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.tables import court as court_table
from xiezhi_journal.tables import head as head_table

_log = structlog.get_logger(__name__)


class Recovery:
    """Knows what the hub lacks. Belongs to the event loop's thread."""

    def __init__(self, journal: HubJournal, seat: Seat, gate: Gate) -> None:
        self._journal = journal
        self._seat = seat
        self._gate = gate
        self._own_log = OwnLog(journal.signer)
        self._size = 0
        self._goal: Checkpoint | None = None
        self._recalled: dict[int, event_pb2.EventRecord] = {}
        self._quorum: int | None = None
        self._heard: set[str] = set()
        # What readers' threads find changes the goal: one at a time.
        self._one_at_a_time = asyncio.Lock()

    async def compare(self, head_note: bytes | None) -> None:
        """Compare the database with itself and with the head file; open the hub where nothing is missing.

        *head_note* is the note in the head file, None where there is no file. Without one, more than half of
        the joined courts have to say first that they know of nothing more.
        """
        try:
            await self._journal.read(partial(self._compare, head_note=head_note))
        except Diverged as found:
            self._gate.diverge(str(found))
        else:
            self._open_if_whole()

    def _compare(self, connection: Connection, head_note: bytes | None) -> None:
        own = self._own_log.check_database(connection)
        self._size = own.size if own else 0
        if head_note is not None:
            self._hold_against(connection, self._open_head_file(head_note), "日志头文件")
        elif self._size:
            joined = select(func.count()).where(court_table.c.joined_at > 0)
            self._quorum = (connection.scalar(joined) or 0) // 2 + 1
            self._gate.recover(f"没有日志头文件，等待 {self._quorum} 家法院的节点连接以核对")

    def _open_head_file(self, head_note: bytes) -> Checkpoint:
        try:
            return self._own_log.open(head_note)
        except DomainError as error:
            raise Diverged("日志头文件不是本日志密钥签发的") from error

    def _hold_against(self, connection: Connection, checkpoint: Checkpoint, who: str) -> None:
        """Take note of a checkpoint that this hub has signed and somebody has kept."""
        if checkpoint.size <= self._size:
            check_extends(connection, checkpoint, who)
            return
        goal = self._goal
        if goal is not None and goal.size == checkpoint.size and goal.root != checkpoint.root:
            raise Diverged(f"{who}与另一检查点在 {checkpoint.size} 条时的根不同")
        if goal is None or goal.size < checkpoint.size:
            self._goal = checkpoint
            self._gate.recover(f"{who}有 {checkpoint.size} 条记录，本机只有 {self._size} 条")

    async def hear(self, court: str, note: bytes) -> None:
        """Compare with the checkpoint that a court's node has stored; *note* is empty where it has none.

        :raises WrongState: FEED_DIVERGED; it contradicts this log, or is none of this log.
        """
        if note:
            try:
                async with self._one_at_a_time:
                    await self._journal.read(partial(self._hear, court=court, note=note))
            except (Diverged, DomainError) as found:
                problem = str(found)
                _log.error("checkpoint_contradicts", court=court, problem=problem)
                if isinstance(found, Diverged) and not self._gate.is_open:
                    self._gate.diverge(problem)
                raise WrongState(Reason.FEED_DIVERGED) from found
        self._heard.add(court)
        self._open_if_whole()

    def _hear(self, connection: Connection, court: str, note: bytes) -> None:
        # While the hub is open the log grows all the time.
        if self._gate.is_open:
            self._size = connection.scalar(select(head_table.c.log_size)) or 0
        self._hold_against(connection, self._own_log.open(note), f"{court} 的节点")

    def recall_range(self) -> tuple[int, int] | None:
        """Return the log indexes that are missing (first, first not any more); None if none."""
        if self._goal is None:
            return None
        missing = [index for index in range(self._size, self._goal.size) if index not in self._recalled]
        return (missing[0], missing[-1] + 1) if missing else None

    async def take(self, court: str, records: Sequence[event_pb2.EventRecord], *, done: bool) -> None:
        """Take entries that a court's node held; when all are there, store them and open the hub."""
        for record in records:
            self._keep(court, record)
        if self._goal is None:
            return
        missing = self.recall_range()
        if missing is None:
            await self._restore()
        elif done:
            _log.warning("entries_still_missing", court=court, first=missing[0], end=missing[1])

    def _keep(self, court: str, record: event_pb2.EventRecord) -> None:
        if self._goal is None or not self._size <= record.log_index < self._goal.size:
            return
        try:
            check_form(record)
        except DomainError as error:
            _log.error("recalled_entry_refused", court=court, index=record.log_index, problem=error.message)
        else:
            self._recalled[record.log_index] = record

    async def _restore(self) -> None:
        async with self._one_at_a_time:
            goal = self._goal
            if goal is None or self.recall_range() is not None:
                return
            records = [self._recalled[index] for index in range(self._size, goal.size)]
            # Whatever comes of it, these are not tried again.
            self._recalled.clear()
            try:
                await self._journal.submit(RestoreEntries(records, goal, self._seat))
            except DomainError as error:
                _log.error("restore_failed", problem=error.message, entries=len(records))
                self._gate.call_back()
                return
            self._size, self._goal = goal.size, None
            _log.info("restored", entries=len(records), size=goal.size)
            self._open_if_whole()

    def _open_if_whole(self) -> None:
        if self._goal is None and (self._quorum is None or len(self._heard) >= self._quorum):
            self._quorum = None
            self._gate.open()
