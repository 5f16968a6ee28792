"""Bulletins and objections to them."""

from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, Table, Text

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
