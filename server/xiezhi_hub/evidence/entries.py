"""Entries of the log, as far as the caller may have them."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, or_, select

from xiezhi_domain.errors import NotAllowed, NotFound, Reason
from xiezhi_domain.events.kinds import PUBLIC_EVENTS
from xiezhi_journal.reading import HistoryRow, history
from xiezhi_journal.restrictions import is_readable
from xiezhi_journal.tables import event, instruction, ruling
from xiezhi_wire.caller import AnyCaller, Caller
from xiezhi_wire.peer import PeerCertificate

_EVERYBODYS: Final = PUBLIC_EVENTS

# Built once: a proof asks several times, and building a query takes longer than running it.
_ENTRIES = select(event.c.event_id, event.c.instruction, event.c.kind, event.c.court).join(
    ruling, ruling.c.position == event.c.position
)
_OF_EVENT = _ENTRIES.where(event.c.event_id == bindparam("wanted"))
_AT_INDEX = _ENTRIES.where(ruling.c.log_index == bindparam("wanted"))
_OF_PARTY = select(instruction.c.instruction).where(
    instruction.c.instruction == bindparam("instruction"),
    or_(instruction.c.sender == bindparam("court"), instruction.c.receiver == bindparam("court")),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Where an entry belongs."""

    event_id: str
    instruction: str
    kind: str
    court: str


def entry_of_event(connection: Connection, event_id: str, caller: AnyCaller | None) -> Entry:
    """Return the entry of an event.

    :raises NotFound: no such event, or one that the caller may not have: whether there is one is not told.
    """
    entry = _entry(connection, _OF_EVENT, event_id)
    if not _may_have(connection, entry, caller):
        raise _not_found()
    return entry


def entry_at(connection: Connection, log_index: int) -> Entry:
    """Return the entry at an index.

    :raises NotFound: the log does not go so far.
    """
    return _entry(connection, _AT_INDEX, log_index)


def require_allowed(connection: Connection, entry: Entry, caller: AnyCaller | None) -> None:
    """Let the hub's people pass but for matters whose reading is restricted to others.

    And a court's node for its own entries, its matters' and the directory's.

    What was erased where, and what was looked at, is nobody's but those who are told of it.

    :raises NotAllowed: FORBIDDEN. That there is an entry at an index is no secret: checkpoints say how many there are.
    """
    if not _may_have(connection, entry, caller):
        raise NotAllowed(Reason.FORBIDDEN)


def _may_have(connection: Connection, entry: Entry, caller: AnyCaller | None) -> bool:
    match caller:
        case Caller(roles=roles):
            return is_readable(connection, entry.instruction, roles)
        case PeerCertificate(court=court):
            known = entry.court == court or entry.kind in _EVERYBODYS
            return known or is_party(connection, entry.instruction, court)
        case _:
            return False


def is_party(connection: Connection, instruction_id: str, court: str) -> bool:
    """Return whether *court* sent or received the matter."""
    return connection.scalar(_OF_PARTY, {"instruction": instruction_id, "court": court}) is not None


def row_of(connection: Connection, entry: Entry) -> HistoryRow:
    """Return an entry's event with its ruling, without body."""
    return next(row for row in history(connection, entry.instruction) if row.event_id == entry.event_id)


def _entry(connection: Connection, query: Select[Any], wanted: str | int) -> Entry:
    row: Any = connection.execute(query, {"wanted": wanted}).one_or_none()
    if row is None:
        raise _not_found()
    return Entry(row.event_id, row.instruction, row.kind, row.court)


def _not_found() -> NotFound:
    return NotFound(Reason.UNKNOWN_INSTRUCTION, "平台日志中没有这一事件或记录，请核对编号")
