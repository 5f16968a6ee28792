"""What people and systems are told outside the platform, and what each person wants."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import notification_service_pb2 as pb
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.vocabulary import NotificationChannel, NotificationKind, NotificationState


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification(Record[pb.Notification]):
    """One notification to one addressee on one channel; `address` and `answer` have long numbers masked.

    `notification_id` is the idempotency key that every try carries; `instruction_id` is empty where the kind of the
    matter is confidential.
    """

    notification_id: str = ""
    kind: NotificationKind = ""
    channel: NotificationChannel = ""
    state: NotificationState = ""
    addressee: str = ""
    address: str = ""
    text: str = ""
    instruction_id: str = ""
    queued_at: datetime | None = None
    tried_at: datetime | None = None
    next_at: datetime | None = None
    attempts: int = 0
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationPage(Record[pb.ListNotificationsResponse]):
    """A page of notifications, and the channels that the court has; without one, nothing is queued."""

    notifications: tuple[Notification, ...] = ()
    next_page_token: str = ""
    channels: tuple[NotificationChannel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationSettings(Record[pb.NotificationSettings]):
    """Where a person is told, and what of he does not want to hear; binding kinds come all the same."""

    account_id: str = ""
    email: str = ""
    declined_channels: tuple[NotificationChannel, ...] = ()
    declined_kinds: tuple[NotificationKind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationChoices(Record[pb.GetNotificationSettingsResponse]):
    """The settings of a person, and what can be chosen in this court."""

    settings: NotificationSettings | None = None
    binding_kinds: tuple[NotificationKind, ...] = ()
    channels: tuple[NotificationChannel, ...] = ()
