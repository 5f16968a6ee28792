"""Drafts of a superior's orders."""

from sqlalchemy import BigInteger, Column, LargeBinary, Table, Text

from xiezhi_journal.tables.base import metadata

order_draft = Table(
    "order_draft",
    metadata,
    Column("draft_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="CourtOrder, serialised"),
    Column("author", Text, nullable=False, comment="account"),
    Column("author_roles", Text, nullable=False),
    Column("drafted_at", BigInteger, nullable=False),
    Column("decided_by", Text, nullable=False, comment="account; empty: not"),
    Column("decided_at", BigInteger, nullable=False, comment="0: not"),
    Column("opinion", Text, nullable=False),
    comment="a superior's orders that wait for approval, and what became of them (hub)",
)
