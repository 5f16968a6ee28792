"""At most so many SMS for each account and hour; what is beyond becomes one that says how many there are.

Nothing is lost: what was put into a digest stays in the journal of notifications, as such. Urgent matters go out all
the same, and count. Functions for `write`, where one runs after the other: no two tries take the same place in an hour.
"""

import uuid
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, func, select, update

from xiezhi_desk.notifying import store
from xiezhi_desk.notifying.schedule import FIRST_PAUSE_MS, GIVE_UP_MS
from xiezhi_desk.notifying.store import Stored
from xiezhi_domain.terms import NotificationChannel, NotificationKind, NotificationState
from xiezhi_journal.tables import notification as table

HOUR_MS: Final = 3_600_000
_TEXT: Final = "【协执】另有 {number} 条提醒，请登录工作台查看。"
_SAID: Final = "一小时内短信已达上限，并入汇总短信"
_SMS: Final = NotificationChannel.SMS
_AS_NEW: Final[dict[str, Any]] = {
    "attempts": 0,
    "tried_at": 0,
    "ends_at": 0,
    "happened_at": 0,
    "address": "",
    "answer": "",
    "over_by": "",
}


@dataclass(frozen=True, slots=True)
class HourlyLimit:
    """How many SMS an account is sent in an hour."""

    per_hour: int

    def claim(self, connection: Connection, waiting: Stored, now: int, next_at: int) -> bool:
        """Count a try of *waiting* as `store.claim` does, or put it into a digest; returns whether it is to be sent.

        Where others are under way, of which nobody knows yet whether they will be taken, it waits for them.
        """
        if not self._concerns(waiting) or not store.is_as_read(connection, waiting):
            return store.claim(connection, waiting, now, next_at)
        digest = _open_digest(connection, waiting.account)
        sent = _sent_within_an_hour(connection, waiting.account, now)
        if digest is not None or len(sent) >= self.per_hour:
            _put_in(connection, waiting, digest or self._new_digest(waiting, sent, now), now)
            return False
        if len(sent) + _under_way(connection, waiting, now) >= self.per_hour:
            store.put_off(connection, waiting.notification_id, now + FIRST_PAUSE_MS)
            return False
        return store.claim(connection, waiting, now, next_at)

    def _new_digest(self, first: Stored, sent: list[int], now: int) -> Stored:
        """Return a digest that goes out when the hour has room; its key is made of that of the *first* put into it."""
        at = sent[len(sent) - self.per_hour] + HOUR_MS
        return replace(
            first,
            notification_id=str(uuid.uuid5(uuid.UUID(first.notification_id), NotificationKind.DIGEST)),
            kind=NotificationKind.DIGEST,
            instruction="",
            confidential=False,
            queued_at=now,
            next_at=at,
            expires_at=at + GIVE_UP_MS,
            state=NotificationState.QUEUED,
            **_AS_NEW,
        )

    @staticmethod
    def _concerns(waiting: Stored) -> bool:
        is_digest = waiting.kind is NotificationKind.DIGEST
        return waiting.channel is _SMS and bool(waiting.account) and not waiting.urgent and not is_digest


def _sent_within_an_hour(connection: Connection, account: str, now: int) -> list[int]:
    """Return when an account was sent its SMS of the last hour (ms), the oldest first."""
    sent = and_(table.c.state == NotificationState.SENT, table.c.tried_at > now - HOUR_MS)
    query = select(table.c.tried_at).where(_sms_of(account), sent).order_by(table.c.tried_at)
    return list(connection.scalars(query))


def _under_way(connection: Connection, waiting: Stored, now: int) -> int:
    """Return how many other SMS to the account of *waiting* were claimed, and what came of it is not noted yet."""
    claimed = and_(table.c.attempts > 0, table.c.next_at > now, table.c.tried_at > now - HOUR_MS)
    query = select(func.count()).where(
        _sms_of(waiting.account), table.c.state == NotificationState.QUEUED, claimed
    )
    return connection.scalar(query.where(table.c.notification_id != waiting.notification_id)) or 0


def _open_digest(connection: Connection, account: str) -> Stored | None:
    """Return the digest of an account that was not tried yet: what it says may still change."""
    untried = and_(table.c.state == NotificationState.QUEUED, table.c.attempts == 0)
    is_digest = table.c.kind == NotificationKind.DIGEST
    return store.first(connection, and_(_sms_of(account), is_digest, untried))


def _put_in(connection: Connection, waiting: Stored, digest: Stored, now: int) -> None:
    store.add(connection, [digest])
    folded = {"state": str(NotificationState.DIGESTED), "digest": digest.notification_id}
    row = update(table).where(table.c.notification_id == waiting.notification_id)
    connection.execute(row.values(**folded, tried_at=now, next_at=0, answer=_SAID))
    inside = and_(_sms_of(waiting.account), table.c.digest == digest.notification_id)
    number = connection.scalar(select(func.count()).select_from(table).where(inside))
    text = update(table).where(table.c.notification_id == digest.notification_id)
    connection.execute(text.values(text=_TEXT.format(number=number)))


def _sms_of(account: str) -> ColumnElement[bool]:
    return and_(table.c.account == account, table.c.channel == _SMS)
