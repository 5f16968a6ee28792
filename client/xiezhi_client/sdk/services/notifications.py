"""What people and systems are told outside the platform: the journal of it, and what each person wants."""

from xiezhi.v1 import notification_service_pb2 as pb
from xiezhi.v1.notification_service_pb2_grpc import NotificationServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.kinds import Name
from xiezhi_client.sdk.records.notification import (
    NotificationChoices,
    NotificationPage,
    NotificationSettings,
)
from xiezhi_client.sdk.vocabulary import NotificationChannel, NotificationState

_STATE = Name(pb.NotificationState.DESCRIPTOR)
_CHANNEL = Name(pb.NotificationChannel.DESCRIPTOR)


class Notifications:
    """`NotificationService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = NotificationServiceStub(calls.channel)

    async def page(
        self,
        state: NotificationState = "",
        channel: NotificationChannel = "",
        *,
        mine_only: bool = False,
        page_size: int = 0,
        page_token: str = "",
    ) -> NotificationPage:
        """Give a page of what was queued and sent, the last first: all for command centre and administrators."""
        request = pb.ListNotificationsRequest(
            state=_STATE.to_proto(state),
            channel=_CHANNEL.to_proto(channel),
            mine_only=mine_only,
            page_size=page_size,
            page_token=page_token,
        )
        return NotificationPage.from_proto(await self._calls.unary(self._stub.ListNotifications, request))

    async def retry(self, notification_id: str) -> None:
        """Let one that was given up be tried again, with the same key. Raise `NotFound`, `WrongState` (it was sent)."""
        request = pb.RetryNotificationRequest(notification_id=notification_id)
        await self._calls.unary(self._stub.RetryNotification, request)

    async def settings(self, account_id: str = "") -> NotificationChoices:
        """Give one's own settings, or for an administrator those of somebody else. Raise `NotAllowed`, `NotFound`."""
        request = pb.GetNotificationSettingsRequest(account_id=account_id)
        return NotificationChoices.from_proto(
            await self._calls.unary(self._stub.GetNotificationSettings, request)
        )

    async def set_settings(self, settings: NotificationSettings) -> NotificationSettings:
        """Replace settings. Raise `InvalidInput` (no address; a binding kind), `NotAllowed`, `NotFound`."""
        request = pb.SetNotificationSettingsRequest(settings=settings.to_proto())
        answer = await self._calls.unary(self._stub.SetNotificationSettings, request)
        return NotificationSettings.from_proto(answer.settings)
