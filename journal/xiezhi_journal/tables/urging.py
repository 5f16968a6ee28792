"""Drafts of 督办, of the replies to them, and of decisions on handovers."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, Text

from xiezhi_journal.tables.base import metadata

urge_draft = Table(
    "urge_draft",
    metadata,
    Column("draft_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="UrgeOrder, serialised"),
    Column("author", Text, nullable=False, comment="account"),
    Column("author_roles", Text, nullable=False),
    Column("drafted_at", BigInteger, nullable=False),
    Column("decided_by", Text, nullable=False, comment="account; empty: not"),
    Column("decided_at", BigInteger, nullable=False, comment="0: not"),
    Column("opinion", Text, nullable=False),
    comment="督办 that wait for approval, and what became of them (hub)",
)

disposal_draft = Table(
    "disposal_draft",
    metadata,
    Column("draft_id", Text, primary_key=True),
    Column("instruction", Text, nullable=False, index=True, comment="the handover"),
    Column("state", Text, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="DecisionOrder, serialised"),
    Column("author", Text, nullable=False, comment="account"),
    Column("drafted_at", BigInteger, nullable=False),
    Column("decided_by", Text, nullable=False, comment="account; empty: not"),
    Column("decided_at", BigInteger, nullable=False, comment="0: not"),
    Column("opinion", Text, nullable=False),
    comment="decisions on handovers that wait for approval, and what became of them (hub)",
)

handed_on = Table(
    "handed_on",
    metadata,
    Column("draft_id", Text, primary_key=True),
    Column("instruction", Text, primary_key=True),
    Index("ix_handed_on_instruction", "instruction"),
    comment="which matters a draft's words and papers have become, so that an order to erase one finds them (hub)",
)

reply_draft = Table(
    "reply_draft",
    metadata,
    Column("instruction", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False, comment="UrgeReply, serialised"),
    Column("author", Text, nullable=False, comment="account"),
    Column("drafted_at", BigInteger, nullable=False),
    Column("remark", Text, nullable=False, comment="why it came back; empty: it waits"),
    comment="replies to 督办 that wait for the 执行局长 (node)",
)
