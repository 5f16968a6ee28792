"""Taking in what a court pushes: checked off the loop, documents looked for, ruled on in one batch (ADR 0002)."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeAlias

import structlog
from sqlalchemy import Connection, select

from xiezhi.v1 import event_pb2
from xiezhi.v1.link_service_pb2 import Rejected
from xiezhi_domain.errors import DomainError, LimitExceeded, Reason, Unavailable, WrongState
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.events.kinds import DIRECTORY_EVENTS
from xiezhi_domain.keyring import Keyring
from xiezhi_hub.ruling.check import CheckedEvent, PushChecker
from xiezhi_hub.ruling.directory import RuleOnDirectoryEvent
from xiezhi_hub.ruling.rule import RuleOnEvent, Seat
from xiezhi_journal.journal import Journal
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.tables import document_of

_log = structlog.get_logger(__name__)

CHECKING_THREADS: Final = 2
_CHUNK: Final = 400

Outcome: TypeAlias = CheckedEvent | DomainError
_Named: TypeAlias = set[tuple[str, bytes]]


class Intake:
    """Rules on pushes of courts; one for the hub."""

    def __init__(self, journal: Journal, seat: Seat) -> None:
        self._journal = journal
        self._seat = seat
        self._keyring = Keyring()
        self._threads = ThreadPoolExecutor(CHECKING_THREADS, thread_name_prefix="check")

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()

    async def rule(self, court: str, records: Sequence[event_pb2.EventRecord]) -> list[Rejected | None]:
        """Rule on the events of *court*, as `HubPort.rule` says."""
        checked = await self._checked(court, records)
        present = await self._journal.read(lambda connection: _present(connection, checked))
        outcomes = _hold_back(checked, present)
        accepted = [outcome for outcome in outcomes if isinstance(outcome, CheckedEvent)]
        answers = iter(await self._journal.writer.submit_all([self._work(event) for event in accepted]))
        settled = [next(answers) if isinstance(each, CheckedEvent) else each for each in outcomes]
        return [
            _rejection(court, record, error) if isinstance(error, BaseException) else None
            for record, error in zip(records, settled, strict=True)
        ]

    async def _checked(self, court: str, records: Sequence[event_pb2.EventRecord]) -> list[Outcome]:
        if any(record.push.key_id not in self._keyring.keys for record in records):
            # Keys are only ever added: a key that is known needs no other look.
            self._keyring = await self._journal.read(read_keyring)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._threads, _check_all, PushChecker(court, self._keyring), records
        )

    def _work(self, event: CheckedEvent) -> RuleOnEvent | RuleOnDirectoryEvent:
        if event.header.kind in DIRECTORY_EVENTS:
            return RuleOnDirectoryEvent(event, self._seat)
        return RuleOnEvent(event, self._seat)


def _check_all(checker: PushChecker, records: Sequence[event_pb2.EventRecord]) -> list[Outcome]:
    return [_check(checker, record) for record in records]


def _check(checker: PushChecker, record: event_pb2.EventRecord) -> Outcome:
    try:
        return checker.check(record)
    except DomainError as error:
        return error


def _present(connection: Connection, checked: Sequence[Outcome]) -> _Named:
    """Return which of the documents that the events name lie here for their instructions."""
    instructions = sorted(
        {event.header.instruction for event in checked if isinstance(event, CheckedEvent) and event.documents}
    )
    found: _Named = set()
    for start in range(0, len(instructions), _CHUNK):
        part = document_of.c.instruction.in_(instructions[start : start + _CHUNK])
        rows = connection.execute(select(document_of.c.instruction, document_of.c.sha256).where(part))
        found.update((row.instruction, row.sha256) for row in rows)
    return found


def _hold_back(checked: Sequence[Outcome], present: _Named) -> list[Outcome]:
    """Hold back events whose documents are not here, and the later ones of their instruction, which build on them."""
    held: set[str] = set()
    outcomes: list[Outcome] = []
    for outcome in checked:
        if isinstance(outcome, CheckedEvent):
            instruction = outcome.header.instruction
            named = {(instruction, document.sha256) for document in outcome.documents}
            if instruction in held or not named <= present:
                held.add(instruction)
                outcomes.append(Unavailable(Reason.DOCUMENT_MISSING))
                continue
        outcomes.append(outcome)
    return outcomes


def _rejection(court: str, record: event_pb2.EventRecord, error: BaseException) -> Rejected:
    problem = error if isinstance(error, DomainError) else WrongState(Reason.INTERNAL)
    retry = isinstance(problem, Unavailable | LimitExceeded)
    event_id = _event_id(record)
    if not retry:
        # Nobody sends such a thing by accident: a broken program, or somebody who is not the court.
        _log.error("event_rejected", court=court, event_id=event_id, reason=problem.reason.value)
    return Rejected(event_id=event_id, reason=problem.reason.value, message=problem.message, retry=retry)


def _event_id(record: event_pb2.EventRecord) -> str:
    try:
        return decode_header(record.header).id
    except DomainError:
        return ""
