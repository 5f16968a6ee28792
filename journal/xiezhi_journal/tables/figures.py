"""Bulletins and objections to them; the records that figures are counted from."""

from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, SmallInteger, Table, Text

from xiezhi_journal.tables.base import metadata

bulletin = Table(
    "bulletin",
    metadata,
    Column("bulletin_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("first_day", Text, nullable=False),
    Column("last_day", Text, nullable=False),
    Column("log_size", BigInteger, nullable=False, comment="entries of the log that its figures are of"),
    Column("content", LargeBinary, nullable=False, comment="the frozen bytes"),
    Column("drawn_up_by", Text, nullable=False, comment="account"),
    Column("drawn_up_at", BigInteger, nullable=False),
    Column("objections_until", BigInteger, nullable=False),
    Column("published_at", BigInteger, nullable=False, comment="0: not"),
    Column("event_id", Text, nullable=False, comment="that published it; empty: none"),
    comment="figures frozen at a log index (hub)",
)

data_objection = Table(
    "data_objection",
    metadata,
    Column("objection_id", Text, primary_key=True),
    Column("bulletin_id", Text, nullable=False, index=True),
    Column("court", Text, nullable=False),
    Column("indicator", Text, nullable=False, comment="empty: the whole"),
    Column("text", Text, nullable=False),
    Column("filed_at", BigInteger, nullable=False),
    Column("upheld", Boolean, nullable=False),
    Column("answer", Text, nullable=False, comment="empty: not answered"),
    Column("answered_by", Text, nullable=False, comment="account"),
    Column("answered_at", BigInteger, nullable=False, comment="0: not"),
    comment="what courts say against drafts of bulletins (hub)",
)

figure_record = Table(
    "figure_record",
    metadata,
    Column("instruction", Text, primary_key=True),
    Column(
        "judged_by", LargeBinary, nullable=False, comment="hash of all that it is judged by but its events"
    ),
    Column(
        "mark", BigInteger, nullable=False, comment="log entries (hub) or changes (node) that it is made of"
    ),
    Column("last_index", BigInteger, nullable=False, comment="of the last event in it"),
    Column("content", Text, nullable=False, comment="MatterRecord, JSON; empty: no figure counts the matter"),
    comment="what each matter adds to figures; follows the log, rebuilt from events",
)

figure_cursor = Table(
    "figure_cursor",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False, comment="always 1"),
    Column("judged_by", LargeBinary, nullable=False, comment="as in the records"),
    Column("mark", BigInteger, nullable=False, comment="up to which every matter has its record"),
)
