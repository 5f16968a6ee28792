"""`NotificationService`: the journal of notifications, and what each person wants."""

# Methods are named by the contract.
# ruff: noqa: N802

from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import notification_service_pb2 as pb
from xiezhi.v1.notification_service_pb2_grpc import NotificationServiceServicer
from xiezhi_desk.accounts.store import get_account
from xiezhi_desk.notifying import preferences, store
from xiezhi_desk.notifying.preferences import Preferences, check_email
from xiezhi_desk.notifying.schedule import GIVE_UP_MS
from xiezhi_desk.notifying.settings import NotifyingSettings
from xiezhi_desk.notifying.store import Stored, Wanted
from xiezhi_desk.terms import NOTIFICATION_CHANNELS, NOTIFICATION_KINDS, NOTIFICATION_STATES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import InvalidInput, NotAllowed, Reason
from xiezhi_domain.terms import Role
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading.paging import Page
from xiezhi_wire.caller import Caller, current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
_SEE_ALL: Final = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.CENTRE_DIRECTOR, Role.CENTRE_OFFICER})
_SEE_MATTERS: Final = _SEE_ALL - {Role.ADMINISTRATOR}
"""An administrator looks after ways and addresses, and sees nothing of cases but what he himself was told."""


class NotificationService(NotificationServiceServicer):
    """Serves the journal's notifications at a node or hub."""

    def __init__(self, journal: Journal, settings: NotifyingSettings) -> None:
        self._journal = journal
        self._settings = settings

    async def ListNotifications(
        self, request: pb.ListNotificationsRequest, _context: _Context
    ) -> pb.ListNotificationsResponse:
        """Return a page of what the caller may see."""
        caller = current_caller()
        own = request.mine_only or _SEE_ALL.isdisjoint(caller.roles)
        wanted = Wanted(caller.account_id if own else "")
        if request.state:
            wanted = replace(wanted, state=NOTIFICATION_STATES.from_proto(request.state, "state"))
        if request.channel:
            wanted = replace(wanted, channel=NOTIFICATION_CHANNELS.from_proto(request.channel, "channel"))
        page = Page.of(request.page_size, request.page_token)
        rows, token = await self._journal.read(partial(store.list_page, wanted=wanted, page=page))
        return pb.ListNotificationsResponse(
            notifications=[_message(_as_seen(each, caller)) for each in rows],
            next_page_token=token,
            channels=NOTIFICATION_CHANNELS.all_to_proto(self._settings.channels),
        )

    async def RetryNotification(
        self, request: pb.RetryNotificationRequest, _context: _Context
    ) -> pb.RetryNotificationResponse:
        """Let one be tried again."""
        now = self._journal.clock()
        again = partial(
            store.retry, notification_id=request.notification_id, now=now, expires_at=now + GIVE_UP_MS
        )
        await self._journal.write(again)
        return pb.RetryNotificationResponse()

    async def GetNotificationSettings(
        self, request: pb.GetNotificationSettingsRequest, _context: _Context
    ) -> pb.GetNotificationSettingsResponse:
        """Return the settings of the caller or, for an administrator, of somebody else."""
        account = _whose(current_caller(), request.account_id)
        found = await self._journal.read(partial(_read, account=account))
        return pb.GetNotificationSettingsResponse(
            settings=_settings_message(found),
            binding_kinds=NOTIFICATION_KINDS.all_to_proto(self._settings.rules.binding),
            channels=NOTIFICATION_CHANNELS.all_to_proto(self._settings.channels),
        )

    async def SetNotificationSettings(
        self, request: pb.SetNotificationSettingsRequest, _context: _Context
    ) -> pb.SetNotificationSettingsResponse:
        """Replace them."""
        wanted = self._wanted(current_caller(), request.settings)
        await self._journal.write(partial(_put, wanted=wanted))
        return pb.SetNotificationSettingsResponse(settings=_settings_message(wanted))

    def _wanted(self, caller: Caller, message: pb.NotificationSettings) -> Preferences:
        where = "settings.declined"
        wanted = Preferences(
            account=_whose(caller, message.account_id),
            email=check_email(message.email, "settings.email"),
            declined_channels=NOTIFICATION_CHANNELS.all_from_proto(
                message.declined_channels, f"{where}_channels"
            ),
            declined_kinds=NOTIFICATION_KINDS.all_from_proto(message.declined_kinds, f"{where}_kinds"),
        )
        if bound := sorted(wanted.declined_kinds & self._settings.rules.binding):
            words = "、".join(each.zh for each in bound)
            raise InvalidInput.in_field(f"{where}_kinds", f"本院规定必须接收：{words}")
        return wanted


def _whose(caller: Caller, account: str) -> str:
    """Return whose settings are meant.

    :raises NotAllowed: WRONG_ROLE; somebody else's are the administrator's business.
    """
    if account and account != caller.account_id and Role.ADMINISTRATOR not in caller.roles:
        raise NotAllowed(Reason.WRONG_ROLE)
    return account or caller.account_id


def _read(connection: Connection, account: str) -> Preferences:
    get_account(connection, account)
    return preferences.read(connection, account)


def _put(connection: Connection, wanted: Preferences) -> None:
    get_account(connection, wanted.account)
    preferences.put(connection, wanted)


def _settings_message(settings: Preferences) -> pb.NotificationSettings:
    return pb.NotificationSettings(
        account_id=settings.account,
        email=settings.email,
        declined_channels=NOTIFICATION_CHANNELS.all_to_proto(settings.declined_channels),
        declined_kinds=NOTIFICATION_KINDS.all_to_proto(settings.declined_kinds),
    )


def _as_seen(stored: Stored, caller: Caller) -> Stored:
    """Return what *caller* may see of a notification."""
    if stored.account == caller.account_id or not _SEE_MATTERS.isdisjoint(caller.roles):
        return stored
    return replace(stored, text="", instruction="")


def _message(stored: Stored) -> pb.Notification:
    message = pb.Notification(
        notification_id=stored.notification_id,
        kind=NOTIFICATION_KINDS.to_proto(stored.kind),
        channel=NOTIFICATION_CHANNELS.to_proto(stored.channel),
        state=NOTIFICATION_STATES.to_proto(stored.state),
        addressee=stored.name,
        address=stored.address,
        text=stored.text,
        instruction_id="" if stored.confidential else stored.instruction,
        queued_at=to_timestamp(stored.queued_at),
        attempts=stored.attempts,
        answer=stored.answer,
    )
    if stored.tried_at:
        message.tried_at.CopyFrom(to_timestamp(stored.tried_at))
    if stored.next_at:
        message.next_at.CopyFrom(to_timestamp(stored.next_at))
    return message
