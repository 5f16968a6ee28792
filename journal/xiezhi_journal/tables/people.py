"""The court's people and its other books: duty, leave, outside matters, trials."""

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, Table, Text, UniqueConstraint, text

from xiezhi_journal.tables.base import Position, metadata

duty = Table(
    "duty",
    metadata,
    Column("court", Text, primary_key=True),
    Column("begins_at", BigInteger, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("ends_at", BigInteger, nullable=False, index=True),
    Column("phone", Text, nullable=False),
    Column("mobile", Text, nullable=False, comment="empty at a hub for other courts: not shared"),
    Column("deputy", Text, nullable=False),
    Column("deputy_phone", Text, nullable=False),
    comment="who can be called when (值班表)",
)

leave = Table(
    "leave",
    metadata,
    Column("leave_id", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("substitute", Text, nullable=False, index=True, comment="account; empty: none"),
    Column("first_day", Text, nullable=False, comment="ISO 8601, so that days sort"),
    Column("last_day", Text, nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("entered_by", Text, nullable=False, comment="account"),
    Column("entered_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger, nullable=False, comment="0: ends with its last day"),
)

outside_matter = Table(
    "outside_matter",
    metadata,
    Column("outside_id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("external_number", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sent", Boolean, nullable=False, comment="by the court of this node"),
    Column("other_court", Text, nullable=False),
    Column("case_number", Text, nullable=False),
    Column("subject_names", Text, nullable=False),
    Column("request_text", Text, nullable=False),
    Column("officer", Text, nullable=False, comment="account that works on it"),
    Column("officer_name", Text, nullable=False),
    Column("began_on", Text, nullable=False, comment="ISO 8601"),
    Column("due_on", Text, nullable=False, comment="ISO 8601; empty: none"),
    Column("state", Text, nullable=False, comment="as typed by hand"),
    Column("open", Boolean, nullable=False),
    Column("result", Text, nullable=False),
    Column("backfilled", Boolean, nullable=False),
    Column("ranked_from", Text, nullable=False, comment="ISO 8601; rankings leave out what is before"),
    Column("trial", Boolean, nullable=False),
    Column("registered_at", BigInteger, nullable=False),
    UniqueConstraint("channel", "external_number", "sent"),
    Index(
        "ix_outside_matter_open",
        "officer",
        sqlite_where=text("open"),
        postgresql_where=text("open"),
    ),
    comment="matters of other channels, registered by hand (node)",
)

outside_step = Table(
    "outside_step",
    metadata,
    Column("id", Position, primary_key=True),
    Column("outside_id", Text, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("happened_on", Text, nullable=False, comment="ISO 8601"),
    Column("text", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("entered_at", BigInteger, nullable=False),
    comment="what happened to them: only appended to",
)

channel_policy = Table(
    "channel_policy",
    metadata,
    Column("version", Position, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False, comment="ChannelPolicy, serialised"),
    Column("set_by", Text, nullable=False, comment="account (hub); empty on nodes"),
    Column("set_at", BigInteger, nullable=False),
)

trial_run = Table(
    "trial_run",
    metadata,
    Column("id", Position, primary_key=True),
    Column("started_at", BigInteger, nullable=False),
    Column("started_by", Text, nullable=False, comment="account"),
    Column("cleared_at", BigInteger, nullable=False, comment="0: runs"),
    Column("cleared_by", Text, nullable=False),
    Column("summary", LargeBinary, nullable=False, comment="Trial, serialised: what was cleared"),
    comment="trials of the platform (试运行) and how they ended (node)",
)
