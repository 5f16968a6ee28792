"""Making notifications of an occasion: one for each addressee and channel, with a key that never changes."""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from xiezhi_desk.notifying import store
from xiezhi_desk.notifying.addressees import Addressee, Staff, hook, people_of, read_staff
from xiezhi_desk.notifying.occasion import Occasion
from xiezhi_desk.notifying.rules import Rules
from xiezhi_desk.notifying.schedule import GIVE_UP_MS, STALE_MS
from xiezhi_desk.notifying.store import Stored
from xiezhi_desk.notifying.wording import Wording
from xiezhi_domain.terms import NotificationChannel, NotificationKind

_NAMESPACE: Final = uuid.UUID("5b7c2d3e-6a1f-5f0e-9d41-0c7e4b8a2f60")
"""Of the ids of notifications (RFC 9562, version 5); never changed."""


@dataclass(frozen=True, slots=True)
class Queueing:
    """What a court tells, how, and to which webhooks: each by name with the kinds that it wants, none for all."""

    court: str
    rules: Rules
    wording: Wording
    channels: frozenset[NotificationChannel]
    hooks: Mapping[str, frozenset[NotificationKind]]

    def queue(self, connection: Connection, occasions: Sequence[Occasion], now: int) -> int:
        """Queue what *occasions* make; returns how many are new. What is long past is not told any more."""
        fresh = [each for each in occasions if each.at > now - STALE_MS]
        if not fresh:
            return 0
        staff = read_staff(connection, self.court, now)
        made = [each for occasion in fresh for each in self._notifications(staff, occasion, now)]
        return store.add(connection, made)

    def _notifications(self, staff: Staff, occasion: Occasion, now: int) -> Iterator[Stored]:
        if occasion.expires_at and occasion.expires_at <= now:
            return
        for channel in NotificationChannel:
            if channel in self.channels and channel in occasion.rule.channels:
                for addressee in self._addressees(staff, occasion, channel):
                    yield self._one(occasion, channel, addressee, now)

    def _addressees(
        self, staff: Staff, occasion: Occasion, channel: NotificationChannel
    ) -> Sequence[Addressee]:
        if channel is not NotificationChannel.WEBHOOK:
            return people_of(staff, occasion, channel)
        kind = occasion.facts.kind
        return [hook(name) for name, kinds in self.hooks.items() if not kinds or kind in kinds]

    def _one(
        self, occasion: Occasion, channel: NotificationChannel, addressee: Addressee, now: int
    ) -> Stored:
        facts = occasion.facts
        key = f"{self.court}/{occasion.key}/{facts.kind}/{channel}/{addressee.key}"
        identifier, told = str(uuid.uuid5(_NAMESPACE, key)), self.wording.tell(facts, channel)
        content = ""
        if channel is NotificationChannel.WEBHOOK:
            body = facts.for_webhook(identifier, self.court, occasion.at, told.text)
            content = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return Stored(
            notification_id=identifier,
            kind=facts.kind,
            channel=channel,
            addressee=addressee.key,
            account=addressee.account,
            name=addressee.name,
            instruction=facts.instruction,
            confidential=facts.confidential,
            urgent=facts.urgent,
            subject=told.subject,
            text=told.text,
            content=content,
            queued_at=now,
            expires_at=min(occasion.expires_at or now + GIVE_UP_MS, now + GIVE_UP_MS),
            next_at=now,
            ends_at=occasion.expires_at,
            over_by=" ".join(sorted(occasion.over_by)),
            happened_at=occasion.at,
        )
