"""Rows of notifications: the outbox, and the journal of what became of it. Functions for `read` and `write`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select, true, update

from xiezhi_desk.notifying.rules import END
from xiezhi_domain.errors import NotFound, Reason, WrongState
from xiezhi_domain.terms import NotificationChannel, NotificationKind, NotificationState
from xiezhi_journal import tables
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.reading.paging import Page, token_after
from xiezhi_journal.tables import notification as table

AT_ONCE: Final = 50
_WAITING: Final = (str(NotificationState.QUEUED), str(NotificationState.FAILED))


@dataclass(frozen=True, slots=True)
class Stored:
    """A notification as it lies in the journal; times are in ms, 0 where there is none."""

    notification_id: str
    kind: NotificationKind
    channel: NotificationChannel
    addressee: str
    account: str
    name: str
    instruction: str
    confidential: bool
    urgent: bool
    subject: str
    text: str
    content: str
    queued_at: int
    expires_at: int
    state: NotificationState = NotificationState.QUEUED
    attempts: int = 0
    tried_at: int = 0
    next_at: int = 0
    address: str = ""
    answer: str = ""
    ends_at: int = 0
    over_by: str = ""
    happened_at: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a try came to; `next_at` is 0 where there is no other."""

    state: NotificationState
    address: str
    answer: str
    next_at: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which notifications a list shows; `account` empty: anybody's."""

    account: str = ""
    state: NotificationState | None = None
    channel: NotificationChannel | None = None


def add(connection: Connection, new: Sequence[Stored]) -> int:
    """Queue those of *new* that were not queued before; returns how many."""
    by_id = {each.notification_id: each for each in new}
    known = connection.scalars(
        select(table.c.notification_id).where(table.c.notification_id.in_(sorted(by_id)))
    )
    for each in list(known):
        del by_id[each]
    insert_rows(connection, table, [_values(each) for each in by_id.values()])
    return len(by_id)


def due(connection: Connection, channel: NotificationChannel, now: int) -> list[Stored]:
    """Return what is to be tried on *channel* at *now* (ms), that which waits longest first, up to a handful."""
    query = (
        select(table)
        .where(table.c.channel == channel, table.c.next_at > 0, table.c.next_at <= now)
        .order_by(table.c.next_at, table.c.queued_at, table.c.notification_id)
        .limit(AT_ONCE)
    )
    return [_stored(row) for row in connection.execute(query)]


def first(connection: Connection, condition: ColumnElement[bool]) -> Stored | None:
    """Return the notification of which *condition* is true that was queued first; None for none."""
    query = select(table).where(condition).order_by(table.c.queued_at, table.c.notification_id).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else _stored(row)


def is_as_read(connection: Connection, waiting: Stored) -> bool:
    """Return whether *waiting* still waits as it was read: nobody else has taken it."""
    query = select(table.c.notification_id).where(_as_read(waiting))
    return connection.scalar(query) is not None


def claim(connection: Connection, waiting: Stored, now: int, next_at: int) -> bool:
    """Count a try of *waiting* before it is made; the next one is at *next_at* (ms), unless this one's end is noted.

    Returns whether it still waits as it was read.
    """
    as_read = update(table).where(_as_read(waiting))
    # Under way is not failed: how many are is counted (digest.py).
    under_way = {"state": str(NotificationState.QUEUED), "attempts": waiting.attempts + 1}
    claimed = connection.execute(as_read.values(**under_way, tried_at=now, next_at=next_at))
    return claimed.rowcount == 1


def note_tried(connection: Connection, notification_id: str, tried: Tried, now: int) -> None:
    """Note what a try came to."""
    connection.execute(
        _still_waiting(notification_id).values(
            state=str(tried.state),
            tried_at=now,
            next_at=tried.next_at,
            address=tried.address,
            answer=tried.answer,
        )
    )


def put_off(connection: Connection, notification_id: str, next_at: int) -> None:
    """Let one wait until *next_at* (ms); that is no try."""
    connection.execute(_still_waiting(notification_id).values(next_at=next_at))


def retry(connection: Connection, notification_id: str, now: int, expires_at: int) -> None:
    """Let one that was given up be tried again, until *expires_at*; one that waits is tried at once.

    It is never tried once what it speaks of is over.

    :raises NotFound: there is none.
    :raises WrongState: it was sent, what it speaks of is over, or a digest counts it.
    """
    row = connection.execute(select(table).where(table.c.notification_id == notification_id)).one_or_none()
    if row is None:
        raise NotFound(Reason.UNKNOWN_NOTIFICATION)
    found = _stored(row)
    if found.state is NotificationState.SENT:
        raise WrongState(Reason.WRONG_STATE, "该通知已经发出，无需重发")
    if found.state is NotificationState.DIGESTED:
        raise WrongState(Reason.WRONG_STATE, "该通知已并入汇总短信，不能单独重发")
    if found.state is NotificationState.OUTDATED or is_over(connection, found, now):
        raise WrongState(Reason.WRONG_STATE, "该通知所说的事项或期限已过，不能重发")
    expires_at = min(expires_at, found.ends_at or expires_at)
    connection.execute(
        update(table)
        .where(table.c.notification_id == notification_id)
        .values(state=str(NotificationState.QUEUED), next_at=now, expires_at=expires_at)
    )


def is_over(connection: Connection, waiting: Stored, now: int) -> bool:
    """Return whether what *waiting* speaks of is over at *now* (ms), in time or by what was accepted since."""
    if 0 < waiting.ends_at <= now:
        return True
    over_by = frozenset(waiting.over_by.split())
    if END in over_by:
        matter = tables.instruction.c
        if connection.scalar(select(matter.open).where(matter.instruction == waiting.instruction)) is False:
            return True
    return _has_happened(connection, waiting, over_by - {END})


def _has_happened(connection: Connection, waiting: Stored, kinds: frozenset[str]) -> bool:
    event, ruling = tables.event.c, tables.ruling.c
    query = (
        select(event.position)
        .join(tables.ruling, ruling.position == event.position)
        .where(event.instruction == waiting.instruction, event.kind.in_(sorted(kinds)))
        .where(ruling.accepted, ruling.ruled_at > waiting.happened_at)
        .limit(1)
    )
    return bool(kinds) and connection.scalar(query) is not None


def list_page(connection: Connection, wanted: Wanted, page: Page) -> tuple[list[Stored], str]:
    """Return a page of notifications, the last first, and the token of the next one.

    :raises InvalidInput: a token of another list.
    """
    query = select(table).where(_condition(wanted))
    after = page.after(int, str)
    if after is not None:
        queued_at, identifier = after
        same = and_(table.c.queued_at == queued_at, table.c.notification_id < identifier)
        query = query.where(or_(table.c.queued_at < queued_at, same))
    query = query.order_by(table.c.queued_at.desc(), table.c.notification_id.desc())
    rows = [_stored(row) for row in connection.execute(query.limit(page.size + 1))]
    shown = rows[: page.size]
    more = len(rows) > len(shown)
    return shown, token_after(shown[-1].queued_at, shown[-1].notification_id) if more else ""


def _condition(wanted: Wanted) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if wanted.account:
        conditions.append(table.c.account == wanted.account)
    if wanted.state is not None:
        conditions.append(table.c.state == wanted.state)
    if wanted.channel is not None:
        conditions.append(table.c.channel == wanted.channel)
    return and_(*conditions)


def _as_read(waiting: Stored) -> ColumnElement[bool]:
    return and_(
        table.c.notification_id == waiting.notification_id,
        table.c.state.in_(_WAITING),
        table.c.attempts == waiting.attempts,
        table.c.next_at == waiting.next_at,
    )


def _still_waiting(notification_id: str) -> Any:
    return update(table).where(table.c.notification_id == notification_id, table.c.state.in_(_WAITING))


def _values(stored: Stored) -> tuple[Any, ...]:
    return tuple(getattr(stored, column.name) for column in table.columns)


def _stored(row: Row[Any]) -> Stored:
    values = dict(row._mapping)  # noqa: SLF001  the public name of SQLAlchemy's row as a mapping
    values["kind"] = NotificationKind(row.kind)
    values["channel"] = NotificationChannel(row.channel)
    values["state"] = NotificationState(row.state)
    return Stored(**values)
