"""Matters as their histories have made them; rebuilt from events."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, text

from xiezhi_journal.tables.base import metadata

instruction = Table(
    "instruction",
    metadata,
    Column("instruction", Text, primary_key=True),
    Column("number", Text, nullable=False, index=True, comment="said on the phone"),
    Column("kind", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("receiver", Text, nullable=False),
    Column("sent", Boolean, nullable=False, comment="by the court of this node"),
    Column("state", Text, nullable=False, comment="pending events of this court included"),
    Column("open", Boolean, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("pending", Integer, nullable=False, comment="own events not ruled on"),
    Column("case_number", Text, nullable=False),
    Column("subject_names", Text, nullable=False),
    Column("officer", Text, nullable=False, comment="account of this court that works on it"),
    Column("officer_name", Text, nullable=False),
    Column("issued_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("item_count", Integer, nullable=False),
    Column("result", Text, nullable=False),
    Column("last_event", Text, nullable=False),
    Column("accepted", Text, nullable=False, comment="fold of accepted events, JSON; empty before the first"),
    Column("view", Text, nullable=False, comment="fold with pending events, JSON; empty where equal"),
    Column(
        "overlays",
        Text,
        nullable=False,
        server_default=text("''"),
        comment="what awaits an answer, such as a complaint",
    ),
    Column(
        "marks",
        Text,
        nullable=False,
        server_default=text("''"),
        comment="what overlays show beside the state, by the rulebook",
    ),
    Column(
        "appeals",
        Text,
        nullable=False,
        server_default=text("''"),
        comment="decisions of the superior that overlays wait for, by the rulebook",
    ),
    Index(
        "ix_instruction_box_open",
        "sent",
        "instruction",
        sqlite_where=text("open"),
        postgresql_where=text("open"),
    ),
    Index("ix_instruction_box", "sent", "instruction"),
    Index("ix_instruction_box_state", "sent", "state", "instruction"),
    Index("ix_instruction_kind", "kind", "sent", "instruction"),
    Index("ix_instruction_officer", "officer", "instruction"),
    Index(
        "ix_instruction_appeals",
        "instruction",
        sqlite_where=text("appeals <> ''"),
        postgresql_where=text("appeals <> ''"),
    ),
    Index(
        "ix_instruction_case_sent",
        "case_number",
        "instruction",
        sqlite_where=text("sent"),
        postgresql_where=text("sent"),
    ),
    Index("ix_instruction_due_open", "due_at", sqlite_where=text("open"), postgresql_where=text("open")),
)

tally = Table(
    "tally",
    metadata,
    Column("sender", Text, primary_key=True),
    Column("receiver", Text, primary_key=True),
    Column("state", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
    comment="matters by courts and state, kept with every ruling (hub)",
)
