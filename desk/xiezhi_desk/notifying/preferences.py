"""Where a person is told, and what of he does not want to hear. Functions for the journal's `read` and `write`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.terms import NotificationChannel, NotificationKind
from xiezhi_journal.bulk import upsert_rows
from xiezhi_journal.tables import notification_settings as table

LONGEST_EMAIL: Final = 254
_EMAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
"""What mail servers take without quoting (RFC 5321); no header can be broken with it."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """The settings of one person; without any, everything is told that can be."""

    account: str
    email: str = ""
    declined_channels: frozenset[NotificationChannel] = frozenset()
    declined_kinds: frozenset[NotificationKind] = frozenset()

    def wants(self, kind: NotificationKind, channel: NotificationChannel) -> bool:
        """Say whether the person wants to hear of *kind* on *channel*, where he has the choice."""
        return kind not in self.declined_kinds and channel not in self.declined_channels


def check_email(text: str, field: str) -> str:
    """Return an e-mail address without blanks around it; empty is none.

    :raises InvalidInput: naming *field*.
    """
    email = text.strip()
    if email and (len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email)):
        raise InvalidInput.in_field(field, "电子邮件地址有误，应如 name@court.example")
    return email


def read(connection: Connection, account: str) -> Preferences:
    """Return the settings of one person."""
    return read_all(connection, [account]).get(account, Preferences(account))


def read_all(connection: Connection, accounts: Sequence[str]) -> Mapping[str, Preferences]:
    """Return the settings of those of *accounts* that have made any, by account."""
    rows = connection.execute(select(table).where(table.c.account.in_(accounts)))
    return {
        row.account: Preferences(
            row.account,
            row.email,
            frozenset(NotificationChannel(each) for each in row.declined_channels.split()),
            frozenset(NotificationKind(each) for each in row.declined_kinds.split()),
        )
        for row in rows
    }


def put(connection: Connection, preferences: Preferences) -> None:
    """Keep the settings of one person in the place of those before."""
    channels, kinds = sorted(preferences.declined_channels), sorted(preferences.declined_kinds)
    row = (preferences.account, preferences.email, " ".join(channels), " ".join(kinds))
    upsert_rows(connection, table, [row])
