"""Cases and their source: changes, choices, feedback, related cases."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text, false, text

from xiezhi_journal.tables.base import Position, metadata

case_change = Table(
    "case_change",
    metadata,
    Column("change_id", Text, primary_key=True),
    Column("case_number", Text, nullable=False, index=True),
    Column("change", Text, nullable=False),
    Column("court", Text, nullable=False, comment="that has the case from now on; empty: none"),
    Column("text", Text, nullable=False),
    Column("happened_at", BigInteger, nullable=False),
    Column("learned_at", BigInteger, nullable=False, index=True),
    comment="what became of cases (node)",
)

case_choice = Table(
    "case_choice",
    metadata,
    Column("change_id", Text, primary_key=True),
    Column("instruction", Text, primary_key=True),
    Column("choice", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    comment="what staff want done with an open matter after a change of its case (node)",
)

case_feedback = Table(
    "case_feedback",
    metadata,
    Column("event_id", Text, primary_key=True, comment="of the result"),
    Column("instruction", Text, nullable=False),
    Column("case_number", Text, nullable=False),
    Column("position", BigInteger, nullable=False, comment="of the event"),
    Column("next_at", BigInteger, nullable=False, comment="when it is tried next"),
    Column("failures", Integer, nullable=False),
    Column("problem", Text, nullable=False),
    Column("sent_at", BigInteger, nullable=False, comment="0: not yet"),
    Index(
        "ix_case_feedback_waiting",
        "next_at",
        sqlite_where=text("sent_at = 0"),
        postgresql_where=text("sent_at = 0"),
    ),
    comment="results on their way into the case system: an outbox (node)",
)

follower = Table(
    "follower",
    metadata,
    Column("name", Text, primary_key=True),
    Column("place", Text, nullable=False),
    comment="how far a task has followed what it follows (node)",
)

open_case = Table(
    "open_case",
    metadata,
    Column("court", Text, primary_key=True),
    Column("case_number", Text, primary_key=True),
    Column("officer", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("key_id", Text, nullable=False, comment="of the key that made its marks"),
    Column("round", Text, nullable=False, comment="of publishing (hub)"),
)

party_mark = Table(
    "party_mark",
    metadata,
    Column("mark", LargeBinary, primary_key=True, comment="keyed hash of a party's identity"),
    Column("court", Text, primary_key=True),
    Column("case_number", Text, primary_key=True),
    Column(
        "debtor", Boolean, nullable=False, server_default=false(), comment="of the one against whom it is"
    ),
    Index("ix_party_mark_case", "court", "case_number"),
    sqlite_with_rowid=False,
)

related_query = Table(
    "related_query",
    metadata,
    Column("id", Position, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("court", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("case_number", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("answers", Integer, nullable=False),
    Index("ix_related_query_asker", "court", "account", "at"),
    comment="who asked for related cases (hub)",
)
