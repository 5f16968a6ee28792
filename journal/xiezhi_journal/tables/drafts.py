"""What stays inside a court: drafts, case files, serial numbers."""

from sqlalchemy import BigInteger, Column, LargeBinary, Table, Text, text

from xiezhi_journal.tables.base import Position, metadata

draft = Table(
    "draft",
    metadata,
    Column("instruction", Text, primary_key=True),
    Column("author", Text, nullable=False, comment="account"),
    Column("order", LargeBinary, nullable=False, comment="the order of its kind, serialised"),
    Column("approval", LargeBinary, nullable=False, comment="ApprovalRecord so far, serialised"),
    Column("remark", Text, nullable=False, comment="why it came back"),
    Column(
        "rulebook",
        Text,
        nullable=False,
        server_default=text("''"),
        comment="hash, under which it was checked last",
    ),
)

draft_step = Table(
    "draft_step",
    metadata,
    Column("id", Position, primary_key=True),
    Column("instruction", Text, nullable=False, index=True),
    Column("action", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("remark", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

case_file = Table(
    "case_file",
    metadata,
    Column("case_number", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False, comment="Case, serialised"),
    Column("cause", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("judge", Text, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column(
        "judge_account",
        Text,
        nullable=False,
        server_default=text("''"),
        comment="whom the name means; empty: not settled",
    ),
    Column("clerk_account", Text, nullable=False, server_default=text("''"), comment="likewise"),
)

serial = Table(
    "serial",
    metadata,
    Column("series", Text, primary_key=True, comment="word and year of matter numbers"),
    Column("last", BigInteger, nullable=False),
)
