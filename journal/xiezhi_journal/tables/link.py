"""The node's side of the link: cursors, what is to be proven, outbox, quarantine, returned work."""

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, SmallInteger, Table, Text, false, text

from xiezhi_journal.tables.base import Position, metadata

cursor = Table(
    "cursor",
    metadata,
    Column("lane", SmallInteger, primary_key=True, autoincrement=False),
    Column("feed_seq", BigInteger, nullable=False),
    Column("item_hash", LargeBinary, nullable=False),
)

pending = Table(
    "pending",
    metadata,
    Column("journal_position", Position, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("instruction", Text, nullable=False, index=True),
    Column(
        "dropped", Boolean, nullable=False, server_default=false(), comment="out of the view after a refusal"
    ),
    comment="own events that the hub has not ruled on: the outbox",
)

unproven = Table(
    "unproven",
    metadata,
    Column("log_index", Position, primary_key=True, autoincrement=False),
    Column("event_id", Text, nullable=False),
    Column("lane", SmallInteger, nullable=False),
    Column("feed_seq", BigInteger, nullable=False),
    Column(
        "failed",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="the hub could not prove it: never asked again",
    ),
    comment="entries that the feed has brought and of which no proof that the log has them was checked yet",
)

seen_elsewhere = Table(
    "seen_elsewhere",
    metadata,
    Column("court", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("root", Text, nullable=False, comment="base64, as the header says it"),
    Column("event_id", Text, nullable=False),
    comment="the newest checkpoint that another court has signed it saw, until it is held against the own log",
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Position, primary_key=True),
    Column("source", Text, nullable=False, comment="feed or outbox"),
    Column("event_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("record", LargeBinary, nullable=False, comment="EventRecord, serialised"),
    Column("at", BigInteger, nullable=False),
)

returned_work = Table(
    "returned_work",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("instruction", Text, nullable=False),
    Column("account", Text, nullable=False, comment="who had acted"),
    Column("reason", Text, nullable=False),
    Column("winner", Text, nullable=False, comment="event id"),
    Column("returned_at", BigInteger, nullable=False),
    Column("dismissed", Boolean, nullable=False, server_default=false()),
    Index(
        "ix_returned_work_open",
        "account",
        sqlite_where=text("NOT dismissed"),
        postgresql_where=text("NOT dismissed"),
    ),
)
