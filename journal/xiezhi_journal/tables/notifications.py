"""What people and systems outside are told: the outbox that is its own journal, and what people want."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, text

from xiezhi_journal.tables.base import metadata

notification = Table(
    "notification",
    metadata,
    Column(
        "notification_id", Text, primary_key=True, comment="made of what, whom and how: the idempotency key"
    ),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("addressee", Text, nullable=False, comment="account:ID, duty, or hook:NAME"),
    Column("account", Text, nullable=False, comment="of the addressee; empty: nobody's"),
    Column("name", Text, nullable=False, comment="of the addressee"),
    Column("instruction", Text, nullable=False),
    Column("confidential", Boolean, nullable=False, comment="its kind: nothing of the matter is told"),
    Column("urgent", Boolean, nullable=False, comment="goes out at night too"),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False, comment="number, step, limit; nothing personal"),
    Column("content", Text, nullable=False, comment="what a webhook is told, JSON; empty: no webhook"),
    Column("queued_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, comment="after which it says nothing true any more"),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("tried_at", BigInteger, nullable=False, comment="0: not yet"),
    Column("next_at", BigInteger, nullable=False, comment="when it is tried; 0: not any more"),
    Column("address", Text, nullable=False, comment="masked; empty: not tried"),
    Column("answer", Text, nullable=False, comment="of the gateway; long numbers masked"),
    Column(
        "ends_at",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="when what it speaks of is over: no try after it, not by hand either; 0: never",
    ),
    Column(
        "over_by",
        Text,
        nullable=False,
        server_default=text("''"),
        comment="events of the matter, with blanks between, and END for its end, that make it untrue",
    ),
    Column("happened_at", BigInteger, nullable=False, server_default="0", comment="by the hub's clock"),
    Column("digest", Text, nullable=False, server_default=text("''"), comment="that counts it; empty: none"),
    Index(
        "ix_notification_waiting",
        "channel",
        "next_at",
        sqlite_where=text("next_at > 0"),
        postgresql_where=text("next_at > 0"),
    ),
    Index("ix_notification_queued", "queued_at", "notification_id"),
    Index("ix_notification_account", "account", "queued_at"),
    comment="what people and systems are told outside the platform, each once, and what became of it",
)

notification_settings = Table(
    "notification_settings",
    metadata,
    Column("account", Text, primary_key=True),
    Column("email", Text, nullable=False, comment="empty: none"),
    Column("declined_channels", Text, nullable=False, comment="with blanks between"),
    Column("declined_kinds", Text, nullable=False, comment="with blanks between"),
    comment="where a person is told, and what of he does not want to hear",
)
