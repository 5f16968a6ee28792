"""Deadlines, firings, notices, outages and calendars."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text, text

from xiezhi_journal.tables.base import Position, metadata

deadline = Table(
    "deadline",
    metadata,
    Column("instruction", Text, primary_key=True),
    Column("clock", Text, primary_key=True, comment="limit of the rulebook"),
    Column("round", Integer, primary_key=True, comment="how often it was started"),
    Column("kind", Text, nullable=False, comment="of the matter"),
    Column("owner", Text, nullable=False, comment="court that is charged"),
    Column("started_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("ended_at", BigInteger, nullable=False, comment="0: open"),
    Column("verdict", Text, nullable=False, comment="empty: nothing met it"),
    Column("provisional", Boolean, nullable=False),
    Column("pauses", Text, nullable=False, comment="JSON: [[start, end], …]"),
    Column("next_at", BigInteger, nullable=False, comment="when the scheduler has to look (hub)"),
    Index(
        "ix_deadline_owner_open", "owner", "due_at", sqlite_where=text("open"), postgresql_where=text("open")
    ),
    Index("ix_deadline_next_open", "next_at", sqlite_where=text("open"), postgresql_where=text("open")),
    comment="projection: deadlines as the accepted history has made them (hub)",
    sqlite_with_rowid=False,
)

firing = Table(
    "firing",
    metadata,
    Column("instruction", Text, primary_key=True),
    Column("clock", Text, primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("due_at", BigInteger, primary_key=True, comment="a deadline that has moved is warned of again"),
    Column("step", Text, primary_key=True, comment="of the rules"),
    Column("rung", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("planned_at", BigInteger, nullable=False),
    Column("fired_at", BigInteger, nullable=False),
    Column("automatic", Boolean, nullable=False, comment="else a proposal that people decide on"),
    Column("rules", Integer, nullable=False, comment="version of the rules"),
    Column("decided_at", BigInteger, nullable=False, comment="0: not yet"),
    Column("decision", Text, nullable=False, comment="empty: not yet"),
    Column("account", Text, nullable=False),
    Index(
        "ix_firing_proposed",
        "owner",
        "fired_at",
        sqlite_where=text("NOT automatic AND decided_at = 0"),
        postgresql_where=text("NOT automatic AND decided_at = 0"),
    ),
    comment="rungs of the supervisor's ladder that were climbed, each once (hub)",
    sqlite_with_rowid=False,
)

notice = Table(
    "notice",
    metadata,
    Column("id", Position, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("court", Text, nullable=False),
    Column("roles", Text, nullable=False, comment="identifiers, blank-separated"),
    Column("instruction", Text, nullable=False),
    Column("clock", Text, nullable=False),
    Column("rung", Text, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("text", Text, nullable=False, comment="number, step, limit; nothing personal"),
    Index("ix_notice_court", "court", "id"),
    comment="what a court is told about its deadlines (hub)",
)

escalation_rules = Table(
    "escalation_rules",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False, comment="TOML"),
    Column("at", BigInteger, nullable=False),
    Column("account", Text, nullable=False),
    comment="versions of the supervisor's ladder; the last one is in force (hub)",
)

outage = Table(
    "outage",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("court", Text, nullable=False, index=True),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    comment="通信故障 recorded by the hub's command centre",
)

link_gap = Table(
    "link_gap",
    metadata,
    Column("court", Text, primary_key=True),
    Column("started_at", BigInteger, primary_key=True),
    Column("ended_at", BigInteger, nullable=False),
    comment="when a court's node was not connected (hub)",
)

calendar = Table(
    "calendar",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("published_at", BigInteger, nullable=False),
    Column("event_id", Text, nullable=False),
    comment="working calendars; the one published last is in force",
)

moved_deadline = Table(
    "moved_deadline",
    metadata,
    Column("event_id", Text, primary_key=True, comment="that moved it"),
    Column("instruction", Text, primary_key=True),
    Column("clock", Text, primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("due_before", BigInteger, nullable=False),
    Column("due_after", BigInteger, nullable=False),
    comment="deadlines that a calendar or an outage has moved (hub)",
)
