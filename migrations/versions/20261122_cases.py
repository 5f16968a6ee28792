"""Cases: changes, choices, results on their way back, marks of open cases and questions for related ones.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002_cases"
down_revision = "0001"
branch_labels = None
depends_on = None

# A key column that is INTEGER on SQLite is the row's address there.
Position = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _changes()
    _feedback()
    _related_cases()


def _changes() -> None:
    op.create_table(
        "case_change",
        sa.Column("change_id", sa.Text(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("court", sa.Text(), nullable=False, comment="that has the case from now on; empty: none"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("learned_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("change_id"),
        comment="what became of cases (node)",
    )
    op.create_index(op.f("ix_case_change_case_number"), "case_change", ["case_number"], unique=False)
    op.create_index(op.f("ix_case_change_learned_at"), "case_change", ["learned_at"], unique=False)
    op.create_table(
        "case_choice",
        sa.Column("change_id", sa.Text(), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("change_id", "instruction"),
        comment="what staff want done with an open matter after a change of its case (node)",
    )


def _feedback() -> None:
    op.create_table(
        "case_feedback",
        sa.Column("event_id", sa.Text(), nullable=False, comment="of the result"),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="of the event"),
        sa.Column("next_at", sa.BigInteger(), nullable=False, comment="when it is tried next"),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False, comment="0: not yet"),
        sa.PrimaryKeyConstraint("event_id"),
        comment="results on their way into the case system: an outbox (node)",
    )
    op.create_index(
        "ix_case_feedback_waiting",
        "case_feedback",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("sent_at = 0"),
        postgresql_where=sa.text("sent_at = 0"),
    )
    op.create_table(
        "follower",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        comment="how far a task has followed what it follows (node)",
    )


def _related_cases() -> None:
    op.create_table(
        "open_case",
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False, comment="of the key that made its marks"),
        sa.Column("round", sa.Text(), nullable=False, comment="of publishing (hub)"),
        sa.PrimaryKeyConstraint("court", "case_number"),
    )
    op.create_table(
        "party_mark",
        sa.Column("mark", sa.LargeBinary(), nullable=False, comment="keyed hash of a party's identity"),
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mark", "court", "case_number"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_party_mark_case", "party_mark", ["court", "case_number"], unique=False)
    op.create_table(
        "related_query",
        sa.Column("id", Position, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        comment="who asked for related cases (hub)",
    )
    op.create_index("ix_related_query_asker", "related_query", ["court", "account", "at"], unique=False)
