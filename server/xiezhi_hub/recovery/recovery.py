"""The state machine of ADR 0002: compare, recall what is missing from nodes' copies, open."""

import asyncio
from collections.abc import Sequence
from functools import partial

import structlog
from sqlalchemy import Connection, func, select

from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_desk.erasing.work import EraseAllFromJournal
from xiezhi_domain.errors import DomainError, Reason, WrongState
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.keyring import Keyring
from xiezhi_hub.hub_journal import HubJournal
from xiezhi_hub.recovery.candidates import Candidates
from xiezhi_hub.recovery.compare import (
    Diverged,
    OwnLog,
    check_extends,
    first_contradiction,
    not_own,
    that_lead_to,
)
from xiezhi_hub.recovery.documents import without_documents
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.recovery.restore import RestoreEntries, check_form
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.tables import court as court_table
from xiezhi_journal.tables import head as head_table

_log = structlog.get_logger(__name__)


class Recovery:
    """Knows what the hub lacks. Belongs to the event loop's thread."""

    def __init__(self, journal: HubJournal, seat: Seat, gate: Gate) -> None:
        self._journal = journal
        self._seat = seat
        self._gate = gate
        self._size = 0
        self._goal: Checkpoint | None = None
        self._recalled = Candidates()
        self._without_documents: set[int] = set()
        self._answered: set[str] = set()
        self._disputed = False
        self._quorum: int | None = None
        self._heard: set[str] = set()
        # What readers' threads find changes the goal: one at a time.
        self._one_at_a_time = asyncio.Lock()

    @property
    def _own_log(self) -> OwnLog:
        """The log as its keys of now have signed it, which are exchanged under a running hub."""
        return OwnLog(self._journal.signer)

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
        """Return the log indexes to ask every node for (first, first not any more); None if none.

        At first those that are missing, or whose documents are. Once what came does not lead to the goal, all:
        what is wrong may have come from anybody, and may lie in the hub's own log.
        """
        if self._goal is None:
            return None
        if self._disputed:
            return 0, self._goal.size
        missing = sorted(self._missing(self._goal) | self._without_documents)
        return (missing[0], missing[-1] + 1) if missing else None

    def _missing(self, goal: Checkpoint) -> set[int]:
        return set(range(self._size, goal.size)) - self._recalled.indexes()

    async def take(self, court: str, records: Sequence[StoredEvent], *, done: bool) -> None:
        """Take entries that a court's node held; when all are there, store them and open the hub.

        *done*: the court has nothing more; it has brought what documents it had before.
        """
        goal = self._goal
        if goal is None:
            return
        keyring = await self._journal.read(read_keyring)
        formed = await asyncio.to_thread(_well_formed, court, keyring, records)
        for record in await self._journal.read(partial(not_own, size=self._size, records=formed)):
            if record.log_index < goal.size:
                self._recalled.add(court, record)
        if done:
            self._answered.add(court)
            await self._restore()

    async def _restore(self) -> None:
        async with self._one_at_a_time:
            goal = self._goal
            if goal is None:
                return
            missing = self._missing(goal)
            if missing:
                _log.warning("entries_still_missing", first=min(missing), end=max(missing) + 1)
            elif not await self._enter(goal):
                await self._dispute(goal)

    async def _enter(self, goal: Checkpoint) -> bool:
        """Store the entries that lead to *goal* when their documents are here; returns whether there are such."""
        leads = partial(that_lead_to, goal=goal, choices=self._recalled.choices(self._size))
        for records in await self._journal.read(leads):
            if await self._lacks_documents(records):
                return True
            try:
                await self._journal.submit(RestoreEntries(records, goal, self._seat))
            except DomainError as error:
                _log.error("restore_failed", problem=error.message, entries=len(records))
                continue
            # Before it opens: what came back with a backup and was erased since must not be shown again.
            await self._journal.submit(await self._journal.read(EraseAllFromJournal.of))
            self._restored(goal, len(records))
            return True
        return False

    async def _lacks_documents(self, records: Sequence[StoredEvent]) -> bool:
        """Return whether documents are still to come; those that both parties do not have are given up."""
        lacking = await self._journal.read(partial(without_documents, records=records))
        lost = [record for record in lacking if _parties(record) <= self._answered]
        self._without_documents = {each.log_index for each in lacking} - {each.log_index for each in lost}
        if self._without_documents:
            self._gate.recover(f"{len(self._without_documents)} 条记录所列的文书尚未补齐，等待双方法院的节点")
        elif lost:
            _log.error("documents_lost", indexes=[each.log_index for each in lost])
        return bool(self._without_documents)

    async def _dispute(self, goal: Checkpoint) -> None:
        """Ask everybody for everything, unless it is proven by now that this hub's own log is another one."""
        choices = self._recalled.choices(0, own=self._size)
        contradicts = partial(first_contradiction, size=self._size, goal=goal, choices=choices)
        if self._disputed and (index := await self._journal.read(contradicts)) is not None:
            self._gate.diverge(f"本机日志从第 {index} 条起与本密钥签发过的 {goal.size} 条的日志不同")
            return
        self._disputed = True
        self._gate.recover("取回的记录与已签发的检查点不符，重新向各法院的节点取回")

    def _restored(self, goal: Checkpoint, entries: int) -> None:
        self._size, self._goal, self._disputed = goal.size, None, False
        self._recalled.clear()
        self._answered.clear()
        _log.info("restored", entries=entries, size=goal.size)
        self._open_if_whole()

    def _open_if_whole(self) -> None:
        if self._goal is None and (self._quorum is None or len(self._heard) >= self._quorum):
            self._quorum = None
            self._gate.open()


def _well_formed(court: str, keyring: Keyring, records: Sequence[StoredEvent]) -> list[StoredEvent]:
    """Return those of *records* that are what a court has signed, as far as its keys are known here."""
    found = []
    for record in records:
        try:
            check_form(record, keyring)
        except DomainError as error:
            _log.error("recalled_entry_refused", court=court, index=record.log_index, problem=error.message)
        else:
            found.append(record)
    return found


def _parties(record: StoredEvent) -> set[str]:
    header = decode_header(record.header)
    return {header.sender, header.to}
