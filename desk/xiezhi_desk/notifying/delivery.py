"""The worker: sends what lies in the outbox, each way by itself, until it is taken or given up.

What was queued is on disk, and so is its key. A try is claimed on disk before it is made, so that nothing is sent that
cannot be written down; what came of it is noted afterwards. Killed between the two, the program sends the same message
with the same key again after the pause that the claim has set (at least once), never another one.
"""

import asyncio
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection

from xiezhi_desk.accounts import store as accounts
from xiezhi_desk.notifying import preferences, store
from xiezhi_desk.notifying.addressees import duty_place, hook_of
from xiezhi_desk.notifying.channels.channel import Delivery as Delivered
from xiezhi_desk.notifying.channels.channel import Message, Notifier
from xiezhi_desk.notifying.digest import HourlyLimit
from xiezhi_desk.notifying.mobiles import MOBILE, mobile_of, mobiles_on_duty
from xiezhi_desk.notifying.opening import Ways
from xiezhi_desk.notifying.schedule import QuietHours, pause_after
from xiezhi_desk.notifying.store import Stored, Tried
from xiezhi_domain.errors import DomainError
from xiezhi_domain.terms import NotificationChannel, NotificationState
from xiezhi_journal.journal import Journal

LOOK_EVERY_S: Final = 2.0
AT_ONCE: Final = 4
"""Messages of one way that are under way."""
_NO_ADDRESS: Final = {
    NotificationChannel.SMS: "未登记手机号，请系统管理员补录",
    NotificationChannel.EMAIL: "未登记电子邮件地址，请本人或系统管理员补录",
    NotificationChannel.WEBHOOK: "接口已不在配置中",
}
_NOBODY_ON_DUTY: Final = "值班表中此时没有这一位值班人，或未登记其手机号，请补录值班表"
_TOO_LATE: Final = "超过发送期限，不再发送"
_NO_WAY: Final = "本院未配置该渠道或该接口"
_log = structlog.get_logger(__name__)


class Delivery:
    """Sends what is due. Ways do not wait for each other: one that is away holds up nobody else."""

    def __init__(
        self, journal: Journal, ways: Ways, quiet: QuietHours, limit: HourlyLimit | None = None
    ) -> None:
        self._journal = journal
        self._ways = ways
        self._quiet = quiet
        self._claim = limit.claim if limit else store.claim

    async def run(self, channel: NotificationChannel) -> None:
        """Send what goes by *channel* for ever, until cancelled."""
        while True:
            tried = 0
            try:
                tried = await self.send_due(channel)
            except DomainError as error:
                _log.warning("notifications_not_looked_at", channel=channel, reason=error.reason)
            except Exception as error:  # noqa: BLE001  a task that ended would stop the whole program
                _log.warning("notifications_not_looked_at", channel=channel, problem=type(error).__name__)
            if tried < store.AT_ONCE:
                await asyncio.sleep(LOOK_EVERY_S)

    async def send_due(self, channel: NotificationChannel) -> int:
        """Try what is due on *channel* now; returns how many were looked at."""
        now = self._journal.clock()
        waiting = await self._journal.read(partial(store.due, channel=channel, now=now))
        at_once = asyncio.Semaphore(AT_ONCE)

        async def one(each: Stored) -> None:
            async with at_once:
                await self._try(each)

        # Not in a group: one that fails for want of a database must not cut off another that its gateway has taken.
        ended = await asyncio.gather(*map(one, waiting), return_exceptions=True)
        for error in ended:
            if error is not None:
                raise error
        return len(waiting)

    async def _try(self, each: Stored) -> None:
        now = self._journal.clock()
        if await self._journal.read(partial(store.is_over, waiting=each, now=now)):
            await self._note(each, Tried(NotificationState.OUTDATED, each.address, each.answer, 0))
            return
        if each.expires_at <= now:
            await self._note(
                each, Tried(NotificationState.GIVEN_UP, each.address, each.answer or _TOO_LATE, 0)
            )
            return
        quiet_until = self._quiet_until(each, now)
        if quiet_until:
            await self._journal.write(
                partial(store.put_off, notification_id=each.notification_id, next_at=quiet_until)
            )
            return
        next_at = now + pause_after(each.attempts + 1)
        if await self._journal.write(partial(self._claim, waiting=each, now=now, next_at=next_at)):
            await self._note(each, await self._send(each, now))

    async def _send(self, each: Stored, now: int) -> Tried:
        address = await self._journal.read(partial(address_of, each=each, court=self._journal.court, now=now))
        way = self._ways.of(each.channel, hook_of(each.addressee))
        if not address or way is None:
            reason = _no_address(each) if way else _NO_WAY
            return Tried(NotificationState.GIVEN_UP, "", reason, 0)
        message = Message(each.notification_id, address, each.subject, each.text, each.content)
        return self._outcome(each, masked(address), await _sent(way, message))

    def _outcome(self, each: Stored, address: str, delivered: Delivered) -> Tried:
        if delivered.taken:
            return Tried(NotificationState.SENT, address, delivered.answer, 0)
        next_at = self._journal.clock() + pause_after(each.attempts + 1, delivered.pause_ms)
        if delivered.final or next_at >= each.expires_at:
            return Tried(NotificationState.GIVEN_UP, address, delivered.answer, 0)
        return Tried(NotificationState.FAILED, address, delivered.answer, next_at)

    def _quiet_until(self, each: Stored, now: int) -> int:
        """Return when *each* may be sent, where a phone must not ring for it now; else 0."""
        if each.channel is not NotificationChannel.SMS or each.urgent:
            return 0
        until = self._quiet.end_after(now)
        return until if until < each.expires_at else 0

    async def _note(self, each: Stored, tried: Tried) -> None:
        if tried.state in (NotificationState.FAILED, NotificationState.GIVEN_UP):
            _log.warning(
                "notification_not_sent",
                notification=each.notification_id,
                channel=each.channel,
                state=tried.state,
            )
        note = partial(
            store.note_tried,
            notification_id=each.notification_id,
            tried=tried,
            now=self._journal.clock(),
        )
        await self._journal.write(note)


async def _sent(way: Notifier, message: Message) -> Delivered:
    """Return what became of a message; a way that breaks on it stops neither the others nor the program."""
    try:
        return await way.send(message)
    except Exception as error:  # noqa: BLE001  such as a header of the configuration that cannot be encoded
        _log.warning("notification_way_broken", notification=message.key, problem=type(error).__name__)
        return Delivered(taken=False, answer=f"发送出错：{type(error).__name__}，请检查渠道配置")


def _no_address(each: Stored) -> str:
    return _NO_ADDRESS[each.channel] if duty_place(each.addressee) is None else _NOBODY_ON_DUTY


def address_of(connection: Connection, each: Stored, court: str, now: int) -> str:
    """Return where a notification goes now; empty where nobody knows, or the person has left.

    Addresses are looked up for every try and kept nowhere else: a number that has changed is used at once.
    """
    if each.channel is NotificationChannel.WEBHOOK:
        return hook_of(each.addressee)
    place = duty_place(each.addressee)
    if place is not None:
        return next(iter(mobiles_on_duty(connection, court, now)[place:]), "")
    account = accounts.find_account(connection, each.account)
    if account is None or account.disabled:
        return ""
    if each.channel is NotificationChannel.EMAIL:
        return preferences.read(connection, each.account).email
    return mobile_of(account.officer.mobile)


def masked(address: str) -> str:
    """Return an address as the journal shows it: enough to recognise a wrong one."""
    name, at, host = address.partition("@")
    if at:
        return f"{name[:1]}***@{host}"
    return f"{address[:3]}****{address[-4:]}" if MOBILE.fullmatch(address) else address
