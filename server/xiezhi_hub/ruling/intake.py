"""Taking in what a court pushes: checked off the loop, documents looked for, ruled on in one batch (ADR 0002)."""

import asyncio
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

import structlog
from sqlalchemy import Connection, select

from xiezhi.v1.link_service_pb2 import Rejected, StoredEvent
from xiezhi_domain.errors import DomainError, FormatError, LimitExceeded, Reason, Unavailable, WrongState
from xiezhi_domain.events.header import Seen, decode_header
from xiezhi_domain.events.kinds import DIRECTORY_EVENTS
from xiezhi_domain.keyring import Keyring
from xiezhi_hub.ruling.check import CheckedEvent, PushChecker
from xiezhi_hub.ruling.directory import RuleOnDirectoryEvent
from xiezhi_hub.ruling.held import HeldMatters
from xiezhi_hub.ruling.rule import RuleOnEvent, Seat
from xiezhi_hub.ruling.seen import false_claims, note_false_claims
from xiezhi_journal.journal import Journal
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.tables import document_of

_log = structlog.get_logger(__name__)

CHECKING_THREADS: Final = 2
_CHUNK: Final = 400

Outcome: TypeAlias = CheckedEvent | DomainError
_Work: TypeAlias = RuleOnEvent | RuleOnDirectoryEvent


class Intake:
    """Rules on pushes of courts; one for the hub."""

    def __init__(self, journal: Journal, seat: Seat) -> None:
        self._journal = journal
        self._seat = seat
        self._keyring = Keyring()
        self._held: dict[str, HeldMatters] = {}
        self._threads = ThreadPoolExecutor(CHECKING_THREADS, thread_name_prefix="check")

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()

    def begin(self, court: str) -> None:
        """Expect *court* to push again everything that was not ruled on, from the first."""
        self._held.pop(court, None)

    async def rule(self, court: str, records: Sequence[StoredEvent]) -> list[Rejected | None]:
        """Rule on the events of *court*, as `HubPort.rule` says."""
        checked = await self._checked(court, records)
        known = await self._journal.read(partial(_read_known, origin=self._seat.origin, checked=checked))
        if known.false_claims:
            await self._alarm(court, checked, known.false_claims)
        held = self._held.setdefault(court, HeldMatters())
        outcomes = [self._work(outcome, known, held) for outcome in checked]
        works = [outcome for outcome in outcomes if not isinstance(outcome, DomainError)]
        answers = iter(await self._journal.writer.submit_all(works))
        settled = [each if isinstance(each, DomainError) else next(answers) for each in outcomes]
        rejections = [
            _rejection(court, record, error) if isinstance(error, BaseException) else None
            for record, error in zip(records, settled, strict=True)
        ]
        held.note(checked, rejections)
        return rejections

    async def _alarm(self, court: str, checked: Sequence[Outcome], false: Collection[Seen]) -> None:
        """Keep that a court claims to have seen this log as it never was; another log may be a wrong setting."""
        headers = [each.header for each in checked if isinstance(each, CheckedEvent)]
        claiming = [each for each in headers if each.seen in false and each.seen.origin == self._seat.origin]
        now = self._journal.clock()
        await self._journal.write(partial(note_false_claims, court=court, headers=claiming, now=now))

    async def _checked(self, court: str, records: Sequence[StoredEvent]) -> list[Outcome]:
        checked = await self._check_with_known_keys(court, records)
        if any(isinstance(each, DomainError) and each.reason is Reason.KEY_UNKNOWN for each in checked):
            # Keys are only ever added: a key that is known needs no other look.
            self._keyring = await self._journal.read(read_keyring)
            checked = await self._check_with_known_keys(court, records)
        return checked

    async def _check_with_known_keys(self, court: str, records: Sequence[StoredEvent]) -> list[Outcome]:
        checker = PushChecker(court, self._keyring)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _check_all, checker, records)

    def _work(self, outcome: Outcome, known: "_Known", held: HeldMatters) -> _Work | DomainError:
        """Return the work that rules on an event, or why it cannot be ruled on now or ever."""
        if isinstance(outcome, DomainError):
            return outcome
        header = outcome.header
        if known.false_claims and header.seen in known.false_claims:
            return FormatError("事件头所称已见的检查点与平台日志不符")
        if header.kind in DIRECTORY_EVENTS:
            return RuleOnDirectoryEvent(outcome, self._seat)
        before = held.before(header)
        if any((header.instruction, document.sha256) not in known.present for document in outcome.documents):
            return Unavailable(Reason.DOCUMENT_MISSING)
        return RuleOnEvent(outcome, self._seat, before)


def _check_all(checker: PushChecker, records: Sequence[StoredEvent]) -> list[Outcome]:
    return [_check(checker, record) for record in records]


def _check(checker: PushChecker, record: StoredEvent) -> Outcome:
    try:
        return checker.check(record)
    except DomainError as error:
        return error


@dataclass(frozen=True, slots=True)
class _Known:
    """What the hub knows that bears on a push: documents that lie here for its matters, claims that cannot be true."""

    present: set[tuple[str, bytes]]
    false_claims: set[Seen]


def _read_known(connection: Connection, origin: str, checked: Sequence[Outcome]) -> _Known:
    events = [event for event in checked if isinstance(event, CheckedEvent)]
    claims = {event.header.seen for event in events}
    return _Known(_present(connection, events), false_claims(connection, origin, claims))


def _present(connection: Connection, events: Sequence[CheckedEvent]) -> set[tuple[str, bytes]]:
    """Return which of the documents that the events name lie here for their instructions."""
    instructions = sorted({event.header.instruction for event in events if event.documents})
    found: set[tuple[str, bytes]] = set()
    for start in range(0, len(instructions), _CHUNK):
        part = document_of.c.instruction.in_(instructions[start : start + _CHUNK])
        rows = connection.execute(select(document_of.c.instruction, document_of.c.sha256).where(part))
        found.update((row.instruction, row.sha256) for row in rows)
    return found


def _rejection(court: str, record: StoredEvent, error: BaseException) -> Rejected:
    problem = error if isinstance(error, DomainError) else WrongState(Reason.INTERNAL)
    retry = isinstance(problem, Unavailable | LimitExceeded)
    event_id = _event_id(record)
    if not retry:
        # Nobody sends such a thing by accident: a broken program, or somebody who is not the court.
        _log.error("event_rejected", court=court, event_id=event_id, reason=problem.reason.value)
    return Rejected(event_id=event_id, reason=problem.reason.value, message=problem.message, retry=retry)


def _event_id(record: StoredEvent) -> str:
    try:
        return decode_header(record.header).id
    except DomainError:
        return ""
